"""Paired intervals of score differences: significant for a better clustering, around zero for equal ones."""

from collections import Counter

import numpy as np
import pytest

from core.errors import ConfigError
from core.scoring import EXTERNAL, INTERNAL, evaluate, metrics
from core.scoring.metric_specs import METRICS
from core.scoring.statistics.paired_difference import _external_differences, paired_difference

TRUE = np.repeat(np.arange(4), 50)
TRUTH = [f"genre {i}" for i in TRUE]
RNG = np.random.default_rng(0)
RANDOM = RNG.integers(4, size=200)
X = 4 * np.eye(4)[TRUE] + RNG.normal(size=(200, 4))


def test_perfect_clusters_beat_random_ones_in_every_metric():
    found = paired_difference([TRUE], [RANDOM], X=X, truth=TRUTH)
    assert set(found["intervals"]) == set(EXTERNAL + INTERNAL)
    for name, (low, high) in found["intervals"].items():
        assert low > 0 if METRICS[name].larger_is_better else high < 0, name
        assert low <= found["difference"][name] <= high


def test_swapping_the_sides_flips_the_signs():
    forward, swapped = (
        paired_difference([TRUE], [RANDOM], X=X, truth=TRUTH),
        paired_difference([RANDOM], [TRUE], X=X, truth=TRUTH),
    )
    for name in EXTERNAL + INTERNAL:
        assert forward["difference"][name] == pytest.approx(-swapped["difference"][name])
    assert swapped["intervals"]["adjusted_rand"][1] < 0


def test_identical_clusters_have_a_zero_width_interval_at_zero():
    found = paired_difference([RANDOM], [(RANDOM + 1) % 4], X=X, truth=TRUTH)  # the same clusters, renumbered
    for name, (low, high) in found["intervals"].items():
        assert low <= 0 <= high and high - low < 1e-6, name


def test_two_random_clusterings_do_not_differ_significantly():
    found = paired_difference([RANDOM], [RNG.permutation(RANDOM)], X=X, truth=TRUTH)
    assert all(low <= 0 <= high for low, high in found["intervals"].values())


def test_a_difference_is_significant_where_the_two_separate_intervals_overlap():
    """The control: resampled separately, the intervals overlap; paired resamples separate them."""
    half = np.where(RNG.random(200) < 0.5, TRUE, RNG.integers(4, size=200))
    better = half.copy()
    better[np.flatnonzero(half != TRUE)[:8]] = TRUE[np.flatnonzero(half != TRUE)[:8]]
    separate = [
        _external_differences(TRUTH, labels, np.zeros(200, int), 0, 1000)["adjusted_rand"]
        for labels in (better, half)
    ]
    (low, _), (_, high) = [
        np.quantile(value + deviations, [0.025, 0.975]) for value, _, deviations in separate
    ]
    assert low < high
    assert paired_difference([better], [half], truth=TRUTH)["intervals"]["adjusted_rand"][0] > 0


def _purity(labels) -> float:
    """Return the share of tracks that have their cluster's most frequent label."""
    return sum(Counter(np.array(TRUTH)[labels == c]).most_common(1)[0][1] for c in np.unique(labels)) / len(
        labels
    )


def test_values_agree_with_the_metrics_and_a_slow_bootstrap():
    half = np.where(np.arange(200) % 3 == 0, RANDOM, TRUE)
    found = paired_difference([half], [RANDOM], truth=TRUTH, n_boot=2000)
    assert found["difference"]["purity"] == pytest.approx(_purity(half) - _purity(RANDOM))
    slow, truth, rng = [], np.array(TRUTH), np.random.default_rng(1)
    for _ in range(500):
        rows = rng.integers(200, size=200)
        slow.append(
            metrics.adjusted_rand(truth[rows], half[rows]) - metrics.adjusted_rand(truth[rows], RANDOM[rows])
        )
    low, high = found["intervals"]["adjusted_rand"]
    assert high - low == pytest.approx(np.subtract(*np.quantile(slow, [0.975, 0.025])), rel=0.15)


def test_seeds_are_pooled_and_their_mean_is_the_difference():
    found = paired_difference([TRUE, RANDOM], [RANDOM, RANDOM], truth=TRUTH)
    one = (
        evaluate(X, TRUE, TRUTH)["scores"]["adjusted_rand"]
        - evaluate(X, RANDOM, TRUTH)["scores"]["adjusted_rand"]
    )
    low, high = found["intervals"]["adjusted_rand"]
    assert found["difference"]["adjusted_rand"] == pytest.approx(one / 2) and low <= 0 < high
    assert found["before"]["adjusted_rand"] == pytest.approx(metrics.adjusted_rand(TRUTH, RANDOM))


def test_unlabelled_tracks_and_noise_are_left_out():
    noise = np.where(np.arange(200) % 5 == 0, -1, TRUE)
    some = ["" if i % 2 else label for i, label in enumerate(TRUTH)]
    found = paired_difference([TRUE], [noise], X=X, truth=some)
    assert found["difference"]["silhouette"] == pytest.approx(
        metrics.silhouette(X, TRUE) - metrics.silhouette(X, noise)
    )
    assert paired_difference([TRUE], [noise], truth=[""] * 200)["intervals"] == {}


def test_a_metric_undefined_on_either_side_is_left_out():
    found = paired_difference([TRUE], [np.zeros(200, int)], X=X, truth=TRUTH)
    assert set(found["intervals"]) == set(EXTERNAL)
    assert paired_difference([TRUE[:2]], [TRUE[:2]], X=X[:2])["intervals"] == {}
    assert set(paired_difference([TRUE], [RANDOM], X=X)["intervals"]) == set(INTERNAL)


def test_other_tracks_are_refused():
    with pytest.raises(ConfigError, match="same tracks"):
        paired_difference([TRUE], [TRUE[:-1]], truth=TRUTH)
    with pytest.raises(ConfigError, match="same tracks and seeds"):
        paired_difference([TRUE, TRUE], [TRUE], truth=TRUTH)


def test_the_spread_of_a_sample_shrinks_with_the_whole(monkeypatch):
    whole = paired_difference([TRUE], [RANDOM], X=X)["intervals"]["silhouette"]
    monkeypatch.setattr("core.scoring.statistics.paired_difference.SPREAD_SAMPLE", 60)
    sampled = paired_difference([TRUE], [RANDOM], X=X)["intervals"]["silhouette"]
    assert 0.4 < np.subtract(*sampled) / np.subtract(*whole) < 2.5
