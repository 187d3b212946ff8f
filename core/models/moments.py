"""Mean and standard deviation of inputs: computed in blocks, and stored with a module that standardises."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from core.inputs.weighted_parts import InputPart

BLOCK = 1 << 22
"""Numbers converted to double precision at a time: 32 MB."""


class Standardised(nn.Module):
    """A module with the moments of its input as buffers: mean 0 and deviation 1 until they are fitted."""

    mean: Tensor
    deviation: Tensor
    parts: tuple[InputPart, ...] = ()
    """Extractors side by side in the input, () for one; set before the moments are."""

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


def mean_and_deviation(X: np.ndarray, parts: Sequence[InputPart] = ()) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and population standard deviation over examples.

    A dimension that hardly varies (below 1e-6 of its size) gets deviation 1, as in scikit-learn's
    StandardScaler, so that rounding noise isn't amplified.

    Parameters
    ----------
    X : ndarray, shape=(n, …)
    parts : sequence of InputPart
        Extractors side by side, whose sizes add up to d: their deviations are those that give each its share
        of the energy (see :func:`share_energy`).

    Returns
    -------
    mean, deviation : ndarray of float64, shape=(d,)
    """
    mean = np.asarray(sum(block.sum(0) for block in row_blocks(X))) / len(X)
    variance = np.asarray(sum(np.square(block - mean).sum(0) for block in row_blocks(X))) / len(X)
    deviation = np.sqrt(variance)
    is_constant = deviation <= 1e-6 * np.maximum(np.abs(mean), 1e-12)
    if parts:
        deviation = share_energy(np.where(is_constant, 0.0, deviation), parts)
    deviation[is_constant] = 1.0
    return mean, deviation


def share_energy(deviation: np.ndarray, parts: Sequence[InputPart]) -> np.ndarray:
    """Return the numbers by which parts side by side are divided, so that each has its share of the energy.

    The mean squared length of a divided example is d, as where each dimension is standardised; each part's
    share of it is that of its weight, whatever its number of dimensions. Within a part, each dimension is
    standardised, or all are divided by one number, which keeps their proportions.

    Parameters
    ----------
    deviation : ndarray, shape=(d,)
        Per dimension, 0 for a constant one.
    """
    total, start = sum(part.weight for part in parts), 0
    divisor = np.zeros(len(deviation))
    for part in parts:
        own = deviation[start : start + part.size]
        energy = np.count_nonzero(own) if part.standardise else np.square(own).sum()
        scale = np.sqrt(energy * total / (len(deviation) * part.weight))
        divisor[start : start + part.size] = own * scale if part.standardise else scale
        start += part.size
    return divisor
