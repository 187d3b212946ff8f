"""Benchmark of retrieval: ranks, permuted texts, and the tracks that a checkpoint names as held out."""

import numpy as np
import pandas as pd
import pytest

from core.bench import retrieval
from core.collection import Collection
from core.scoring.ranking import ranks_of, same_rows


def test_ranks_count_the_texts_before_the_own_text():
    similarity = np.array([[0.9, 0.1, 0.5], [0.8, 0.3, 0.5], [0.2, 0.7, 0.6]])
    assert list(ranks_of(similarity, np.eye(3, dtype=bool))) == [0, 2, 1]
    alike = np.array([[1, 0, 0], [0, 1, 1], [0, 1, 1]], bool)  # the last two have equal texts
    assert list(ranks_of(similarity, alike)) == [0, 1, 0]


def test_latents_that_agree_are_found_and_others_are_not():
    rng = np.random.default_rng(0)
    Z = rng.normal(size=(40, 8))
    other, same = rng.normal(size=(40, 8)), same_rows(np.arange(40)[:, None])
    control = retrieval.evaluate_retrieval(Z, other, same)
    assert control["recall_at_1"] <= 0.1 and control["p_value"] > 0.05
    found = retrieval.evaluate_retrieval(Z, 3 * Z, same)
    assert found["recall_at_1"] == found["recall_at_10"] == 1 and found["p_value"] == 0.001
    assert found["recall_at_1_shuffled"] == pytest.approx(found["chance_at_1"], abs=0.005)
    assert found["recall_at_10_shuffled"] == pytest.approx(0.25, abs=0.01)


def test_held_out_tracks_are_those_that_the_header_lists():
    demo = Collection("demo", pd.DataFrame({"track_id": list("abcd")}))
    assert list(retrieval.held_out_rows(demo, {"collection": {"held_out": ["d", "b"]}})) == [1, 3]
