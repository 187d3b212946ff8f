"""What every projection is: a frozen config with ``fit``, and a spec that says what it can do."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.progress import Progress, silent
from core.registry import Spec


class Projection(Protocol):
    """Positions of shape (n_tracks, 2) from vectors; ``init`` is the layout shown before, to whose places they are aligned."""

    name: str

    def fit(
        self, X: np.ndarray, seed: int = 0, init: np.ndarray | None = None, progress: Progress = silent
    ) -> np.ndarray: ...


@dataclass(frozen=True, kw_only=True)
class ProjectionSpec(Spec):
    """A projection's facts.

    Attributes
    ----------
    warm_starts : bool
        It goes on from ``init`` in a few steps; the others compute the same layout anew, and only turn it to
        fit.
    follows_weight : bool
        It is quick enough for a map that follows the text weight while it moves, see :mod:`core.pipeline.layouts`.
    """

    warm_starts: bool = False
    follows_weight: bool = False

    def protocols(self) -> tuple[type, ...]:
        return (Projection,)
