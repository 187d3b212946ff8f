import json
import math

import numpy as np
import pytest
import sklearn.metrics as reference

from core.errors import ConfigError
from core.scoring.multilabel import SCORES, THRESHOLD, average_precision, evaluate, example_scores

rng = np.random.default_rng(0)
# Three tracks, three classes; sets {0, 1}, {2}, {0} against {0}, {1, 2}, {1}.
TRUTH = np.array([[1, 1, 0], [0, 0, 1], [1, 0, 0]], bool)
FOUND = np.array([[0.9, 0.1, 0.1], [0.0, 0.6, 0.5], [0.1, 0.3, 0.0]])


def some(n=60, c=7, ties=False):
    """Truth of which every track and class has some, and probabilities that know a little of it."""
    truth = rng.random((n, c)) < 0.3
    truth[np.arange(n), np.arange(n) % c] = True
    z = np.clip(rng.random((n, c)) * 0.7 + 0.3 * truth * rng.random((n, c)), 0, 1)
    return truth, np.round(z, 1) if ties else z


def test_the_threshold_is_the_published_one_and_strict():
    assert abs(THRESHOLD - 0.18242552) < 1e-8
    truth = np.array([[True, False]])
    assert evaluate(truth, np.array([[THRESHOLD, 0.0]]))["recall"] == 0
    assert evaluate(truth, np.array([[np.nextafter(THRESHOLD, 1), 0.0]]))["recall"] == 1


def test_by_hand():
    scores = evaluate(TRUTH, FOUND)
    assert scores["accuracy"] == pytest.approx((1 / 2 + 1 / 2 + 0 / 2) / 3)
    assert scores["precision"] == pytest.approx((1 / 1 + 1 / 2 + 0) / 3)
    assert scores["recall"] == pytest.approx((1 / 2 + 1 / 1 + 0) / 3)
    assert scores["f1"] == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    # Class 0: ranked 0, 2, 1, all hits first. Class 1: its only track stands last of three. Class 2: first.
    assert average_precision(TRUTH, FOUND) == pytest.approx([1, 1 / 3, 1])
    assert scores["mean_average_precision"] == pytest.approx((1 + 1 / 3 + 1) / 3)
    assert (scores["n_tracks"], scores["n_classes"], scores["n_classes_left_out"]) == (3, 3, 0)


def test_a_control_by_chance_is_low_and_perfect_is_one():
    truth, _ = some(400)
    chance = evaluate(truth, rng.random(truth.shape))
    assert all(chance[name] < 0.6 for name in ("accuracy", "precision", "f1", "mean_average_precision"))
    assert chance["mean_average_precision"] == pytest.approx(truth.mean(), abs=0.05)
    perfect = evaluate(truth, truth * 1.0)
    assert all(perfect[name] == 1 for name in SCORES)
    assert perfect["macro_f1"] == 1
    assert set(perfect) == {*SCORES, "macro_f1", "n_tracks", "n_classes", "n_classes_left_out"}


@pytest.mark.parametrize("ties", [False, True])
def test_order_of_tracks_and_classes_means_nothing(ties):
    truth, z = some(ties=ties)
    rows, columns = rng.permutation(len(truth)), rng.permutation(truth.shape[1])
    assert evaluate(truth[rows][:, columns], z[rows][:, columns]) == pytest.approx(evaluate(truth, z))
    np.testing.assert_allclose(average_precision(truth[rows], z[rows]), average_precision(truth, z))
    assert evaluate(truth[rows], z)["accuracy"] < evaluate(truth, z)["accuracy"]  # but rows belong together


def slow(truth, z, threshold=THRESHOLD):
    """The printed formulas with sets, one track at a time."""
    totals = dict.fromkeys(("accuracy", "precision", "recall", "f1"), 0.0)
    for y_row, z_row in zip(truth, z):
        Y = {c for c, y in enumerate(y_row) if y}
        P = {c for c, value in enumerate(z_row) if value > threshold}
        both = len(Y & P)
        parts = {
            "accuracy": (both, len(Y | P)),
            "precision": (both, len(P)),
            "recall": (both, len(Y)),
            "f1": (2 * both, len(Y) + len(P)),
        }
        for name, (above, below) in parts.items():
            totals[name] += (1.0 if Y == P == set() else 0.0) if below == 0 or not (Y or P) else above / below
    aps = []
    for c in range(truth.shape[1]):
        ap, before = 0.0, 0.0
        for theta in sorted(set(z[:, c]), reverse=True):
            hits = sum(1 for i in range(len(z)) if z[i, c] >= theta and truth[i, c])
            p, r = hits / sum(z[:, c] >= theta), hits / max(truth[:, c].sum(), 1)
            ap, before = ap + (r - before) * p, r
        if truth[:, c].any():
            aps.append(ap)
    return {name: total / len(truth) for name, total in totals.items()} | {
        "mean_average_precision": sum(aps) / len(aps)
    }


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("threshold", [THRESHOLD, 0.0, 0.5, 1.0])
def test_equals_a_slow_transcription(ties, threshold):
    truth, z = some(ties=ties)
    truth[:5], truth[:, 2], z[::3] = False, False, z[::3] * 0.1
    fast = evaluate(truth, z, threshold)
    assert {name: fast[name] for name in SCORES} == pytest.approx(slow(truth, z, threshold))
    assert fast["n_classes_left_out"] == 1


@pytest.mark.parametrize("ties", [False, True])
def test_equals_scikit_learn(ties):
    truth, z = some(ties=ties)
    predicted, scores = z > THRESHOLD, evaluate(truth, z)
    assert scores["accuracy"] == pytest.approx(
        reference.jaccard_score(truth, predicted, average="samples", zero_division=0)
    )
    for name, function in (
        ("precision", reference.precision_score),
        ("recall", reference.recall_score),
        ("f1", reference.f1_score),
    ):
        assert scores[name] == pytest.approx(function(truth, predicted, average="samples", zero_division=0))
    np.testing.assert_allclose(
        average_precision(truth, z), reference.average_precision_score(truth, z, average=None)
    )
    assert scores["mean_average_precision"] == pytest.approx(
        reference.average_precision_score(truth, z, average="macro")
    )


def test_empty_sets():
    nothing, one = [False, False], [True, False]
    low, high = [0.0, 0.0], [0.9, 0.0]
    for truth, found, expected in (
        (nothing, low, 1.0),
        (nothing, high, 0.0),
        (one, low, 0.0),
        (one, high, 1.0),
    ):
        scores = evaluate(np.array([truth]), np.array([found]))
        assert [scores[name] for name in ("accuracy", "precision", "recall", "f1")] == [expected] * 4
    assert math.isnan(evaluate(np.array([nothing]), np.array([high]))["mean_average_precision"])
    assert evaluate(np.array([nothing]), np.array([high]))["n_classes_left_out"] == 2


def test_no_track_and_no_class_are_undefined_and_one_of_each_is_not():
    for shape in ((0, 3), (3, 0), (0, 0)):
        scores = evaluate(np.zeros(shape, bool), np.zeros(shape))
        assert (
            all(math.isnan(scores[name]) for name in SCORES)
            and (scores["n_tracks"], scores["n_classes"]) == shape
        )
    assert all(evaluate(np.array([[True]]), np.array([[0.5]]))[name] == 1 for name in SCORES)


def test_the_result_is_plain_numbers():
    json.dumps(evaluate(*some()), allow_nan=False)


def test_input_that_does_not_fit_is_refused():
    truth, z = some(4, 3)
    for bad, message in (
        (lambda: evaluate(truth, z[:3]), r"\(4, 3\) but probability \(3, 3\)"),
        (lambda: evaluate(truth[0], z[0]), "n_tracks, n_classes"),
        (lambda: evaluate(truth, z * np.nan), "NaN"),
        (lambda: evaluate(truth, z - 1), "logits"),
        (lambda: average_precision(truth, z + 1), "logits"),
    ):
        with pytest.raises(ConfigError, match=message):
            bad()
    assert evaluate(truth.astype(np.float32), z) == evaluate(truth, z)


def test_scores_of_tracks_have_the_metrics_as_their_means():
    truth, z = some()
    for name, values in example_scores(truth, z > THRESHOLD).items():
        assert len(values) == len(truth) and values.mean() == evaluate(truth, z)[name]


def test_macro_f1_equals_scikit_learn_and_leaves_out_what_never_occurs():
    from sklearn.metrics import f1_score

    rng = np.random.default_rng(1)
    truth, probability = rng.random((50, 4)) < 0.3, rng.random((50, 4))
    found = evaluate(truth, probability, 0.6)["macro_f1"]
    assert found == pytest.approx(f1_score(truth, probability > 0.6, average="macro"))
    wider = np.pad(truth, ((0, 0), (0, 1))), np.pad(probability, ((0, 0), (0, 1)))
    assert evaluate(*wider, 0.6)["macro_f1"] == pytest.approx(found)
    one = np.eye(4, dtype=bool)[rng.integers(4, size=50)]
    predicted = evaluate(one, probability, single=True)
    expected = f1_score(one.argmax(1), probability.argmax(1), average="macro")
    assert predicted["macro_f1"] == pytest.approx(expected)
    assert predicted["accuracy"] == pytest.approx((one.argmax(1) == probability.argmax(1)).mean())
