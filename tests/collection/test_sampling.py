"""Samples of n tracks per label."""

import numpy as np
import pandas as pd
import pytest

from core import collection as collections
from core.collection.sampling import sample_rows
from core.errors import CollectionError


@pytest.fixture
def tracks():
    labels = ["rock"] * 50 + ["jazz"] * 20 + ["raga"] * 3 + [""] * 10
    return pd.DataFrame({"track_id": [f"{i:032x}" for i in range(83)], "label": labels})


def test_a_sample_is_balanced_and_the_same_in_any_order(tracks):
    rows = sample_rows(tracks, 5)
    assert tracks["label"].iloc[rows].value_counts().to_dict() == {"rock": 5, "jazz": 5, "raga": 3}
    assert (np.diff(rows) > 0).all()
    mixed = tracks.sample(frac=1, random_state=1).reset_index(drop=True)
    again = mixed["track_id"].iloc[sample_rows(mixed, 5)]
    assert set(again) == set(tracks["track_id"].iloc[rows])
    assert set(sample_rows(tracks, 5, seed=1)) != set(rows)
    assert set(rows) <= set(sample_rows(tracks, 8))


def test_without_labels_it_is_of_all_tracks(tracks):
    assert len(sample_rows(tracks.assign(label=""), 7)) == 7
    with pytest.raises(CollectionError, match="sample=0 must be 1 or more"):
        sample_rows(tracks, 0)


def test_a_sampled_collection_stays_one_when_it_is_read_again(tmp_path):
    frame = pd.DataFrame({"label": list("aab") * 10, "x": np.random.default_rng(0).normal(size=30)})
    frame.to_csv(tmp_path / "t.csv", index=False)
    first = collections.add(tmp_path / "t.csv", "t", sample=4)
    assert first.n_tracks == len(first.table) == 8
    assert first.info["labels"]["n_labelled"] == 8 and first.info["sample"]["n_before"] == 30
    values = dict(zip(frame.index + 1, frame["x"]))
    assert [values[row] for row in first.tracks["row"]] == pytest.approx(list(first.table["x"]))
    again = collections.add(tmp_path / "t.csv", "t")
    assert list(again.tracks["track_id"]) == list(first.tracks["track_id"])
