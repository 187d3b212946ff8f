"""Positions on the map: a function of the choice and the seed alone, however the choice was reached.

A single layout is fitted from principal components. While the text weight moves, points should keep their
place, so the layouts of a weighted fusion are one cached value, the *chain*: a fit at text weight 0.5, then
outward in both directions, each layout initialised with the one before. A weight between two steps of the
chain is initialised with the step nearer to 0.5. Above :data:`MOST_CHAINED` tracks a chain has fewer steps
(:func:`chain_weights`), and every weight is initialised with 0.5 alone, so that one of them doesn't wait for
all. For projections that can't be warm-started quickly, every weight is fitted separately.

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
from core.store.hashing.source import source_hash

TEXT_WEIGHTS = tuple(step / 20 for step in range(21))
"""Text weights of a chain: the steps of the slider."""

MIDDLE = 10
"""Position of text weight 0.5, where a chain starts."""

MOST_CHAINED = 5_000
"""Largest number of tracks whose chain has a step for every one of the slider."""

MOST_IN_TENTHS = 100_000
"""Largest number of tracks whose chain has 11 steps; above it has 3."""


def chain_weights(n_tracks: int) -> tuple[float, ...]:
    """Return the text weights of a chain, equally spaced from 0 to 1: 21, 11 or 3."""
    stride = 1 if n_tracks <= MOST_CHAINED else 2 if n_tracks <= MOST_IN_TENTHS else MIDDLE
    return TEXT_WEIGHTS[::stride]


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
    if _is_large(space):
        return store.cached(
            "layouts", key, lambda: _fit(space.X, choice, _middle(collection, choice, progress)[1])
        )
    chain = layout_chain(collection, choice, progress)
    before = _before(choice.text_weight)
    if TEXT_WEIGHTS[before] == choice.text_weight:
        return chain[before]
    return store.cached("layouts", key, lambda: _fit(space.X, choice, chain[before]))


def peek_layout(space: Space, choice: Choice) -> np.ndarray | None:
    """Return the positions of a choice if they are cached, else None."""
    if _is_separate(space, choice) or _is_large(space) or choice.text_weight not in TEXT_WEIGHTS:
        return store.peek("layouts", layout_key(space, choice))
    chain = store.peek("layouts", layout_key(space, choice))
    return None if chain is None else chain[TEXT_WEIGHTS.index(choice.text_weight)]


def has_chain(space: Space, choice: Choice) -> bool:
    """Return whether the layouts of all text weights are one chain."""
    return not _is_separate(space, replace(choice, text_weight=TEXT_WEIGHTS[0]))


def peek_chain(space: Space, choice: Choice) -> np.ndarray | None:
    """Return the cached layouts at all :func:`chain_weights`, shape=(steps, n, 2), else None."""
    return store.peek("layouts", _chain_key(space, choice))


def between_steps(space: Space, choice: Choice) -> np.ndarray | None:
    """Return positions between the two nearest steps of a cached chain, for display only, else None."""
    chain = peek_chain(space, choice) if has_chain(space, choice) else None
    if chain is None:
        return None
    place = choice.text_weight * (len(chain) - 1)
    low = min(int(place), len(chain) - 2)
    return chain[low] + np.float32(place - low) * (chain[low + 1] - chain[low])


def layout_key(space: Space, choice: Choice) -> str:
    """Return the cache key of a choice's positions: of a layout, or of the chain that contains it."""
    config = projection_spec(choice.projection).load()()
    key = store.key_of(space.key, config, choice.seed, source_hash(type(config), _fit))
    if _is_separate(space, choice):
        return key
    if _is_large(space):
        return store.key_of("from the middle", space.family, key)
    chain = _chain_key(space, choice)
    return chain if choice.text_weight in TEXT_WEIGHTS else store.key_of(chain, key)


def _chain_key(space: Space, choice: Choice) -> str:
    """Return the cache key of the chain that a choice is part of."""
    config = projection_spec(choice.projection).load()()
    if _is_large(space):
        weights = chain_weights(len(space.X))
        return store.key_of(
            "chain", space.family, config, choice.seed, weights, source_hash(type(config), _fit)
        )
    code = source_hash(type(config), chain_of, _before, _fit)
    return store.key_of("chain", space.family, config, choice.seed, TEXT_WEIGHTS, MIDDLE, code)


def layout_chain(collection: Collection, choice: Choice, progress: Progress = silent) -> np.ndarray:
    """Return the layouts at all :func:`chain_weights`, shape=(steps, n, 2)."""

    def space_at(weight: float) -> Space:
        return build_space(collection, replace(choice, text_weight=weight), progress, cache=False)

    middle, start = _middle(collection, choice, progress)

    def make() -> np.ndarray:
        if not _is_large(middle):
            return chain_of(
                start,
                lambda position, init: _fit(space_at(TEXT_WEIGHTS[position]).X, choice, init),
                progress,
            )
        weights, found = chain_weights(len(middle.X)), []
        for done, weight in enumerate(weights):
            progress(done, len(weights), "projecting other text weights")
            found.append(layout(collection, space_at(weight), replace(choice, text_weight=weight)))
        return np.stack(found)

    return store.cached("layouts", _chain_key(middle, choice), make)


def _middle(collection: Collection, choice: Choice, progress: Progress) -> tuple[Space, np.ndarray]:
    """Return the space and the layout at text weight 0.5."""
    choice = replace(choice, text_weight=0.5)
    space = build_space(collection, choice, progress)
    return space, layout(collection, space, choice)


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


def _is_large(space: Space) -> bool:
    """Return whether weights are initialised with 0.5 alone."""
    return len(space.X) > MOST_CHAINED


def _is_separate(space: Space, choice: Choice) -> bool:
    """Return True if a choice's layout is fitted separately: it is in no chain, or starts one."""
    follows = projection_spec(choice.projection).follows_weight
    return not (space.family and follows) or choice.text_weight == TEXT_WEIGHTS[MIDDLE]


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
