"""Gaussian mixture."""

import warnings
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.clustering.choose_k import settle_k
from core.clustering.labels import by_size, check_count, check_rows
from core.errors import ConfigError

COVARIANCES = ("full", "tied", "diag", "spherical")


@dataclass(frozen=True)
class GaussianMixture:
    """Describe the tracks as drawn from ``n_clusters`` normal distributions; each joins the likeliest.

    Attributes
    ----------
    n_clusters : int or None
        Components; None lets Silhouette choose among 2 … 10.
    covariance : {"diag", "full", "tied", "spherical"}
        Shape of a component. ``full`` has d² / 2 parameters each and needs far more tracks than that.
    regularisation : float
        Added to every variance, as a share of the mean variance of the data, so that no component can
        collapse onto a few tracks whatever the scale of the representation.
    n_init : int
        Runs from different starts, of which the likeliest is kept.

    References
    ----------
    Dempster, Laird & Rubin (1977); Bishop (2006), Pattern Recognition and Machine Learning, section 9.2.
    """

    name: ClassVar[str] = "gmm"
    title: ClassVar[str] = "Gaussian mixture"
    description: ClassVar[str] = (
        "Stretched groups of different size and width; every track belongs to the likeliest one."
    )
    paper: ClassVar[str] = "Dempster, Laird & Rubin 1977, Maximum likelihood from incomplete data via the EM algorithm"
    deterministic: ClassVar[bool] = False
    takes_k: ClassVar[bool] = True
    most_full: ClassVar[int] = 512

    n_clusters: int | None = 8
    covariance: str = "diag"
    regularisation: float = 0.01
    n_init: int = 3

    def __post_init__(self):
        check_count("n_clusters", self.n_clusters, none_allowed=True)
        check_count("n_init", self.n_init)
        if self.covariance not in COVARIANCES:
            raise ConfigError(f"covariance={self.covariance!r} must be one of {', '.join(COVARIANCES)}")
        if not 0 < self.regularisation <= 1:
            raise ConfigError(
                f"regularisation={self.regularisation!r} must lie in (0, 1]: a share of the mean variance"
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
        if self.n_clusters is None:
            return settle_k(X, self, seed).fit(X, seed)
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.mixture import GaussianMixture as Whole

        X = check_rows(X, self.n_clusters)
        if self.covariance in ("full", "tied") and X.shape[1] > self.most_full:
            raise ConfigError(
                f"covariance={self.covariance!r} is for up to {self.most_full} dimensions, not {X.shape[1]}: take diag"
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
