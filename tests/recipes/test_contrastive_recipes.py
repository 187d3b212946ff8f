"""Few labels and retrieval: splits, samples and ranks by hand, and both recipes on a small collection."""

import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.collection.sampling import take_rows
from core.collection.saved import save
from core.errors import ConfigError
from core.recipes.contrastive.audio_text_retrieval import measures
from core.recipes.contrastive.label_samples import macro_f1, sample_rows, split_rows
from core.recipes.run import run_recipe
from core.scoring.ranking import ranks_of
from tests.pipeline.small_space import GROUP, N, make

FAST = {"reads": "table+passages", "epochs": "3", "seeds": "2"}


def test_pretraining_classifier_and_test_share_no_track_and_have_every_label():
    labels = list("aabbccddee" * 6) + [""] * 5
    parts = split_rows(labels, 0.2, seed=0)
    assert sorted(np.concatenate(parts)) == list(range(60))  # unlabelled tracks are in none
    assert all(set(np.array(labels)[rows]) == set("abcde") for rows in parts)
    assert [len(part) for part in parts] == [30, 25, 5]
    assert not np.array_equal(parts[2], split_rows(labels, 0.2, seed=1)[2])


def test_samples_are_stratified_and_grow():
    labels = list("aaaaaaaabb")
    rows = np.arange(10)
    assert [labels[row] for row in sample_rows(labels, rows, 4, seed=0)].count("b") == 2
    assert len(sample_rows(labels, rows, 10, seed=0)) == 10
    assert set(sample_rows(labels, rows, 4, seed=0)) <= set(sample_rows(labels, rows, 6, seed=0))


def test_macro_f1_by_hand():
    assert macro_f1(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1])) == pytest.approx((0.8 + 2 / 3) / 2)
    assert macro_f1(np.array([0, 1]), np.array([0, 0])) == pytest.approx((2 / 3 + 0) / 2)


def test_ranks_count_equal_targets_as_own_and_ties_as_worse():
    similarity = np.array([[0.9, 0.5, 0.1], [0.4, 0.4, 0.1], [0.3, 0.2, 0.1]])
    assert (1 + ranks_of(similarity, np.eye(3, dtype=bool))).tolist() == [1, 2, 3]
    same = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], bool)
    assert (1 + ranks_of(similarity, same)).tolist() == [1, 1, 3]
    found = measures(np.array([1, 4, 11]) - 1)
    assert found["recall_5"].tolist() == [1, 1, 0] and found["map_10"].tolist() == [1, 0.25, 0]


def test_a_part_of_a_collection_keeps_its_rows():
    part = take_rows(make(), np.array([3, 5]))
    assert part.labels() == [make().labels()[3], make().labels()[5]] and len(part.table) == 2
    assert isinstance(part, Collection) and isinstance(part.table, pd.DataFrame)


@pytest.mark.slow
def test_few_shot_learns_from_labels_and_shuffled_ones_are_the_control():
    save(make())
    given = FAST | {"objectives": "scl", "counts": "9,18", "pretraining_epochs": "3", "epochs": "20"}
    given |= {"test_share": "0.4"}
    run = run_recipe("few-shot", "made", given)
    rows = {row["name"]: row["cells"] for row in run["tables"][0]["rows"]}
    assert set(rows) == {"No pretraining", "SCL"} and set(rows["SCL"]) == {"9", "18"}
    assert rows["No pretraining"]["18"]["value"] > 0.8 > 0.5 > rows["No pretraining"]["18"]["control"]
    assert run["figures"][0]["log_x"] and run["claims"][0]["key"] == "pretraining-helps-few"
    with pytest.raises(ConfigError, match="the smallest count is 48"):
        run_recipe("few-shot", "made", FAST | {"test_share": "0.4"})


@pytest.mark.slow
def test_retrieval_finds_groups_by_their_words():
    texts = [f"{word} song number {i}" for i, word in enumerate(np.array(["rain", "drum", "gold"])[GROUP])]
    save(make(texts=texts))
    run = run_recipe("retrieval", "made", FAST | {"epochs": "60"})
    rows = {row["name"]: row["cells"] for row in run["tables"][0]["rows"]}
    assert run["tables"][0]["rows"][0]["n"] == round(N * 0.2)
    for cells in rows.values():  # a third of the tracks have the same group
        assert cells["median_rank"]["value"] < cells["median_rank"]["control"]
        assert (
            cells["recall_1"]["interval"][0] <= cells["recall_1"]["value"] <= cells["recall_1"]["interval"][1]
        )
    assert [table["key"] for table in run["tables"]] == ["retrieval", "zero-shot"]
