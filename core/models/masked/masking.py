"""Patches of spectrograms, and hiding some tokens of a row at random."""

from dataclasses import dataclass

import torch
from torch import Tensor


def patchify(x: Tensor, size: int) -> Tensor:
    """Cut spectrograms (n, n_mels, n_frames) into squares, band by band from the lowest, (n, n_patches, size²)."""
    n, height, width = x.shape
    x = x.view(n, height // size, size, width // size, size)
    return x.transpose(2, 3).reshape(n, -1, size * size)  # (n, rows · columns, size · size)


def unpatchify(patches: Tensor, n_mels: int, size: int) -> Tensor:
    """Put patches (n, n_patches, size²) together again, (n, n_mels, n_frames)."""
    n, n_patches, _ = patches.shape
    rows = n_mels // size
    x = patches.view(n, rows, n_patches // rows, size, size)
    return x.transpose(2, 3).reshape(n, n_mels, -1)


@dataclass(frozen=True)
class Masked:
    """Which tokens of each row are kept, in which order, and which are hidden.

    Attributes
    ----------
    kept : Tensor of int64, shape=(n, K)
        Places of the kept tokens; K is the most that any row keeps.
    kept_valid : Tensor of bool, shape=(n, K)
        False where a row keeps fewer than K: the place there means nothing.
    hidden : Tensor of bool, shape=(n, L)
        True where a token is valid and was masked; kept ones and padding are False.
    back : Tensor of int64, shape=(n, L)
        For each place, where its token stands in the shuffled row, kept ones first.
    """

    kept: Tensor
    kept_valid: Tensor
    hidden: Tensor
    back: Tensor


def random_masking(valid: Tensor, ratio: float, noise: Tensor | None = None) -> Masked:
    """Hide ``ratio`` of each row's tokens, uniformly at random; each modality has a mask of its own.

    Of a row with L tokens ``round(L · (1 - ratio))`` are kept, at least one. A ratio of 0 keeps all.

    Parameters
    ----------
    valid : Tensor of bool, shape=(n, L)
        Where there is a token at all; padding is neither kept nor hidden.
    noise : Tensor, shape=(n, L), optional
        Uniform in [0, 1): the smallest stay. Drawn where left out.

    References
    ----------
    He et al., "Masked Autoencoders Are Scalable Vision Learners", 2022.
    """
    noise = torch.rand(valid.shape, device=valid.device) if noise is None else noise
    order = noise.masked_fill(~valid, 2.0).argsort(1)  # absent tokens last
    back = order.argsort(1)
    lengths = valid.sum(1, keepdim=True)
    n_kept = torch.round(lengths * (1 - ratio)).long().clamp(min=1).minimum(lengths)  # (n, 1)
    widest = max(1, int(n_kept.max()))
    return Masked(
        kept=order[:, :widest],
        kept_valid=torch.arange(widest, device=valid.device) < n_kept,
        hidden=(back >= n_kept) & valid,
        back=back,
    )


def take_kept(x: Tensor, masked: Masked) -> Tensor:
    """Return the kept tokens of x (n, L, d), (n, K, d)."""
    return x.gather(1, masked.kept[..., None].expand(-1, -1, x.shape[2]))


def put_back(x: Tensor, masked: Masked, mask_token: Tensor) -> Tensor:
    """Return kept tokens (n, K, d) in their places, and the mask token (d,) wherever none was kept, (n, L, d)."""
    n, n_kept, d = x.shape
    x = torch.where(masked.kept_valid[..., None], x, mask_token.to(x.dtype))
    rest = mask_token.to(x.dtype).expand(n, masked.back.shape[1] - n_kept, d)
    return torch.cat([x, rest], 1).gather(1, masked.back[..., None].expand(-1, -1, d))
