"""Groups of versions in a collection, and pairs that the user rejected."""

import numpy as np
import pandas as pd
import pytest

from core import store
from core.collection import Collection
from core.collection.saved import save
from core.messages.version_messages import describe_effect, describe_pair, describe_versions
from core.search.versions import count_known_versions, find_versions, reject, restore


@pytest.fixture
def collection():
    """Forty tracks by numeric features; three are copies of the first, one of the second."""
    rng = np.random.default_rng(0)
    X, durations = rng.standard_normal((36, 6)), rng.uniform(60, 300, 36)
    copies = [0, 0, 0, 1]
    X = np.concatenate([X, X[copies] + 0.001 * rng.standard_normal((4, 6))])
    tracks = pd.DataFrame(
        {
            "track_id": [f"{i:032x}" for i in range(40)],
            "title": [f"row {i}" for i in range(40)],
            "title_from": "row",
            "duration_s": np.concatenate([durations, durations[copies]]),
        }
    )
    made = Collection("c", tracks, pd.DataFrame(X, columns=list("abcdef")), info={"kind": "table"})
    save(made)
    return made


def groups_of(result):
    return [sorted(int(track, 16) for track in group["tracks"]) for group in result["groups"]]


def test_groups_have_all_their_pairs_and_counts(collection):
    result = find_versions(collection)
    assert sorted(groups_of(result)) == [[0, 36, 37, 38], [1, 39]]
    assert result["representation"] == "table" and result["n_versions"] == 6 and result["n_compared"] == 40
    assert sorted(len(group["pairs"]) for group in result["groups"]) == [1, 6]
    pair = result["groups"][0]["pairs"][0]
    assert {"first", "second", "kind", "rank", "by_chance", "duration_ratio"} <= set(pair)
    assert "same recording: " in describe_pair(pair) and "titles" not in describe_pair(pair)
    assert describe_versions(result).startswith("6 tracks in 2 groups of versions among 40 tracks")


def test_a_rejected_group_disappears_is_kept_and_comes_back(collection):
    before = find_versions(collection)
    one = next(group for group in before["groups"] if len(group["tracks"]) == 2)
    reject(one["pairs"])
    after = find_versions(collection)
    assert groups_of(after) == [[0, 36, 37, 38]] and after["n_versions"] == 4
    assert [pair["first"] for pair in after["rejected"]] == [one["pairs"][0]["first"]]
    assert "versions" in store.OWNED and "versions" not in store.DERIVED
    store.clear_derived()
    assert groups_of(find_versions(collection)) == groups_of(after)
    other = {"first": one["pairs"][0]["second"], "second": one["pairs"][0]["first"]}
    restore([other])  # whatever the order
    assert find_versions(collection) == before


def test_versions_are_counted_beside_scores_only_from_stored_features(collection, tmp_path):
    assert count_known_versions(collection) is None  # it has no audio
    tracks = collection.tracks.assign(path=str(tmp_path / "missing.wav"))
    assert count_known_versions(Collection("c", tracks)) is None  # MusiCNN would have to read audio
    assert describe_effect(2).startswith("2 tracks are versions of another one, by MusiCNN")


def test_few_tracks_have_no_versions(collection):
    few = Collection("few", collection.tracks.iloc[:5], collection.table.iloc[:5])
    result = find_versions(few)
    assert result["groups"] == [] and describe_versions(result).startswith("No versions of one recording")
