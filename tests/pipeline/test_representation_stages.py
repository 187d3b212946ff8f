"""What is computed once per representation: its quality, its rank, and what the data suggest."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core import store
from core.pipeline.space import build_space
from core.pipeline.stages import (
    rank_representations,
    score_representation,
    suggest_settings,
)
from core.representation.vectors import Representation
from tests.pipeline.small_space import AUDIO, BOTH, GROUP, N, make


def test_what_the_data_suggest_is_found_once_per_representation(monkeypatch):
    choice = replace(AUDIO, cluster="dbscan")
    suggested = suggest_settings(build_space(make(), choice), choice)
    assert list(suggested) == ["eps"] and suggested["eps"] > 0
    with store.cached_only():
        assert suggest_settings(build_space(make(), choice), choice) == suggested
    with pytest.raises(store.NotCached), store.cached_only():
        suggest_settings(build_space(make(), choice), replace(choice, settings=(("min_samples", 9),)))


def test_the_same_collection_is_not_hashed_again(monkeypatch):
    collection = make()
    key = build_space(collection, BOTH).key
    hashed = []
    monkeypatch.setattr(
        pd.util,
        "hash_pandas_object",
        lambda *a, **k: hashed.append(1) or pytest.fail("the table is hashed again"),
    )
    monkeypatch.setattr(
        "core.collection.collection.choose_texts", lambda *a: pytest.fail("texts are chosen again")
    )
    assert build_space(collection, BOTH).key == key


def test_a_representation_is_scored_once_per_labels_artists_and_seed(monkeypatch):
    from core.scoring.quality import representation_quality

    collection, calls = make(), []
    evaluate = representation_quality.evaluate_representation

    def count(*args, **options):
        calls.append(args)
        return evaluate(*args, **options)

    monkeypatch.setattr("core.pipeline.stages.source_hash", lambda *_: "code")
    monkeypatch.setattr(representation_quality, "evaluate_representation", count)
    space = build_space(collection, AUDIO)
    found = score_representation(collection, space)
    assert found == score_representation(collection, space) and len(calls) == 1
    assert found["knn_5"] == found["linear_probe"] == 1
    assert score_representation(make(labels=""), space)["knn_5"] is None and len(calls) == 2
    artists = make()
    artists.tracks["artist"] = np.where(GROUP == 0, "One ", "one")
    by_artist = score_representation(artists, space)
    assert len(calls) == 3 and by_artist["n_artists"] == 1 and by_artist["linear_probe"] is None
    score_representation(collection, space, seed=1)
    assert len(calls) == 4


def test_latents_are_ranked_as_they_are_and_features_by_standardised_columns(monkeypatch):
    rng = np.random.default_rng(0)
    X = (rng.standard_normal((N, 9)) * [100, *[1] * 8]).astype(np.float32)
    found = []
    for may_standardise in (True, False):
        part = Representation(X, np.ones(N, bool), "key", "any", may_standardise=may_standardise)
        monkeypatch.setattr("core.pipeline.space.represent", lambda *_, part=part, **__: part)
        found.append(rank_representations(make(), AUDIO)["audio"])
    features, latents = found
    assert features["name"] == "table" and features["effective_rank"] > 7 and not features["is_collapsed"]
    assert latents["effective_rank"] < 1.1 and latents["is_collapsed"] and latents["n_dimensions"] == 9
