import json
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from core.clustering.dbscan import DBSCAN
from core.clustering.kmeans import KMeans
from core.clustering.ward import Ward
from core.errors import Cancelled
from core.scoring import (
    EXTERNAL,
    INTERNAL,
    METRICS,
    confidence_intervals,
    contingency,
    control_scores,
    evaluate,
    metrics,
)
from core.scoring.statistics import intervals
from core.scoring.statistics.intervals import central_interval


def groups(n=200, gap=3.0, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, n)
    return rng.normal(size=(n, 6)) + gap * np.eye(4, 6)[truth], [f"genre {t}" for t in truth]


X, TRUTH = groups()


@dataclass(frozen=True)
class Nearest:
    """A clusterer with fixed centroids, so that its labels don't depend on the sample."""

    deterministic: ClassVar[bool] = True
    takes_k: ClassVar[bool] = False
    gap: float = 3.0

    def fit(self, X, seed=0):
        return np.argmax(X[:, :4], axis=1)


def test_the_interval_narrows_with_more_tracks():
    small, large = (
        confidence_intervals(*_with(groups(60)), seeds=1),
        confidence_intervals(*_with(groups(2000)), seeds=1),
    )
    for name in METRICS:
        low, high = small["intervals"][name]
        assert low < small["scores"][name] < high
        if name != "calinski_harabasz":  # it grows with the number of tracks
            assert high - low > 2 * np.subtract(*large["intervals"][name][::-1])


def _with(data):
    return data[0], Nearest(), data[1]


def test_the_naive_bootstrap_finds_agreement_where_there_is_none_and_the_interval_does_not():
    covered, plain = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        labels, truth = rng.integers(0, 10, (2, 100))
        names = [str(value) for value in truth]
        plain.append(np.quantile(_drawn(truth, labels), 0.025) <= 0)
        deviations = intervals._external_deviations(names, labels, seed, 400)["adjusted_rand"]
        low, high = metrics.adjusted_rand(names, labels) + np.quantile(deviations, [0.025, 0.975])
        covered.append(low <= 0 <= high)
    assert np.mean(plain) < 0.2  # the control: a track drawn twice agrees with itself
    assert np.mean(covered) >= 0.85


def _drawn(truth, labels):
    return contingency.bootstrap(
        contingency.contingency_table(truth, labels), {"rand": contingency.adjusted_rand}, 400, 0
    )["rand"]


def test_the_interval_covers_the_mean_score_over_many_collections_of_the_same_size():
    found = [
        confidence_intervals(*_with(groups(150, 1.5, seed)), n_boot=300, n_subsamples=50)
        for seed in range(80)
    ]
    for name in METRICS:
        aim = np.mean([each["scores"][name] for each in found])
        covered = np.mean([each["intervals"][name][0] <= aim <= each["intervals"][name][1] for each in found])
        assert 0.86 <= covered <= 1.0, name


def test_seeds_widen_the_interval():
    noise = np.random.default_rng(0).normal(size=(150, 8))
    one, many = (confidence_intervals(noise, KMeans(6, n_init=1), seeds=seeds) for seeds in (1, 6))
    assert (one["seeds"], many["seeds"], many["deterministic"]) == (1, 6, False)
    seen = [
        evaluate(noise, KMeans(6, n_init=1).fit(noise, seed))["scores"]["silhouette"] for seed in range(6)
    ]
    assert many["scores"]["silhouette"] == pytest.approx(np.mean(seen))
    low, high = many["intervals"]["silhouette"]
    assert low < min(seen) and max(seen) < high
    assert high - low > np.subtract(*one["intervals"]["silhouette"][::-1])


def test_a_deterministic_clusterer_runs_once():
    result = confidence_intervals(X, Ward(4), TRUTH, seeds=5)
    assert result["deterministic"] and result["seeds"] == 1
    assert result["scores"] == evaluate(X, Ward(4).fit(X), TRUTH)["scores"]


def test_it_is_json_reproducible_and_within_range():
    first, again = (confidence_intervals(X, KMeans(3), TRUTH, seeds=2, n_boot=100) for _ in range(2))
    assert json.dumps(first, allow_nan=False) == json.dumps(again)
    assert set(first["intervals"]) == set(METRICS) == set(first["scores"])
    for name, (low, high) in first["intervals"].items():
        assert (
            min(METRICS[name].worst, METRICS[name].best)
            <= low
            <= high
            <= max(METRICS[name].worst, METRICS[name].best)
        )
    assert set(confidence_intervals(X, Ward(4))["scores"]) == set(INTERNAL)


def test_a_perfect_clustering_has_no_spread_against_labels():
    result = confidence_intervals(
        np.repeat(np.eye(3) * 9, 20, axis=0) + X[:60, :3] / 100, Ward(3), list("a" * 20 + "b" * 20 + "c" * 20)
    )
    assert all(result["intervals"][name] == [1.0, 1.0] for name in EXTERNAL)


def test_undefined_scores_are_null():
    lonely = confidence_intervals(X, DBSCAN(eps=1e-6), TRUTH)
    assert all(lonely["scores"][name] is None and lonely["intervals"][name] is None for name in INTERNAL)
    assert lonely["intervals"]["adjusted_rand"] == [0.0, 0.0]
    unlabelled = confidence_intervals(X, Ward(3), [""] * len(X))
    assert all(unlabelled["intervals"][name] is None for name in EXTERNAL)
    tiny = confidence_intervals(X[:3], Ward(2), TRUTH[:3])
    assert json.dumps(tiny, allow_nan=False)


def test_where_no_spread_can_be_measured_there_is_no_interval_of_zero_width():
    three = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 9.0]])
    for clusterer in (Ward(2), KMeans(2)):  # one seed; five that agree
        tiny = confidence_intervals(three, clusterer, list("aab"))
        for name in INTERNAL:
            assert tiny["scores"][name] is not None and tiny["intervals"][name] is None, name
            assert tiny["notes"][name] == {"reason": "unknown_spread"}
        assert tiny["intervals"]["adjusted_rand"] == [1.0, 1.0] and "adjusted_rand" not in tiny["notes"]


def test_seeds_that_differ_are_an_interval_even_where_tracks_cannot_be_resampled(monkeypatch):
    monkeypatch.setattr("core.scoring.statistics.intervals._InternalSpread.measure", lambda *args: {})
    noise = np.random.default_rng(0).normal(size=(150, 8))
    low, high = confidence_intervals(noise, KMeans(6, n_init=1), seeds=6)["intervals"]["silhouette"]
    assert low < high
    assert confidence_intervals(noise, KMeans(6, n_init=1), seeds=1)["intervals"]["silhouette"] is None


def test_an_interval_includes_its_mean_even_where_the_replicates_are_skewed():
    skewed = np.append(np.full(990, 0.5), np.full(10, 0.9))
    assert skewed.mean() > np.quantile(skewed, 0.975)  # the control: quantiles alone leave the mean out
    assert central_interval(skewed, skewed.mean()) == [0.5, skewed.mean()]
    assert central_interval(1 - skewed, 1 - skewed.mean()) == [1 - skewed.mean(), 0.5]
    for n in range(4, 16):
        result = confidence_intervals(
            X[:n], KMeans(2, n_init=1), TRUTH[:n], seeds=3, n_boot=50, n_subsamples=20
        )
        for name, bounds in result["intervals"].items():
            assert bounds is None or bounds[0] <= result["scores"][name] <= bounds[1], (n, name)


def test_notes_are_those_of_the_first_seed(monkeypatch):
    lonely = confidence_intervals(X, DBSCAN(eps=1e-6), [""] * len(X))
    assert lonely["notes"] == evaluate(X, np.full(len(X), -1), [""] * len(X))["notes"]
    assert lonely["notes"]["silhouette"] == {"reason": "all_noise"}
    monkeypatch.setattr(metrics, "SILHOUETTE_SAMPLE", 50)
    assert confidence_intervals(X, Ward(4))["notes"]["silhouette"]["n_sampled"] == 50
    monkeypatch.undo()
    assert confidence_intervals(X, Ward(4), TRUTH)["notes"] == {}


def test_a_score_undefined_for_some_seeds_is_noted():
    @dataclass(frozen=True)
    class Fickle(Nearest):
        deterministic: ClassVar[bool] = False

        def fit(self, X, seed=0):
            return np.full(len(X), -1) if seed == 0 else super().fit(X)

    result = confidence_intervals(X, Fickle(), seeds=3)
    assert result["scores"]["silhouette"] is not None
    assert result["notes"]["silhouette"] == {"reason": "undefined_seeds", "n_undefined": 1, "n_seeds": 3}


def test_progress_comes_per_seed_and_may_cancel():
    seen = []
    confidence_intervals(X, KMeans(4), seeds=3, progress=lambda done, total, note: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]

    def cancel(*args):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        confidence_intervals(X, KMeans(4), progress=cancel)


def test_above_the_sample_size_the_spread_shrinks_with_the_whole(monkeypatch):
    whole = confidence_intervals(X, Nearest(), TRUTH)["intervals"]["silhouette"]
    monkeypatch.setattr(intervals, "SPREAD_SAMPLE", 60)
    sampled = confidence_intervals(X, Nearest(), TRUTH)["intervals"]["silhouette"]
    assert 0.5 < np.subtract(*sampled) / np.subtract(*whole) < 2


def test_control_is_low_where_the_score_is_high():
    labels = Ward(4).fit(X)
    scores, nothing = evaluate(X, labels, TRUTH)["scores"], control_scores(X, Ward(4), labels, TRUTH)
    assert set(nothing) == set(METRICS)
    assert nothing["adjusted_rand"] == pytest.approx(0, abs=0.03) and scores["adjusted_rand"] > 0.5
    assert nothing["silhouette"] < scores["silhouette"] - 0.05
    assert nothing["davies_bouldin"] > scores["davies_bouldin"]
    assert nothing["purity"] < scores["purity"] and nothing["normalized_mutual_info"] < 0.1


def test_control_of_data_without_structure_is_about_its_score():
    noise = np.random.default_rng(0).normal(size=(300, 5))
    labels = KMeans(4).fit(noise)
    assert control_scores(noise, KMeans(4), labels)["silhouette"] == pytest.approx(
        evaluate(noise, labels)["scores"]["silhouette"], abs=0.03
    )


def test_control_is_none_where_permuted_data_are_all_noise():
    assert control_scores(X, DBSCAN(eps=1e-6), np.full(len(X), -1), TRUTH)["silhouette"] is None
