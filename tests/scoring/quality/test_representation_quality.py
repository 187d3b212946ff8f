"""All measures of a representation together: perfect, by chance, with artists, and where undefined."""

import json

import numpy as np
import pytest

from core.errors import ConfigError
from core.scoring.metric_specs import REPRESENTATION
from core.scoring.quality.representation_quality import KNN, evaluate_representation

NEEDS_LABELS = (*KNN, "linear_probe")


def blobs(n=90, n_labels=3, distance=20.0, d=6, seed=0):
    rng = np.random.default_rng(seed)
    classes = np.arange(n) % n_labels
    X = distance * rng.standard_normal((n_labels, d))[classes] + rng.standard_normal((n, d))
    return X, [f"genre {c}" for c in classes]


def test_separate_labels_score_1_and_shuffled_ones_chance():
    X, labels = blobs()
    found = evaluate_representation(X, labels)
    for name in NEEDS_LABELS:
        assert found[name] == 1 and found["intervals"][name] == [1, 1]
        assert found["control"][name] == pytest.approx(1 / 3, abs=0.1)
    assert found["notes"] == {} and (found["n_probed"], found["n_labels"], found["n_copies"]) == (90, 3, 0)
    assert found == json.loads(json.dumps(found)) == evaluate_representation(X, labels)


def test_labels_without_relation_score_as_their_control():
    X, labels = blobs(300, 2)
    shuffled = np.random.default_rng(1).permutation(labels).tolist()
    found = evaluate_representation(X, shuffled)
    for name in NEEDS_LABELS:
        assert found[name] == pytest.approx(0.5, abs=0.1)
        assert found["control"][name] == pytest.approx(0.5, abs=0.06)
        low, high = found["intervals"][name]
        assert low < found[name] < high and 0.02 < high - low < 0.2


def test_a_probe_that_knows_the_artist_is_no_probe_of_the_genre():
    rng = np.random.default_rng(0)
    artist = np.arange(200) % 20
    X = 10 * rng.standard_normal((20, 30))[artist] + rng.standard_normal((200, 30))
    labels = [f"genre {a % 2}" for a in artist]  # artists sound alike, genres don't
    assert evaluate_representation(X, labels)["linear_probe"] > 0.95  # the control: artists are unknown
    found = evaluate_representation(X, labels, [f"artist {a}" for a in artist])
    assert found["linear_probe"] < 0.75 and found["n_artists"] == 20


def test_copies_of_a_track_are_in_one_fold():
    rng = np.random.default_rng(0)
    X = np.repeat(rng.standard_normal((40, 50)), 3, axis=0)
    labels = np.repeat(rng.permutation(["a", "b"] * 20), 3).tolist()
    apart = evaluate_representation(X + 1e-3 * rng.standard_normal(X.shape), labels)
    assert apart["linear_probe"] > 0.95  # the control: nearly the same vector is in other folds
    found = evaluate_representation(X, labels)
    assert found["linear_probe"] < 0.75 and found["n_copies"] == 120 and apart["n_copies"] == 0


def test_what_needs_labels_is_null_without_them():
    X, labels = blobs()
    for truth, reason in ((None, "unlabelled"), ([""] * 90, "unlabelled"), (["rock"] * 90, "one_label")):
        found = evaluate_representation(X, truth)
        for name in NEEDS_LABELS:
            assert found[name] is found["intervals"][name] is found["control"][name] is None
            assert found["notes"][name] == {"reason": reason}
        assert found["hubness"] == evaluate_representation(X, labels)["hubness"] is not None
        assert found["effective_rank"] > 1


def test_unlabelled_tracks_are_left_out():
    X, labels = blobs()
    far = np.concatenate([X, np.random.default_rng(1).standard_normal((30, 6)) * 20])
    found = evaluate_representation(far, labels + [None] * 30)
    assert (found["n_tracks"], found["n_labelled"]) == (120, 90)
    assert [found[name] for name in NEEDS_LABELS] == [1, 1, 1]


def test_rare_labels_are_left_out_of_the_probe():
    X, labels = blobs()
    some = evaluate_representation(X, ["rare"] * 4 + labels[4:])
    assert (some["n_labels"], some["n_labels_left_out"], some["n_probed"]) == (3, 1, 86)
    found = evaluate_representation(X, labels, labels)  # an artist per genre: nobody else can stand for it
    assert found["linear_probe"] is None and found["notes"] == {"linear_probe": {"reason": "rare_labels"}}
    assert found["knn_5"] == 1


def test_a_few_tracks_have_no_hubness():
    found = evaluate_representation(np.arange(11.0)[:, None], list("aabbbaabbba"))
    assert found["hubness"] is None and found["notes"]["hubness"] == {"reason": "few_tracks"}
    assert evaluate_representation(np.zeros((2, 3)), ["a", "b"])["knn_5"] == 0


def test_many_tracks_are_scored_on_a_sample(monkeypatch):
    X, labels = blobs(400, distance=1)
    whole = evaluate_representation(X, labels)
    for module in ("representation_metrics", "representation_quality"):
        monkeypatch.setattr(f"core.scoring.quality.{module}.SAMPLE_SIZE", 300)
    monkeypatch.setattr("core.scoring.quality.representation_quality.PROBE_SAMPLE", 200)
    found = evaluate_representation(X, labels)
    counts = ("n_tracks", "n_scored", "n_labelled", "n_probed")
    assert [found[name] for name in counts] == [400, 300, 300, 200]
    assert all(found[name] == pytest.approx(whole[name], abs=0.12) for name in NEEDS_LABELS)


def test_every_measure_has_a_title_and_a_value():
    found = evaluate_representation(*blobs())
    assert set(REPRESENTATION) == set(found["intervals"]) == set(found["control"]) <= set(found)


@pytest.mark.parametrize(
    ("X", "labels", "artists", "said"),
    [
        (np.zeros(3), None, None, "shape"),
        (np.full((3, 2), np.nan), None, None, "NaN"),
        (np.zeros((3, 2)), ["a"], None, "3 tracks but 1 labels"),
        (np.zeros((3, 2)), ["a"] * 3, ["x"], "3 tracks but 1 artists"),
    ],
)
def test_wrong_input_is_refused(X, labels, artists, said):
    with pytest.raises(ConfigError, match=said):
        evaluate_representation(X, labels, artists)
