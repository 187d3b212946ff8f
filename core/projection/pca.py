"""Principal component analysis."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import Config
from core.progress import Progress, silent
from core.projection.align import check_init, normalise
from core.projection.preprocessing import preprocess, principal_components


@dataclass(frozen=True)
class PCA2(Config):
    """Project onto the two directions of greatest variance.

    References
    ----------
    Pearson (1901); Hotelling (1933).
    """

    name: ClassVar[str] = "pca"

    def fit(
        self, X: np.ndarray, seed: int = 0, init: np.ndarray | None = None, progress: Progress = silent
    ) -> np.ndarray:
        """Return the first two principal components.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, n_features)
        seed : int
            Has an effect only above 100 dimensions, through a randomised SVD.
        init : ndarray, shape=(n_tracks, 2), optional
            The previous layout, which determines the sign of each axis.

        Returns
        -------
        ndarray, shape=(n_tracks, 2), float32
            Centred, unit root mean squared radius.
        """
        X = preprocess(X, seed)
        init = check_init(init, len(X))
        Y = normalise(principal_components(X))
        if init is not None:
            Y *= np.where((Y * init).sum(axis=0) < 0, -1, 1).astype(np.float32)
        progress(1, 1, self.name)
        return Y
