"""Positions on the map: a function of the choice and the seed alone, however the choice was reached.

A single layout is fitted from principal components. While the text weight moves, points should keep their
place, so the layouts of a weighted fusion are one cached value, the *chain*: a fit at text weight 0.5, then
outward in both directions, each layout initialised with the one before. A weight between two steps of the
chain is initialised with the step nearer to 0.5. Above :data:`MOST_CHAINED` tracks, and for projections that
can't be warm-started quickly, every weight is fitted separately.

A warm start from the positions on screen is for display only (:func:`preview`). Layouts are reproducible on
one machine with the same number of threads and the same libraries.
"""

from dataclasses import replace

import numpy as np

from core import store
from core.collection import Collection
from core.pipeline.choice import Choice
from core.pipeline.space import Space, build_space
from core.progress import Progress, silent
from core.projection import projection_spec, worker
from core.store.source import source_hash

TEXT_WEIGHTS = tuple(step / 20 for step in range(21))
"""Text weights of a chain: the steps of the slider."""

MIDDLE = 10
"""Position of text weight 0.5, where a chain starts."""

MOST_CHAINED = 5_000
"""Largest number of tracks with a chain; with more, its 20 fits take too long."""


def layout(collection: Collection, space: Space, choice: Choice, progress: Progress = silent) -> np.ndarray:
    """Return the positions of a choice, shape=(n, 2), computed in the projection worker and cached.

    Raises
    ------
    SongscapeError
        When the representation can't be projected.
    """
    cached = peek_layout(space, choice)
    if cached is not None:
        return cached
    key = layout_key(space, choice)
    if _is_separate(space, choice):
        return store.cached("layouts", key, lambda: _fit(space.X, choice))
    chain = layout_chain(collection, choice, progress)
    before = _before(choice.text_weight)
    if TEXT_WEIGHTS[before] == choice.text_weight:
        return chain[before]
    return store.cached("layouts", key, lambda: _fit(space.X, choice, chain[before]))


def peek_layout(space: Space, choice: Choice) -> np.ndarray | None:
    """Return the positions of a choice if they are cached, else None."""
    if _is_separate(space, choice) or choice.text_weight not in TEXT_WEIGHTS:
        return store.peek("layouts", layout_key(space, choice))
    chain = store.peek("layouts", layout_key(space, choice))
    return None if chain is None else chain[TEXT_WEIGHTS.index(choice.text_weight)]


def has_chain(space: Space, choice: Choice) -> bool:
    """Return whether the layouts of all text weights are one chain."""
    return not _is_separate(space, replace(choice, text_weight=TEXT_WEIGHTS[0]))


def peek_chain(space: Space, choice: Choice) -> np.ndarray | None:
    """Return the cached layouts at all :data:`TEXT_WEIGHTS`, shape=(21, n, 2), else None."""
    return store.peek("layouts", layout_key(space, replace(choice, text_weight=TEXT_WEIGHTS[0])))


def layout_key(space: Space, choice: Choice) -> str:
    """Return the cache key of a choice's positions: of a layout, or of the chain that contains it."""
    config = projection_spec(choice.projection).load()()
    key = store.key_of(space.key, config, choice.seed, source_hash(type(config), _fit))
    if _is_separate(space, choice):
        return key
    chain = store.key_of(
        "chain",
        space.family,
        config,
        choice.seed,
        TEXT_WEIGHTS,
        MIDDLE,
        source_hash(type(config), chain_of, _before, _fit),
    )
    return chain if choice.text_weight in TEXT_WEIGHTS else store.key_of(chain, key)


def layout_chain(collection: Collection, choice: Choice, progress: Progress = silent) -> np.ndarray:
    """Return the layouts at all :data:`TEXT_WEIGHTS`, shape=(21, n, 2)."""

    def rows_at(weight: float) -> np.ndarray:
        return build_space(collection, replace(choice, text_weight=weight), progress, cache=False).X

    middle = build_space(collection, replace(choice, text_weight=0.5), progress)
    key = layout_key(middle, replace(choice, text_weight=TEXT_WEIGHTS[0]))

    def make() -> np.ndarray:
        start = layout(collection, middle, replace(choice, text_weight=0.5))
        return chain_of(
            start, lambda position, init: _fit(rows_at(TEXT_WEIGHTS[position]), choice, init), progress
        )

    return store.cached("layouts", key, make)


def chain_of(start: np.ndarray, fit, progress: Progress = silent) -> np.ndarray:
    """Compute a chain outward from its middle in both directions.

    Parameters
    ----------
    start : ndarray, shape=(n, 2)
        The layout in the middle.
    fit : callable
        ``fit(position, init)`` returns the layout at a position of the chain.
    """
    chain = np.zeros((len(TEXT_WEIGHTS), *start.shape), np.float32)
    chain[MIDDLE] = start
    steps = [(p, p - 1) for p in range(MIDDLE + 1, len(TEXT_WEIGHTS))] + [
        (p, p + 1) for p in range(MIDDLE - 1, -1, -1)
    ]
    for done, (position, before) in enumerate(steps):
        progress(done, len(steps), "projecting neighbouring text weights")
        chain[position] = fit(position, chain[before])
    return chain


def placeholder_layout(space: Space, seed: int = 0) -> np.ndarray:
    """Return principal components, shape=(n, 2), to display until a layout is computed."""
    config = projection_spec("pca").load()()
    key = store.key_of("stand-in", space.key, config, seed, source_hash(type(config)))
    return store.cached("layouts", key, lambda: config.fit(space.X, seed=seed))


def preview(space: Space, choice: Choice, shown: np.ndarray) -> np.ndarray:
    """Return a layout warm-started from the positions on screen, for display only; never cached."""
    return _fit(space.X, choice, shown)


def _is_separate(space: Space, choice: Choice) -> bool:
    """Return True if a choice's layout is fitted separately: it is in no chain, or starts one."""
    follows = projection_spec(choice.projection).follows_weight
    return (
        not (space.family and follows and len(space.X) <= MOST_CHAINED)
        or choice.text_weight == TEXT_WEIGHTS[MIDDLE]
    )


def _before(weight: float) -> int:
    """Return the position of a weight in the chain, or of its neighbour towards 0.5."""
    toward = np.floor if weight > TEXT_WEIGHTS[MIDDLE] else np.ceil
    return (
        TEXT_WEIGHTS.index(weight)
        if weight in TEXT_WEIGHTS
        else int(toward(weight * (len(TEXT_WEIGHTS) - 1)))
    )


def _fit(X: np.ndarray, choice: Choice, init: np.ndarray | None = None) -> np.ndarray:
    """Project in the worker."""
    return worker.project_in_worker(
        X, projection_spec(choice.projection).load()(), seed=choice.seed, init=init
    )
