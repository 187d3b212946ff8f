"""Gaussian mixture."""

import warnings
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from core.clustering.clusterer import KConfig
from core.clustering.validation import by_size, check_rows
from core.config import setting
from core.errors import ConfigError


@dataclass(frozen=True)
class GaussianMixture(KConfig):
    """Describe the tracks as drawn from ``n_clusters`` normal distributions; each joins the likeliest.

    References
    ----------
    Dempster, Laird & Rubin (1977); Bishop (2006), Pattern Recognition and Machine Learning, section 9.2.
    """

    name: ClassVar[str] = "gmm"
    deterministic: ClassVar[bool] = False
    most_full: ClassVar[int] = 512

    covariance: Literal["diag", "full", "tied", "spherical"] = setting(
        "diag",
        title="Covariance",
        help="Shape of a component: diag along the axes, full in any direction (needs far more tracks than "
        "d² / 2), tied the same for "
        "all, spherical round.",
    )
    regularisation: float = setting(
        0.01,
        above=0,
        high=1,
        title="Regularisation",
        help="Added to every variance, as a share of the data's mean variance, so that no component "
        "collapses onto a few tracks.",
    )
    n_init: int = setting(
        3,
        low=1,
        title="Initialisations",
        help="Runs from different initial values; the one of the highest likelihood is kept.",
    )

    def note(self, n_tracks: int) -> str:
        """Return what a person should know of this run, or ""."""
        return ""

    def fit(self, X: np.ndarray, seed: int = 0) -> np.ndarray:
        """Return one cluster per track, biggest first.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, n_features)
        seed : int

        Returns
        -------
        ndarray of int, shape=(n_tracks,)
            May hold fewer than ``n_clusters`` clusters: a component can be the likeliest for no track.

        Raises
        ------
        ConfigError
            With fewer different tracks than components, too many dimensions for ``full`` or ``tied``, or when
            ``X`` is not finite.
        """
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.mixture import GaussianMixture as Whole

        X = check_rows(X, self.n_clusters)
        if self.covariance in ("full", "tied") and X.shape[1] > self.most_full:
            raise ConfigError(
                f"covariance={self.covariance!r} is for up to {self.most_full} dimensions, not "
                f"{X.shape[1]}: take diag"
            )
        if len(X) == 1:
            return np.zeros(1, dtype=np.int64)
        X = X - X.mean(axis=0)
        scale = np.sqrt(X.var(axis=0).mean()) or 1.0
        model = Whole(
            self.n_clusters,
            covariance_type=self.covariance,
            reg_covar=self.regularisation,
            n_init=self.n_init,
            random_state=seed,
        )
        with warnings.catch_warnings():
            # 100 EM steps settle the labels long before the likelihood stops creeping.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return by_size(model.fit_predict(X / scale))
