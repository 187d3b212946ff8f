"""Features of a collection, as an extractor returns them."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False)
class Features:
    """Features of every track of a collection.

    Attributes
    ----------
    X : ndarray, shape=(n_tracks, …)
        Zero where a track has none. Read from the store on first access: what is derived from features can
        often be found by ``key`` alone.
    present : ndarray of bool, shape=(n_tracks,)
        False where a track lacks this modality or could not be read.
    key : str
        Hash of content, config and code.
    failed : dict
        Reason by track id, for tracks that could not be read or whose features are not finite.
    n_outdated : int
        Tracks whose features an earlier version of the extractor computed.
    """

    load: Callable[[], np.ndarray] = field(repr=False)
    present: np.ndarray
    key: str
    failed: dict[str, str] = field(default_factory=dict)
    n_outdated: int = 0

    @functools.cached_property
    def X(self) -> np.ndarray:
        """Load the feature matrix."""
        return self.load()
