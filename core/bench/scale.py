"""Benchmark: seconds and memory of adding, clustering, scoring, mapping and searching many tracks."""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from core.bench.interrupted import measure_interruptions
from core.bench.temporary_store import temporary_store
from core.progress import Progress, silent

N_GROUPS, N_FEATURES, N_SHARED = 40, 32, 6
SIZES = (10_000, 100_000)
"""Numbers of tracks that are measured besides the one asked for."""
N_FIRST = 1000
"""Tracks of a first pass that isn't timed."""
N_TRUST, N_NEAR = 1000, 15
"""Tracks and neighbours of the trustworthiness."""


def run(progress: Progress = silent, tracks: int = 100_000, engine: str = "local") -> dict[str, float | int]:
    """Return seconds and peak memory at 10,000, 100,000 and ``tracks`` simulated tracks of 32 numbers.

    ``add_s``, ``cluster_score_s`` (K-means with k = 40 and the first scores), ``map_s`` (a PaCMAP layout, its
    libraries compiled), ``search_s`` (tracks similar to a track, once the vectors are in memory) at
    ``tracks``, and with ``_10k`` and ``_100k`` at the others; ``peak_gb`` of this process; ``trust_loss``,
    how much lower the trustworthiness of the layout by landmarks is at 100,000 than that of a full fit (only
    where ``tracks`` is at least 100,000); ``calibration_s``: scikit-learn's K-means, k = 40, of 100,000
    tracks in this run, to compare machines; and the figures of
    :func:`core.bench.interrupted.measure_interruptions`. With the engine "ray" instead the figures of
    :func:`core.bench.cluster.measure_cluster`.
    """
    if engine != "local":
        from core.bench.cluster import measure_cluster

        return measure_cluster(progress, engine)
    sizes = sorted({*SIZES, tracks} if tracks >= SIZES[-1] else {SIZES[0], tracks})
    figures: dict[str, float | int] = {"n_tracks": tracks, "calibration_s": _calibrate()}
    with temporary_store():
        _measure(N_FIRST)  # imports and compiles what the steps need
    for step, size in enumerate(sizes):
        progress(step, len(sizes) + 1, f"{size:,} tracks")
        with temporary_store():
            measured = _measure(size)
        suffix = "" if size == tracks else f"_{size // 1000}k"
        figures |= {f"{name}{suffix}": round(value, 3) for name, value in measured.items()}
        if size == SIZES[-1] == tracks:
            figures["map_s_100k"] = figures["map_s"]
    figures["peak_gb"] = round(_peak_gb(), 2)
    if tracks >= SIZES[-1]:
        progress(len(sizes), len(sizes) + 1, "a full layout of 100,000 tracks")
        figures["trust_loss"] = round(_measure_trust_loss(), 4)
    return figures | measure_interruptions(progress)


def simulate(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return vectors (n, 32) of groups of unequal size and shape, and each track's group (n,)."""
    rng = np.random.default_rng(seed)
    group = rng.choice(N_GROUPS, n, p=rng.dirichlet(np.full(N_GROUPS, 2.0)))
    centres = 2 * rng.standard_normal((N_GROUPS, N_FEATURES))
    basis = 0.35 * rng.standard_normal((N_GROUPS, N_SHARED, N_FEATURES))
    X = np.empty((n, N_FEATURES), np.float32)
    for g in range(N_GROUPS):
        own = group == g
        X[own] = centres[g] + rng.standard_normal((own.sum(), N_SHARED)) @ basis[g]
    X += 0.3 * rng.standard_normal((n, N_FEATURES), dtype=np.float32)
    return X, group


def _measure(n: int) -> dict[str, float]:
    """Return the seconds of each step at one size, in an empty store."""
    from core import collection as collections
    from core.pipeline.choice import Choice
    from core.pipeline.space import build_space
    from core.pipeline.stages import find_clusters, score
    from core.search.similar_tracks import search_similar

    X, group = simulate(n)
    choice = Choice(audio="table", n_clusters=N_GROUPS)
    figures = {}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "tracks.parquet"
        table = pd.DataFrame(X, columns=[f"x{i}" for i in range(N_FEATURES)])
        table.assign(label=[f"g{g}" for g in group]).to_parquet(file)
        collection, figures["add_s"] = _timed(lambda: collections.add(file, "tracks", label="label"))

    def cluster() -> Any:
        space = build_space(collection, choice)
        score(collection, space, find_clusters(space, choice))
        return space

    space, figures["cluster_score_s"] = _timed(cluster)
    _, figures["map_s"] = _timed(lambda: _project(space.X))
    track_id = collection.tracks["track_id"].iloc[n // 2]

    def search() -> Any:
        return search_similar(collection, track_id, through=None, choice=choice, limit=20, progress=silent)

    search()
    _, figures["search_s"] = _timed(search)
    return figures


def _project(X: np.ndarray) -> np.ndarray:
    """Return a PaCMAP layout."""
    from core.projection import projection_spec

    return projection_spec("pacmap").load()().fit(X)


def _measure_trust_loss() -> float:
    """Return the trustworthiness of a full layout of 100,000 tracks less that of the layout by landmarks."""
    from unittest.mock import patch

    from core.projection import landmarks
    from core.projection.projector import preprocess

    X = simulate(SIZES[-1])[0]
    placed = _project(X)
    with patch.object(landmarks, "MOST_WHOLE", len(X)):
        whole = _project(X)
    Z = preprocess(X)
    return trustworthiness(Z, whole) - trustworthiness(Z, placed)


def trustworthiness(X: np.ndarray, Y: np.ndarray, seed: int = 0) -> float:
    """Return the trustworthiness of a sample of tracks against all, 0 to 1 (Venna & Kaski 2001).

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    Y : ndarray, shape=(n_tracks, 2)
        With :data:`N_NEAR` neighbours or more.
    """
    from core.scoring.quality.trustworthiness import compare_neighbours

    sample = np.random.default_rng(seed).choice(len(X), min(N_TRUST, len(X)), replace=False)
    centred = np.asarray(X, np.float64) - np.mean(X, axis=0, dtype=np.float64)
    found = compare_neighbours(centred, np.asarray(Y, np.float64), sample, N_NEAR)
    return float(found["trustworthiness"].mean())


def _calibrate() -> float:
    """Return the seconds of scikit-learn's K-means of 100,000 tracks."""
    from sklearn.cluster import KMeans

    X = simulate(100_000)[0]
    return round(_timed(lambda: KMeans(N_GROUPS, n_init=1, random_state=0).fit(X))[1], 3)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return a result and its wall-clock seconds."""
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def _peak_gb() -> float:
    """Return the largest resident memory of this process so far, in GB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9
