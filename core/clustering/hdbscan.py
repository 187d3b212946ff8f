"""HDBSCAN."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.clustering.validation import by_size, check_rows
from core.config import Config, setting


@dataclass(frozen=True)
class HDBSCAN(Config):
    """Find dense regions at every radius at once and keep those that last; the rest is noise (-1).

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
        help="A region of fewer tracks than this is noise and no cluster.",
    )
    min_samples: int | None = setting(
        None,
        low=1,
        title="Minimum neighbours",
        advanced=False,
        help="Neighbours over which the density is smoothed; fewer leave less noise. None: the minimum "
        "cluster size.",
    )

    def note(self, n_tracks: int) -> str:
        """Return what a person should know of this run, or ""."""
        if n_tracks > self.slow_above:
            minutes = 13 * (n_tracks / 1e4) ** 2 / 60
            return f"HDBSCAN's time grows with the square of the tracks: about {minutes:.0f} minutes here"
        return ""

    def fit(self, X: np.ndarray, seed: int = 0) -> np.ndarray:
        """Return one cluster per track, biggest first, -1 for noise; ``seed`` has no effect.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, n_features)

        Returns
        -------
        ndarray of int, shape=(n_tracks,)
            All noise where there are fewer tracks than a cluster needs. Tracks that are all alike are one
            cluster.

        Raises
        ------
        ConfigError
            When ``X`` is empty or not finite.
        """
        from sklearn.cluster import HDBSCAN as Whole

        X = check_rows(X)
        if len(X) < max(self.min_cluster_size, self.min_samples or 1):
            return np.full(len(X), -1)
        if not np.ptp(X, axis=0).any():
            return np.zeros(len(X), dtype=np.int64)
        model = Whole(min_cluster_size=self.min_cluster_size, min_samples=self.min_samples, copy=True)
        return by_size(model.fit_predict(X))
