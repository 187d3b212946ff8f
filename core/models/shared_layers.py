"""Transformer layers of masked autoencoders, shared by several streams but for their layer norms.

Masked attention, pre-norm layers (Xiong et al. 2020) with norms per stream, BERT's post-norm layers, and
fixed positions of patches and word pieces.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

STREAMS = ("audio", "text", "joint")


class Attention(nn.Module):
    """Multi-head self-attention (Vaswani et al. 2017, section 3.2)."""

    def __init__(self, dim: int, n_heads: int):
        super().__init__()
        self.n_heads = n_heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x: Tensor, valid: Tensor | None) -> Tensor:
        """Return the attention of tokens x (n, L, dim) to the ``valid`` ones (n, L), bool; None: to all."""
        n, length, dim = x.shape
        q, k, v = (
            self.qkv(x).view(n, length, 3, self.n_heads, -1).permute(2, 0, 3, 1, 4)
        )  # each (n, heads, L, dim / heads)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=None if valid is None else valid[:, None, None])
        return self.out(y.transpose(1, 2).reshape(n, length, dim))


class Layer(nn.Module):
    """A transformer layer, ``x + attention(norm(x))``, then ``x + mlp(norm(x))``; post-norm as in BERT.

    Parameters
    ----------
    streams : tuple of str
        Streams with their own layer norms; attention and the two linear layers (4 times as wide between) are
        shared.
    post_norm : bool
        Normalise the sums instead of the inputs.
    """

    def __init__(
        self, dim: int, n_heads: int, *, streams: tuple[str, ...] = ("joint",), post_norm: bool = False
    ):
        super().__init__()
        self.post_norm = post_norm
        self.norm1 = nn.ModuleDict({stream: nn.LayerNorm(dim, eps=1e-5) for stream in streams})
        self.attention = Attention(dim, n_heads)
        self.norm2 = nn.ModuleDict({stream: nn.LayerNorm(dim, eps=1e-5) for stream in streams})
        self.mlp = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))

    def forward(self, x: Tensor, valid: Tensor | None = None, stream: str = "joint") -> Tensor:
        """Return tokens (n, L, dim) of one stream."""
        norm1, norm2 = self.norm1[stream], self.norm2[stream]
        if self.post_norm:
            x = norm1(x + self.attention(x, valid))
            return norm2(x + self.mlp(x))
        x = x + self.attention(norm1(x), valid)
        return x + self.mlp(norm2(x))


def attention_mask(valid: Tensor) -> Tensor | None:
    """Return the attention mask (n, L), None where all tokens are valid.

    A row without a valid token attends to its padding, which keeps its unused output finite.
    """
    return None if bool(valid.all()) else valid | ~valid.any(1, keepdim=True)


def masked_mean(x: Tensor, valid: Tensor) -> Tensor:
    """Return the mean (n, dim) of the valid tokens (n, L, dim) by their mask (n, L); zeros where none is."""
    weights = valid.to(x.dtype)[..., None]
    return (x * weights).sum(1) / weights.sum(1).clamp_min(1)


def sinusoids(positions: np.ndarray, dim: int) -> np.ndarray:
    """Return sinusoidal positions with ``dim / 2`` rates from 1 to 1 / 10,000 (Vaswani et al. 2017, 3.5).

    Parameters
    ----------
    positions : ndarray, shape=(L,)
    dim : int
        Even.

    Returns
    -------
    ndarray of float32, shape=(L, dim)
        First all sines, then all cosines.
    """
    rates = 10_000.0 ** -(np.arange(dim // 2) / (dim / 2))
    angles = np.outer(positions, rates)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


def grid_positions(n_rows: int, n_columns: int, dim: int) -> Tensor:
    """Return sinusoidal positions of a grid by row, (n_rows · n_columns, dim): half for the column, half row.

    The order is that of MAE (He et al. 2022), so that its and CAV-MAE's weights fit.
    """
    row, column = np.divmod(np.arange(n_rows * n_columns), n_columns)
    return torch.from_numpy(np.concatenate([sinusoids(column, dim // 2), sinusoids(row, dim // 2)], axis=1))
