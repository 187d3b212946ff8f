"""Mean and standard deviation of inputs: computed in blocks, and stored with a module that standardises."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

BLOCK = 1 << 22
"""Numbers converted to double precision at a time: 32 MB."""


class Standardised(nn.Module):
    """A module with the moments of its input as buffers: mean 0 and deviation 1 until they are fitted."""

    mean: Tensor
    deviation: Tensor

    def register_moments(self, *shape: int) -> None:
        """Register the buffers ``mean`` and ``deviation``."""
        self.register_buffer("mean", torch.zeros(shape))
        self.register_buffer("deviation", torch.ones(shape))

    def set_moments(self, mean: np.ndarray, deviation: np.ndarray) -> None:
        """Store the moments of the training examples."""
        self.mean.copy_(torch.from_numpy(mean))
        self.deviation.copy_(torch.from_numpy(deviation))


def row_blocks(X: np.ndarray) -> Iterator[np.ndarray]:
    """Yield consecutive rows of X as flat float64 blocks, shape (rows, d)."""
    step = max(1, BLOCK // max(1, X[:1].size))
    for start in range(0, len(X), step):
        yield X[start : start + step].reshape(len(X[start : start + step]), -1).astype(np.float64)


def mean_and_deviation(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and population standard deviation over examples.

    A dimension that hardly varies (below 1e-6 of its size) gets deviation 1, as in scikit-learn's
    StandardScaler, so that rounding noise isn't amplified.

    Parameters
    ----------
    X : ndarray, shape=(n, …)

    Returns
    -------
    mean, deviation : ndarray of float64, shape=(d,)
    """
    mean = np.asarray(sum(block.sum(0) for block in row_blocks(X))) / len(X)
    variance = np.asarray(sum(np.square(block - mean).sum(0) for block in row_blocks(X))) / len(X)
    deviation = np.sqrt(variance)
    deviation[deviation <= 1e-6 * np.maximum(np.abs(mean), 1e-12)] = 1.0
    return mean, deviation
