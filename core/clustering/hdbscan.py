"""HDBSCAN."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.clustering.validation import check_features, relabel_by_size
from core.config import Config, setting


@dataclass(frozen=True)
class HDBSCAN(Config):
    """Find dense regions over all radii and select the most persistent; the rest is noise (-1).

    References
    ----------
    Campello, Moulavi & Sander (2013); McInnes & Healy (2017).
    """

    name: ClassVar[str] = "hdbscan"
    deterministic: ClassVar[bool] = True
    slow_above: ClassVar[int] = 20_000

    min_cluster_size: int = setting(
        5,
        low=2,
        title="Minimum cluster size",
        advanced=False,
        help="Regions of fewer tracks than this are noise.",
    )
    min_samples: int | None = setting(
        None,
        low=1,
        title="Minimum neighbours",
        advanced=False,
        help="Neighbours that the density estimate uses; fewer leave less noise. None: the minimum cluster "
        "size.",
    )

    def note(self, n_tracks: int) -> str:
        """Return a remark on a run of this size for the user, or ""."""
        if n_tracks > self.slow_above:
            minutes = 13 * (n_tracks / 1e4) ** 2 / 60
            return (
                f"HDBSCAN's time grows with the square of the number of tracks: about {minutes:.0f} minutes"
            )
        return ""

    def fit(self, X: np.ndarray, seed: int = 0) -> np.ndarray:
        """Return one cluster per track, largest first, -1 for noise; ``seed`` has no effect.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, n_features)

        Returns
        -------
        ndarray of int, shape=(n_tracks,)
            All noise where there are fewer tracks than a cluster needs; one cluster where all tracks are
            equal.

        Raises
        ------
        ConfigError
            When ``X`` is empty or not finite.
        """
        from sklearn.cluster import HDBSCAN as SklearnHDBSCAN

        X = check_features(X)
        if len(X) < max(self.min_cluster_size, self.min_samples or 1):
            return np.full(len(X), -1)
        if not np.ptp(X, axis=0).any():
            return np.zeros(len(X), dtype=np.int64)
        model = SklearnHDBSCAN(
            min_cluster_size=self.min_cluster_size, min_samples=self.min_samples, copy=True
        )
        return relabel_by_size(model.fit_predict(X))
