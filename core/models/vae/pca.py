"""Principal component analysis: the linear baseline, in closed form, no epochs.

Siddique, Hybrid Audio–Text Clustering for Music: vectors are z-scored first and reduced to 16 (sections 3.1.4
and 3.2.3); spectrograms are flattened as they are and reduced to 32 (section 3.3.2).

Equal to ``sklearn.decomposition.PCA`` with the sign rule of its ``svd_flip``: the largest loading of each
component is positive. Components come from the smaller of two symmetric matrices, in double precision and in
blocks: d x d when there are more examples than dimensions, else n x n (32,768-d spectrograms of a thousand
tracks need an 8 MB matrix and no copy of the data).
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from core.config import Config, setting
from core.errors import ConfigError
from core.models.moments import BLOCK, Standardised, mean_and_deviation, row_blocks
from core.models.vae.autoencoder import Autoencoder


@dataclass(frozen=True)
class PCAConfig(Config):
    """Settings of PCA."""

    n_components: int | None = setting(
        None,
        low=1,
        advanced=False,
        title="Principal components",
        help="Number of components kept; empty: 16 for vectors and 32 for spectrograms, or as many as the "
        "tracks allow. *Siddique, sections 3.1.4 and 3.2.3*",
    )
    standardise: bool | None = setting(
        None,
        title="Standardise inputs",
        help="Scales each input dimension to unit variance; automatic: vectors yes, spectrograms no.",
    )
    max_examples: int = setting(
        8192,
        low=2,
        title="Maximum examples",
        help="Of more examples than this, that many evenly spaced ones are used, where an input has more "
        "dimensions too.",
    )


class PCA(Autoencoder, Standardised):
    """PCA: the baseline of sections 3.1.4 and 3.3.2, and the text vectors of section 3.2.3."""

    name = "pca"
    Config = PCAConfig
    train_config = None
    total_variance: Tensor
    components: Tensor
    explained_variance: Tensor

    def __init__(self, config: PCAConfig, input_shape: tuple[int, ...], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        is_vector = len(self.input_shape) == 1
        size = int(np.prod(self.input_shape))
        self.config = replace(
            config, standardise=is_vector if config.standardise is None else config.standardise
        )
        self.is_default = config.n_components is None
        self.register_moments(size)
        self.register_buffer("total_variance", torch.zeros(1))
        self._allocate(config.n_components or min(size, 16 if is_vector else 32))

    def _allocate(self, n_components: int) -> None:
        """Allocate the components and set their number in the config, which the checkpoint stores."""
        size = len(self.mean)
        if n_components > size:
            raise ConfigError(f"n_components={n_components} must be at most {size}, the size of one example")
        self.latent_dim = n_components
        self.config = replace(self.config, n_components=n_components)
        self.register_buffer("components", torch.zeros(n_components, size))
        self.register_buffer("explained_variance", torch.zeros(n_components))

    def fit_statistics(self, X: np.ndarray) -> None:
        """Fit on examples X of shape (n, *input_shape).

        Raises
        ------
        ConfigError
            When there are fewer examples than components + 1.
        """
        X = self._subsample(X)
        if self.latent_dim > len(X) - 1:
            if not self.is_default or len(X) < 2:
                raise ConfigError(
                    f"n_components={self.latent_dim} needs {self.latent_dim + 1} examples or more; there "
                    f"are {len(X)}"
                )
            self._allocate(len(X) - 1)
        mean, deviation = mean_and_deviation(X, self.parts)
        if not self.config.standardise:
            deviation = np.ones_like(mean)
        components, variance, total = _principal(X, mean, deviation, self.latent_dim)
        self.set_moments(mean, deviation)
        self.components.copy_(torch.from_numpy(components))
        self.explained_variance.copy_(torch.from_numpy(variance))
        self.total_variance.fill_(float(total))

    def _subsample(self, X: np.ndarray) -> np.ndarray:
        """Return evenly spaced examples where both axes of the data exceed ``max_examples``."""
        limit = self.config.max_examples
        if len(X) <= limit or X[0].size <= limit:
            return X
        return X[np.linspace(0, len(X) - 1, limit).round().astype(int)]

    def encode(self, x: Tensor) -> Tensor:
        """Return the coordinates along the components, (n, n_components)."""
        return (x.flatten(1) - self.mean) / self.deviation @ self.components.T

    def decode(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Return the reconstruction in the span of the components, (n, *input_shape)."""
        return (z @ self.components * self.deviation + self.mean).unflatten(1, self.input_shape)

    def standardised_inputs(self) -> dict[str, Standardised]:
        """Return the model itself, which has the moments of its input."""
        return {"x": self}

    def input_moments(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Return mean and deviation of shape input_shape; the deviation is 1 without standardisation."""
        return {"x": (self.mean.view(self.input_shape), self.deviation.view(self.input_shape))}

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return the share of the variance that each component explains, largest first."""
        share = self.explained_variance / self.total_variance.clamp_min(1e-30)
        return {"explained_variance_ratio": [round(v, 6) for v in share.tolist()]}


def _principal(
    X: np.ndarray, mean: np.ndarray, deviation: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return components (k, d), their variances (k,) and the total variance of centred and scaled X.

    Where the data span fewer than k directions the remaining components are 0.
    """
    n, d = len(X), len(mean)
    flat = X.reshape(n, -1)
    if d <= n:
        scatter = (block.T @ block for block in ((b - mean) / deviation for b in row_blocks(X)))
        S = np.asarray(sum(scatter))  # (d, d)
    else:
        width = max(1, BLOCK // n)
        columns = [slice(start, start + width) for start in range(0, d, width)]

        def scaled(c: slice) -> np.ndarray:
            return (flat[:, c].astype(np.float64) - mean[c]) / deviation[c]

        # (n, n) Gram matrix, with the same eigenvalues
        S = np.asarray(sum(block @ block.T for block in map(scaled, columns)))
    values, vectors = np.linalg.eigh(S)  # ascending
    values, vectors = values[::-1][:k], vectors[:, ::-1][:, :k]
    real = values > max(values[0], 0) * 1e-12
    values = np.where(real, values, 0)
    if d <= n:
        components = vectors.T
    else:
        lengths = np.sqrt(np.where(real, values, 1))
        components = np.concatenate([(vectors / lengths).T @ scaled(c) for c in columns], axis=1)  # (k, d)
    components = components * real[:, None]
    largest = components[np.arange(k), np.abs(components).argmax(1)]
    components = components * np.where(largest < 0, -1.0, 1.0)[:, None]
    return components, values / (n - 1), np.trace(S) / (n - 1)
