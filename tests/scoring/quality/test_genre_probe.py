"""Genres predicted from neighbours: high scores where genres are in the representation, chance elsewhere."""

import numpy as np
import pytest

from core.errors import ConfigError
from core.scoring.multilabel import average_precision, evaluate, weighted_average_precision
from core.scoring.quality.genre_probe import MIN_TRACKS, probe_genres


def make(n=240, gap=4.0, seed=0):
    """Return tracks of one or two genres out of four, each around the mean of its genres' centroids."""
    rng = np.random.default_rng(seed)
    genres = np.zeros((n, 4), bool)
    genres[np.arange(n), rng.integers(0, 4, n)] = True
    genres[np.arange(n), rng.integers(0, 4, n)] |= rng.random(n) < 0.5
    centroids = np.eye(4, 8) * gap
    return (genres @ centroids / genres.sum(1, keepdims=True) + 0.3 * rng.normal(size=(n, 8))).astype(
        np.float32
    ), genres


def test_encoded_genres_score_high_and_shuffled_ones_at_chance():
    X, genres = make()
    found = probe_genres(X, genres)
    assert (
        found["control"]["mean_average_precision"] < 0.55 < 0.95 < found["scores"]["mean_average_precision"]
    )
    assert found["control"]["f1"] < 0.7 < 0.85 < found["scores"]["f1"]
    noise = probe_genres(np.random.default_rng(1).normal(size=X.shape), genres)
    low, high = noise["intervals"]["mean_average_precision"]
    assert low - 0.03 < noise["control"]["mean_average_precision"] < high + 0.03
    assert (found["n_tracks"], found["n_genres"], found["k"]) == (240, 4, 10)


def test_it_equals_a_slow_loop_that_leaves_each_track_out():
    X, genres = make(40)
    probability = np.zeros(genres.shape)
    for i in range(len(X)):
        distances = np.linalg.norm(X - X[i], axis=1)
        distances[i] = np.inf
        probability[i] = genres[np.argsort(distances)[:3]].mean(0)
    expected = evaluate(genres, probability)
    found = probe_genres(X, genres, k=3)["scores"]
    assert all(found[name] == pytest.approx(expected[name]) for name in found)


def test_a_track_is_never_its_own_neighbour_even_among_duplicates():
    X = np.zeros((20, 2), np.float32)
    genres = np.zeros((20, 2), bool)
    genres[:10, 0] = genres[10:, 1] = True
    assert probe_genres(X, genres, k=1)["scores"]["accuracy"] < 1


def test_the_interval_holds_the_score_and_narrows_with_more_tracks():
    width = {}
    for n in (80, 1200):
        found = probe_genres(*make(n, gap=1.0), n_shuffles=2)
        for name, (low, high) in found["intervals"].items():
            assert 0 <= low <= found["scores"][name] <= high <= 1
        width[n] = np.subtract(*found["intervals"]["f1"][::-1])
    assert width[80] > 2 * width[1200] > 0


def test_weights_are_repetitions_in_average_precision():
    rng = np.random.default_rng(0)
    y, z = rng.random(30) < 0.4, np.round(rng.random(30), 1)
    W = rng.integers(0, 4, (5, 30)).astype(float)
    W[4] = 1
    for weights, value in zip(W, weighted_average_precision(y, z, W)):
        rows = np.repeat(np.arange(30), weights.astype(int))
        assert value == pytest.approx(average_precision(y[rows, None], z[rows, None])[0])
    assert np.isnan(weighted_average_precision(y, z, (~y)[None].astype(float))[0])


def test_rare_genres_and_tracks_without_genres_are_left_out():
    X, genres = make(60)
    rare = np.zeros((60, 2), bool)
    rare[: MIN_TRACKS - 1, 0] = True
    genres[:7] = False
    found = probe_genres(X, np.hstack([genres, rare]))
    assert (found["n_tracks"], found["n_genres"], found["n_genres_left_out"]) == (53, 4, 1)
    assert found["scores"] == probe_genres(X[7:], genres[7:])["scores"]


def test_too_few_genres_give_none_and_lengths_must_match():
    X, genres = make(30)
    assert probe_genres(X, genres[:, :1]) is None and probe_genres(X, np.zeros_like(genres)) is None
    assert (
        probe_genres(X[:12], genres[:12], k=50) is None or probe_genres(X[:12], genres[:12], k=50)["k"] <= 11
    )
    with pytest.raises(ConfigError, match="30 tracks but genres of 29"):
        probe_genres(X, genres[1:])


def test_the_same_seed_gives_the_same_and_large_collections_are_sampled(monkeypatch):
    X, genres = make(100)
    assert probe_genres(X, genres, seed=3) == probe_genres(X, genres, seed=3)
    monkeypatch.setattr("core.scoring.quality.genre_probe.SAMPLE_SIZE", 40)
    assert probe_genres(X, genres)["n_sampled"] == 40 and probe_genres(X, genres)["n_tracks"] == 100
