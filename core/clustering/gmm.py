"""Gaussian mixture."""

import warnings
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from core.clustering.clusterer import KConfig
from core.config import setting
from core.errors import ConfigError


@dataclass(frozen=True)
class GaussianMixture(KConfig):
    """Fit ``n_clusters`` normal distributions by EM; assign each track to the most likely one.

    References
    ----------
    Dempster, Laird & Rubin (1977); Bishop (2006), Pattern Recognition and Machine Learning, section 9.2.
    """

    name: ClassVar[str] = "gmm"
    deterministic: ClassVar[bool] = False
    max_full_features: ClassVar[int] = 512

    covariance: Literal["diag", "full", "tied", "spherical"] = setting(
        "diag",
        title="Covariance",
        help="Covariance matrix of a component: diag axis-aligned, full unrestricted (needs far more tracks "
        "than d² / 2), tied shared by all components, spherical isotropic.",
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
        help="Runs from different initial values; the one of the highest likelihood is used.",
    )

    def assign(self, X: np.ndarray, seed: int) -> np.ndarray:
        """Return the most likely component of each track; one may be the most likely for no track."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.mixture import GaussianMixture as SklearnGaussianMixture

        if self.covariance in ("full", "tied") and X.shape[1] > self.max_full_features:
            raise ConfigError(
                f"covariance={self.covariance!r} supports up to {self.max_full_features} dimensions, not "
                f"{X.shape[1]}: take diag"
            )
        if len(X) == 1:
            return np.zeros(1, dtype=np.int64)
        X = X - X.mean(axis=0)
        scale = np.sqrt(X.var(axis=0).mean()) or 1.0
        model = SklearnGaussianMixture(
            self.n_clusters,
            covariance_type=self.covariance,
            reg_covar=self.regularisation,
            n_init=self.n_init,
            random_state=seed,
        )
        with warnings.catch_warnings():
            # 100 EM steps settle the labels long before the likelihood converges.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return model.fit_predict(X / scale)
