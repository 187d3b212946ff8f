"""Principal component analysis."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.progress import Progress
from core.projection.projector import Projection, normalise


@dataclass(frozen=True)
class PCA2(Projection):
    """Project onto the two directions of greatest variance.

    References
    ----------
    Pearson (1901); Hotelling (1933).
    """

    name: ClassVar[str] = "pca"
    by_landmarks: ClassVar[bool] = False

    def optimise(
        self, X: np.ndarray, start: np.ndarray, init: np.ndarray | None, seed: int, progress: Progress
    ) -> np.ndarray:
        """Return the principal components."""
        progress(1, 1, self.name)
        return start

    def align(self, Y: np.ndarray, reference: np.ndarray) -> np.ndarray:
        """Return a normalised layout with the signs of ``reference``: components have no other freedom."""
        Y = normalise(Y)
        return Y * np.where((Y * reference).sum(axis=0) < 0, -1, 1).astype(np.float32)
