"""A k-nearest-neighbour probe of a representation for several genres per track.

Without clusters or training: the share of a genre among a track's neighbours, leaving the track itself out,
is its predicted probability, scored against the track's own genres by :mod:`core.scoring.multilabel`.
"""

import numpy as np

from core.errors import ConfigError
from core.neighbours import nearest_others
from core.progress import Progress, silent
from core.scoring.evaluate import json_number
from core.scoring.multilabel import SCORES, THRESHOLD, evaluate, example_scores, weighted_average_precision
from core.scoring.statistics.intervals import central_interval

N_NEIGHBORS = 10
"""Default number of neighbours."""

MIN_TRACKS = 5
"""Genres on fewer tracks are left out: neighbours can't predict them."""

SAMPLE_SIZE = 5_000
"""Above this many tracks a random sample is predicted, from neighbours among all tracks."""


def probe_genres(
    X: np.ndarray,
    genres: np.ndarray,
    *,
    k: int = N_NEIGHBORS,
    seed: int = 0,
    n_boot: int = 200,
    n_shuffles: int = 20,
    progress: Progress = silent,
) -> dict | None:
    """Predict each track's genres from its nearest neighbours and score the predictions.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
        The representation that was clustered; distances are Euclidean.
    genres : ndarray of bool, shape=(n_tracks, n_genres)
        Genre indicators. Tracks without a genre and genres on fewer than :data:`MIN_TRACKS` tracks are left
        out.
    k : int
        Number of neighbours; fewer where there are fewer tracks.
    seed : int
    n_boot : int
        Bootstrap replicates over the predicted tracks, with fixed neighbours.
    n_shuffles : int
        Shuffles of the control, which permutes whole genre sets among tracks: that preserves the frequency
        and co-occurrence of genres and destroys their relation to the neighbours.
    progress : callable
        Called after each of three steps.

    Returns
    -------
    dict or None
        ``k, threshold, n_tracks, n_sampled, n_genres, n_genres_left_out`` and, for each metric of
        :data:`core.scoring.multilabel.SCORES`, ``scores`` (0 … 1, 1 best), ``intervals`` (95 %, deviations
        from the replicates' mean as in :func:`core.scoring.confidence_intervals`) and ``control``. None where
        fewer than two genres or three tracks remain.

    Raises
    ------
    ConfigError
        When lengths don't match, or ``k`` is below 1.
    """
    X, genres = np.asarray(X), np.asarray(genres, bool)
    if len(X) != len(genres):
        raise ConfigError(f"{len(X)} tracks but genres of {len(genres)}; do the rows belong together?")
    frequent = genres.sum(0) >= MIN_TRACKS
    rows = genres[:, frequent].any(1)
    X, Y = X[rows], genres[rows][:, frequent]
    n = len(Y)
    if Y.shape[1] < 2 or n < 3:
        return None
    rng = np.random.default_rng(seed)
    sample = np.arange(n) if n <= SAMPLE_SIZE else np.sort(rng.choice(n, SAMPLE_SIZE, replace=False))
    k = min(k, n - 1)
    neighbours = nearest_others(X, sample, k)
    progress(1, 3, "nearest neighbours")
    probability = Y[neighbours].mean(1)
    scores = evaluate(Y[sample], probability)
    replicates = _bootstrap(Y[sample], probability, n_boot, rng)
    progress(2, 3, "interval")
    controls = []
    for _ in range(n_shuffles):
        shuffled = Y[rng.permutation(n)]
        controls.append(evaluate(shuffled[sample], shuffled[neighbours].mean(1)))
    progress(3, 3, "control")
    return {
        "k": k,
        "threshold": THRESHOLD,
        "n_tracks": n,
        "n_sampled": len(sample),
        "n_genres": int(frequent.sum()),
        "n_genres_left_out": int((~frequent & genres.any(0)).sum()),
        "scores": {name: json_number(scores[name]) for name in SCORES},
        "intervals": {name: _interval(scores[name], replicates[name]) for name in SCORES},
        "control": {name: json_number(np.mean([each[name] for each in controls])) for name in SCORES},
    }


def _bootstrap(
    Y: np.ndarray, probability: np.ndarray, n_boot: int, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return each metric under resampling of tracks with replacement, shape=(n_boot,)."""
    n = len(Y)
    # Number of times that each track is resampled, (n_boot, n).
    W = rng.multinomial(n, np.full(n, 1 / n), size=n_boot).astype(np.float64)
    of_tracks = example_scores(Y, probability > THRESHOLD)
    replicates = {name: W @ values / n for name, values in of_tracks.items()}
    per_class = np.array([weighted_average_precision(y, p, W) for y, p in zip(Y.T, probability.T)])
    replicates["mean_average_precision"] = np.nanmean(per_class, axis=0)
    return replicates


def _interval(score: float, replicates: np.ndarray) -> list[float] | None:
    """Return the central 95 % around a score, within [0, 1]; None where the score is undefined."""
    if not np.isfinite(score):
        return None
    return central_interval(score + replicates - replicates.mean(), score, 0, 1)
