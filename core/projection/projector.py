"""The contract of projections: the protocol of the config classes, and the registry's spec."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from core.progress import Progress, silent
from core.registry import Spec


class Projection(Protocol):
    """A projection with its parameters, as a frozen config."""

    name: ClassVar[str]

    def fit(
        self, X: np.ndarray, seed: int = 0, init: np.ndarray | None = None, progress: Progress = silent
    ) -> np.ndarray:
        """Return positions, shape=(n_tracks, 2), aligned with ``init``, the previous layout, if given."""


@dataclass(frozen=True, kw_only=True)
class ProjectionSpec(Spec):
    """The registry entry of a projection.

    Attributes
    ----------
    warm_starts : bool
        Whether it continues from ``init`` in a few steps; others recompute the layout and only align it.
    follows_weight : bool
        Whether it is fast enough to update the map while the text weight changes, see
        :mod:`core.pipeline.layouts`.
    """

    warm_starts: bool = False
    follows_weight: bool = False

    def protocols(self) -> tuple[type, ...]:
        """Return the protocols that the class must meet."""
        return (Projection,)
