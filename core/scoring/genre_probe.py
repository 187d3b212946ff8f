"""How well a representation tells several genres per track: each track's genres, guessed from its nearest neighbours.

No clusters and no training: the share of a genre among a track's neighbours, the track itself left out, is
taken for the genre's probability and held against the track's own genres by :mod:`core.scoring.multilabel`.
"""

import numpy as np

from core.errors import ConfigError
from core.progress import Progress, silent
from core.scoring.evaluate import json_number
from core.scoring.multilabel import SCORES, THRESHOLD, evaluate

K = 10
"""Neighbours that are asked."""
LEAST = 5
"""Genres on fewer tracks are left out: there is too little to find among neighbours."""
SAMPLE = 5_000
"""Above this many tracks the genres of a random sample are guessed, from the neighbours among all tracks."""


def probe_genres(
    X: np.ndarray,
    has: np.ndarray,
    *,
    k: int = K,
    seed: int = 0,
    n_boot: int = 200,
    n_shuffles: int = 20,
    progress: Progress = silent,
) -> dict | None:
    """Guess each track's genres from its nearest neighbours, leaving it out, and score that.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
        The representation that was clustered; neighbours are by Euclidean distance.
    has : ndarray of bool, shape=(n_tracks, n_genres)
        Who has which genre. Tracks without any take no part, nor do genres on fewer than :data:`LEAST`
        tracks.
    k : int
        Neighbours that are asked; fewer where there are fewer.
    n_boot : int
        Bootstrap replicates over tracks: the interval is that of the tracks that are asked about, with the
        neighbours as they are.
    n_shuffles : int
        The control deals whole sets of genres out anew, so many times: neighbours then know nothing, but how
        frequent each genre is and which go together stays.

    Returns
    -------
    dict or None
        ``k, threshold, n_tracks, n_sampled, n_genres, n_genres_left_out`` and, for each metric of
        :data:`core.scoring.multilabel.SCORES`, ``scores`` (0 … 1, 1 best), ``intervals`` (95 %, deviations
        from the replicates' mean as in :func:`core.scoring.intervals`) and ``control``. None where fewer than
        two genres or three tracks remain.

    Raises
    ------
    ConfigError
        When rows don't fit together, or ``k`` is no neighbour.
    """
    X, has = np.asarray(X), np.asarray(has, bool)
    if len(X) != len(has):
        raise ConfigError(f"{len(X)} tracks but genres of {len(has)}; do the rows belong together?")
    if k < 1:
        raise ConfigError(f"k={k} must be 1 or more neighbours")
    frequent = has.sum(0) >= LEAST
    kept = has[:, frequent].any(1)
    X, Y = X[kept], has[kept][:, frequent]
    n = len(Y)
    if Y.shape[1] < 2 or n < 3:
        return None
    rng = np.random.default_rng(seed)
    asked = np.arange(n) if n <= SAMPLE else np.sort(rng.choice(n, SAMPLE, replace=False))
    k = min(k, n - 1)
    near = _neighbours(X, asked, k)
    progress(1, 3, "nearest neighbours")
    guessed = Y[near].mean(1)
    found = evaluate(Y[asked], guessed)
    drawn = _bootstrap(Y[asked], guessed, n_boot, rng)
    progress(2, 3, "interval")
    dealt = []
    for _ in range(n_shuffles):
        shuffled = Y[rng.permutation(n)]
        dealt.append(evaluate(shuffled[asked], shuffled[near].mean(1)))
    progress(3, 3, "control")
    return {
        "k": k,
        "threshold": THRESHOLD,
        "n_tracks": n,
        "n_sampled": len(asked),
        "n_genres": int(frequent.sum()),
        "n_genres_left_out": int((~frequent & has.any(0)).sum()),
        "scores": {name: json_number(found[name]) for name in SCORES},
        "intervals": {name: _interval(found[name], drawn[name]) for name in SCORES},
        "control": {name: json_number(np.mean([shuffled[name] for shuffled in dealt])) for name in SCORES},
    }


def _neighbours(X: np.ndarray, asked: np.ndarray, k: int) -> np.ndarray:
    """Return the k nearest other tracks of those asked about, shape=(n_asked, k)."""
    from sklearn.neighbors import NearestNeighbors

    X = np.ascontiguousarray(X, np.float32)
    near = NearestNeighbors(n_neighbors=k + 1).fit(X).kneighbors(X[asked], return_distance=False)
    itself = near == asked[:, None]
    itself[~itself.any(1), -1] = True  # among many equal tracks it may not be its own nearest
    return near[~itself].reshape(len(asked), k)


def _bootstrap(
    Y: np.ndarray, guessed: np.ndarray, n_boot: int, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return each metric where the tracks are drawn anew with replacement, shape=(n_boot,)."""
    n = len(Y)
    W = rng.multinomial(n, np.full(n, 1 / n), size=n_boot).astype(
        np.float64
    )  # how often each track was drawn
    P = guessed > THRESHOLD
    both, true, told = (Y & P).sum(1), Y.sum(1), P.sum(1)
    each = {
        "accuracy": both / (Y | P).sum(1),
        "precision": both / np.maximum(told, 1),
        "recall": both / true,
        "f1": 2 * both / (true + told),
    }
    drawn = {name: W @ values / n for name, values in each.items()}
    per_class = np.array([average_precisions(y, z, W) for y, z in zip(Y.T, guessed.T)])
    drawn["mean_average_precision"] = np.nanmean(per_class, axis=0)
    return drawn


def average_precisions(y: np.ndarray, z: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Return one class's average precision for many weightings of the tracks, as if each stood there so many times.

    Parameters
    ----------
    y : ndarray of bool, shape=(n,)
    z : ndarray, shape=(n,)
        Probability of the class.
    W : ndarray, shape=(m, n)

    Returns
    -------
    ndarray, shape=(m,)
        nan where no track of the class has weight; see :func:`core.scoring.multilabel.average_precision`.
    """
    order = np.argsort(-z, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(z[order]) != 0, True))
    hits, n = np.cumsum(W[:, order] * y[order], axis=1)[:, ends], np.cumsum(W[:, order], axis=1)[:, ends]
    gains = np.diff(hits, axis=1, prepend=0) * hits / np.maximum(n, 1e-12)
    with np.errstate(invalid="ignore"):
        return gains.sum(1) / np.where(hits[:, -1] > 0, hits[:, -1], np.nan)


def _interval(score: float, drawn: np.ndarray) -> list[float] | None:
    """Return the central 95 % around a score, within 0 to 1; None where the score is not defined."""
    if not np.isfinite(score):
        return None
    low, high = np.clip(score + np.quantile(drawn - drawn.mean(), [0.025, 0.975]), 0, 1)
    return [float(min(low, score)), float(max(high, score))]
