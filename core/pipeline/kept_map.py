"""A map that is kept while its collection grows: new tracks get places and clusters, the others don't move.

A kept map is user data of a collection and a choice: each track's position and cluster as they were fitted.
A track that was added later lies between its nearest fitted tracks in the space of the choice (see
:func:`core.projection.landmarks.place_between`) and joins the cluster of most of them. A new fit is due where
more than :data:`MOST_PLACED` of the tracks were placed, or the trustworthiness fell by more than
:data:`MOST_LOST` since the fit; it makes the next version.
"""

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import pandas as pd

from core import store
from core.access.rules import check_change
from core.collection import Collection
from core.neighbours import NeighbourFinder
from core.pipeline.choice import Choice
from core.pipeline.layouts import layout
from core.pipeline.space import Space
from core.pipeline.stages import find_clusters
from core.progress import Progress, silent
from core.projection.landmarks import place_between
from core.projection.projector import preprocess
from core.scoring.quality.trustworthiness import compare_neighbours

Keep = Literal["", "keep", "anew"]
"""Fit every time; keep the last fit if there is one; fit and keep that."""
MOST_PLACED = 0.2
"""Share of tracks that were placed rather than fitted, above which a new fit is due."""
MOST_LOST = 0.02
"""Loss of trustworthiness since the fit, above which a new fit is due."""
N_VOTES = 5
"""Nearest fitted tracks whose clusters a new track's is chosen from."""
N_COMPARED, N_SAMPLED, N_NEAR = 20_000, 500, 15
"""Tracks that are compared, tracks whose neighbours are, and neighbours of the trustworthiness."""
FEWEST = 50
"""With fewer tracks the trustworthiness isn't measured."""
_KIND = "kept-maps"


@dataclass(frozen=True, eq=False)
class KeptMap:
    """Positions and clusters of all tracks of a space, as fitted and as placed.

    Attributes
    ----------
    positions : ndarray, shape=(n, 2), float32
    labels : ndarray of int, shape=(n,)
    is_placed : ndarray of bool, shape=(n,)
        Tracks that came after the fit.
    status : dict
        JSON-ready: ``version`` (1, 2, …), ``n_fitted``, ``n_placed``, ``n_gone`` (fitted, and no longer
        there), ``share_placed`` (0 … 1), ``trust`` and ``trust_at_fit`` (trustworthiness on a sample, None
        for few tracks), ``due`` (why a new fit is due: "placed", "trust" or "").
    is_fit : bool
        Whether these are positions and clusters fitted to this very space, so that what is computed from the
        choice alone (intervals, stability) holds for them.
    """

    positions: np.ndarray
    labels: np.ndarray
    is_placed: np.ndarray
    status: dict
    is_fit: bool = False


def keep_map(
    collection: Collection, space: Space, choice: Choice, keep: Keep = "keep", progress: Progress = silent
) -> KeptMap:
    """Return the kept map of a choice, with what came since in its place; fit and keep one if there is none.

    Parameters
    ----------
    keep : {"keep", "anew"}
        Whether to fit the map anew in any case.

    Raises
    ------
    AccessError
        When it is fitted anew for somebody who may not change the collection: all who see it have this map.
    """
    if keep == "anew":
        check_change(collection.name)
    key = key_of_map(collection.name, choice)
    with store.lock(f"{_KIND}-{key}"):
        return _keep(collection, space, choice, key, keep, progress)


def _keep(
    collection: Collection, space: Space, choice: Choice, key: str, keep: Keep, progress: Progress
) -> KeptMap:
    """Return a kept map, or fit one; nobody else does so at the same time."""
    ids = collection.tracks["track_id"].to_numpy(str)[space.rows]
    saved, about = _read(collection, choice)
    before = int(about.get("version", 0))
    if saved is not None and before and keep != "anew":
        kept = _place(saved, ids, space, choice)
        if kept is not None:
            return _with_status(kept, about, saved, space)
    positions = np.asarray(layout(collection, space, choice, progress), np.float32)
    labels = find_clusters(space, choice, progress)
    fitted = pd.DataFrame(
        {"track_id": ids, "x": positions[:, 0], "y": positions[:, 1], "cluster": np.asarray(labels, np.int64)}
    )
    about = {"version": before + 1, "trust": _trust(space.X, positions), "space": space.key}
    store.save_owned_table(_KIND, key, fitted)
    store.save_owned(_KIND, key, about)
    return _with_status(KeptMap(positions, labels, np.zeros(len(ids), bool), {}), about, fitted, space)


def version_of_kept(collection: Collection, choice: Choice) -> int:
    """Return the version of the kept map of a choice, 0 if there is none."""
    return int(_read_about(collection, choice)[1].get("version", 0))


def _read_about(collection: Collection, choice: Choice) -> tuple[str, dict]:
    """Return key and facts of a kept map, also under a former name of the collection; {} if none."""
    keys = [key_of_map(n, choice) for n in (collection.name, *collection.info.get("former_names", [])[::-1])]
    return next(((key, about) for key in keys if (about := store.load_owned(_KIND, key))), (keys[0], {}))


def _read(collection: Collection, choice: Choice) -> tuple[pd.DataFrame | None, dict]:
    """Return the fitted tracks and the facts of a kept map."""
    key, about = _read_about(collection, choice)
    return (store.load_owned_table(_KIND, key) if about else None), about


def key_of_map(name: str, choice: Choice) -> str:
    """Return the key of the kept map of a collection's name and a choice, whatever tracks there are."""
    chosen = [(field.name, getattr(choice, field.name)) for field in fields(choice)]
    return store.key_of("kept map", name, [(n, repr(v)) for n, v in chosen if n != "label_by"])


def _place(saved: pd.DataFrame, ids: np.ndarray, space: Space, choice: Choice) -> KeptMap | None:
    """Return a saved map with the tracks that came since; None if none of its tracks is left."""
    row_of = pd.Series(np.arange(len(saved)), index=saved["track_id"].to_numpy(str))
    row = row_of.reindex(ids).to_numpy(float, na_value=np.nan)
    is_placed = np.isnan(row)
    fitted = np.flatnonzero(~is_placed)
    if not len(fitted):
        return None
    known = row[fitted].astype(int)
    positions = np.zeros((len(ids), 2), np.float32)
    labels = np.full(len(ids), -1, np.int64)
    positions[fitted] = saved[["x", "y"]].to_numpy(np.float32)[known]
    labels[fitted] = saved["cluster"].to_numpy(np.int64)[known]
    if is_placed.any():
        X = preprocess(space.X, choice.seed)
        positions = place_between(X, fitted, positions[fitted], choice.seed)
        labels[is_placed] = _vote(X, fitted, labels[fitted], np.flatnonzero(is_placed))
    return KeptMap(positions, labels, is_placed, {})


def _vote(X: np.ndarray, fitted: np.ndarray, labels: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the cluster of most of the nearest fitted tracks of rows; of the nearest where they tie."""
    near = NeighbourFinder(X[fitted]).nearest_to(X[rows], min(N_VOTES, len(fitted)))
    around = labels[near]
    counts = (around[:, :, None] == around[:, None, :]).sum(axis=2)
    return around[np.arange(len(rows)), counts.argmax(axis=1)]


def _with_status(kept: KeptMap, about: dict, saved: pd.DataFrame, space: Space) -> KeptMap:
    """Return a kept map with what is to say of it."""
    n, n_placed = len(kept.is_placed), int(kept.is_placed.sum())
    at_fit = about.get("trust")
    trust = _trust(space.X, kept.positions) if n_placed else at_fit
    share = n_placed / n
    has_lost = trust is not None and at_fit is not None and at_fit - trust > MOST_LOST
    status = {
        "version": int(about["version"]),
        "n_fitted": n - n_placed,
        "n_placed": n_placed,
        "n_gone": len(saved) - (n - n_placed),
        "share_placed": share,
        "trust": trust,
        "trust_at_fit": at_fit,
        "due": "placed" if share > MOST_PLACED else "trust" if has_lost else "",
    }
    is_fit = not n_placed and about.get("space") == space.key
    return KeptMap(kept.positions, kept.labels, kept.is_placed, status, is_fit)


def _trust(X: np.ndarray, positions: np.ndarray) -> float | None:
    """Return the trustworthiness of a sample of tracks among at most :data:`N_COMPARED`."""
    if len(X) < FEWEST:
        return None
    rng = np.random.default_rng(0)
    rows = np.sort(rng.choice(len(X), min(len(X), N_COMPARED), replace=False))
    chosen = np.asarray(X[rows], np.float64)
    sample = rng.choice(len(rows), min(len(rows), N_SAMPLED), replace=False)
    shown = np.asarray(positions[rows], np.float64)
    found = compare_neighbours(chosen - chosen.mean(axis=0), shown, sample, min(N_NEAR, len(rows) // 3))
    return float(found["trustworthiness"].mean())
