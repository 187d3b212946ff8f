import math

import numpy as np
import pytest
import sklearn.metrics as reference

from core.errors import ConfigError
from core.scoring import EXTERNAL, INTERNAL, METRICS, contingency, evaluate, metrics
from core.scoring.evaluate import score_external

rng = np.random.default_rng(0)
# Two pairs on a line: distances 1 within, about 10 between.
LINE = np.array([[0.0], [1.0], [10.0], [11.0]])
PAIRS = np.array([0, 0, 1, 1])
# Six tracks: classes a a a b b b, clusters 0 0 1 1 1 1, so the table is [[2, 1], [0, 3]].
SIX, FOUND = list("aaabbb"), np.array([0, 0, 1, 1, 1, 1])


def metric_of(name):
    """Return a metric as a function of X or true labels, and of clusters."""
    if name in INTERNAL:
        return getattr(metrics, name)
    return lambda truth, labels: float(
        getattr(contingency, name)(contingency.contingency_table(*metrics.validate_external(truth, labels)))
    )


def test_silhouette_by_hand():
    # Outer tracks: a = 1, b = 10.5; inner ones: a = 1, b = 9.5.
    assert metrics.silhouette(LINE, PAIRS) == pytest.approx((2 * 9.5 / 10.5 + 2 * 8.5 / 9.5) / 4)


def test_davies_bouldin_by_hand():
    assert metrics.davies_bouldin(LINE, PAIRS) == pytest.approx((0.5 + 0.5) / 10)


def test_calinski_harabasz_by_hand():
    # Between 4 · 5² = 100 over k − 1 = 1; within 4 · 0.5² = 1 over n − k = 2.
    assert metrics.calinski_harabasz(LINE, PAIRS) == pytest.approx(200)


def test_adjusted_rand_by_hand():
    # Pairs together in both 1 + 3 = 4, in class 6, in cluster 1 + 6 = 7, of 15: expected 42 / 15 = 2.8.
    assert metric_of("adjusted_rand")(SIX, FOUND) == pytest.approx((4 - 2.8) / (6.5 - 2.8))
    assert metrics.adjusted_rand(SIX, FOUND) == metric_of("adjusted_rand")(SIX, FOUND)
    assert math.isnan(metrics.adjusted_rand([], np.array([], int)))


def test_normalized_mutual_info_by_hand():
    h_class, h_cluster = math.log(2), -(math.log(1 / 3) / 3 + 2 * math.log(2 / 3) / 3)
    h_both = -(math.log(1 / 3) / 3 + math.log(1 / 6) / 6 + math.log(1 / 2) / 2)
    expected = (h_class + h_cluster - h_both) / ((h_class + h_cluster) / 2)
    assert metric_of("normalized_mutual_info")(SIX, FOUND) == pytest.approx(expected)


def test_purities_by_hand_differ():
    assert metric_of("purity")(SIX, FOUND) == pytest.approx((2 + 3) / 6)
    assert metric_of("purity_mean")(SIX, FOUND) == pytest.approx((2 / 2 + 3 / 4) / 2)


@pytest.mark.parametrize("name", EXTERNAL)
def test_external_control_is_low_and_perfect_is_one(name):
    truth = [str(i % 5) for i in range(500)]
    metric = metric_of(name)
    assert metric(truth, rng.permutation(500) % 5) < 0.35  # the control: a random grouping
    assert metric(truth, np.arange(500) % 5) == pytest.approx(1.0)
    assert metric(["x"], np.array([3])) == 1.0
    assert math.isnan(score_external([], np.array([], int))[0][name])


@pytest.mark.parametrize("name", METRICS)
def test_metrics_are_invariant_to_renumbered_clusters(name):
    labels = rng.integers(0, 4, 60)
    other = np.array([9, 0, 40, 2])[labels]
    first = rng.normal(size=(60, 3)) if name in INTERNAL else [f"c{i}" for i in rng.integers(0, 3, 60)]
    metric = metric_of(name)
    assert metric(first, other) == pytest.approx(metric(first, labels))


def test_equal_to_scikit_learn():
    for n, classes, clusters in ((50, 3, 4), (200, 8, 2), (30, 30, 5), (7, 1, 3), (7, 2, 1)):
        truth, labels = rng.integers(0, classes, n), rng.integers(0, clusters, n)
        names = [str(value) for value in truth]
        assert metrics.adjusted_rand(names, labels) == pytest.approx(
            reference.adjusted_rand_score(truth, labels), abs=1e-12
        )
        expected = reference.normalized_mutual_info_score(truth, labels)
        assert metric_of("normalized_mutual_info")(names, labels) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", INTERNAL)
def test_internal_metrics_leave_noise_out(name):
    X, labels = rng.normal(size=(60, 3)), rng.integers(0, 3, 60)
    far = np.vstack([X, np.full((5, 3), 1e4)])
    metric = metric_of(name)
    assert metric(far, np.append(labels, [-1] * 5)) == pytest.approx(metric(X, labels))
    assert metric(far, np.append(labels, [3] * 5)) != pytest.approx(metric(X, labels), rel=0.01)


def test_external_metrics_count_noise_as_one_cluster_and_skip_unlabelled_tracks():
    labels = np.array([0, 0, 1, 1, -1, -1])
    for name in EXTERNAL:
        metric = metric_of(name)
        assert metric(SIX, labels) == pytest.approx(metric(SIX, np.array([0, 0, 1, 1, 2, 2])))
        holes = SIX + ["", None, float("nan")]
        assert metric(holes, np.append(labels, [0, 1, 5])) == pytest.approx(metric(SIX, labels))


def test_silhouette_of_a_sample_is_close_to_the_whole():
    X = rng.normal(size=(3000, 4)) + 3 * (np.arange(3000) % 2)[:, None]
    labels = np.arange(3000) % 2
    assert metrics.silhouette(X, labels, sample_size=800) == pytest.approx(
        metrics.silhouette(X, labels), abs=0.01
    )


def test_evaluate_is_json_with_every_metric_and_the_counts():
    import json

    truth = ["a"] * 20 + ["b"] * 20 + [""] * 10
    X = rng.normal(size=(50, 3)) + 5 * (np.arange(50) >= 20)[:, None]
    labels = np.where(np.arange(50) >= 20, 1, 0)
    labels[-2:] = -1
    result = json.loads(json.dumps(evaluate(X, labels, truth), allow_nan=False))
    assert set(result["scores"]) == set(METRICS) and not result["notes"]
    assert (result["n_tracks"], result["n_labelled"], result["n_clusters"], result["noise_share"]) == (
        50,
        40,
        2,
        0.04,
    )
    assert result["scores"]["adjusted_rand"] == 1 and result["scores"]["silhouette"] > 0.5
    assert set(evaluate(X, labels)["scores"]) == set(INTERNAL)


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ([0, 0, 0, 0], "one_cluster"),
        ([0, 0, -1, -1], "one_cluster_and_noise"),
        ([-1, -1, -1, -1], "all_noise"),
        ([0, 1, 2, 3], "singletons"),
    ],
)
def test_an_undefined_metric_is_null_with_a_reason(labels, reason):
    result = evaluate(LINE, np.array(labels), ["a", "b", "a", "b"])
    assert all(
        result["scores"][name] is None and result["notes"][name] == {"reason": reason} for name in INTERNAL
    )
    assert all(result["scores"][name] is not None for name in EXTERNAL)


def test_labels_that_can_not_be_compared_have_a_reason():
    assert evaluate(LINE, PAIRS, [""] * 4)["notes"]["purity"] == {"reason": "unlabelled"}
    same = evaluate(LINE, PAIRS, ["a"] * 4)
    assert same["scores"]["purity"] is None and same["notes"]["adjusted_rand"] == {"reason": "one_label"}
    collapsed = evaluate(np.array([[0.0], [0.0], [1.0], [1.0]]), PAIRS)
    assert collapsed["scores"]["calinski_harabasz"] is None and collapsed["notes"]["calinski_harabasz"] == {
        "reason": "zero_scatter"
    }
    assert collapsed["scores"]["silhouette"] == 1
    empty = evaluate(np.zeros((0, 3)), np.array([], int), [])
    assert empty["n_tracks"] == 0 and empty["notes"]["silhouette"] == {"reason": "no_tracks"}


def test_a_sampled_silhouette_is_noted(monkeypatch):
    monkeypatch.setattr(metrics, "SILHOUETTE_SAMPLE", 100)
    X, labels = rng.normal(size=(101, 2)), np.arange(101) % 2
    assert evaluate(X, labels)["notes"]["silhouette"] == {
        "reason": "sampled",
        "n_sampled": 100,
        "n_tracks": 101,
    }
    assert "silhouette" not in evaluate(X[:100], labels[:100])["notes"]


def test_invalid_input_is_refused():
    for bad, message in (
        (lambda: evaluate(LINE, PAIRS[:3]), "4 tracks but 3"),
        (lambda: evaluate(LINE, PAIRS, ["a"]), "1 true labels but 4"),
        (lambda: evaluate(LINE, PAIRS.astype(float)), "integer"),
        (lambda: evaluate(LINE * np.nan, PAIRS), "NaN"),
        (lambda: evaluate(LINE[:, 0], PAIRS), "shape"),
    ):
        with pytest.raises(ConfigError, match=message):
            bad()


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_described(name):
    metric = METRICS[name]
    assert tuple(contingency.EXTERNAL_METRICS) == EXTERNAL
    assert callable(metric_of(name)) and metric.title and len(metric.description) > 30 and metric.reference
    assert (metric.best > metric.worst) == metric.larger_is_better
