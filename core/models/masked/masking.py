"""Patches of spectrograms, and random masking of tokens."""

from dataclasses import dataclass

import torch
from torch import Tensor


def patchify(x: Tensor, size: int) -> Tensor:
    """Return square patches (n, n_patches, size²) of spectrograms (n, n_mels, n_frames), lowest first."""
    n, height, width = x.shape
    x = x.view(n, height // size, size, width // size, size)
    return x.transpose(2, 3).reshape(n, -1, size * size)  # (n, rows · columns, size · size)


def unpatchify(patches: Tensor, n_mels: int, size: int) -> Tensor:
    """Return spectrograms (n, n_mels, n_frames) from patches (n, n_patches, size²)."""
    n, n_patches, _ = patches.shape
    rows = n_mels // size
    x = patches.view(n, rows, n_patches // rows, size, size)
    return x.transpose(2, 3).reshape(n, n_mels, -1)


@dataclass(frozen=True)
class Masked:
    """The mask of a batch of token rows.

    Attributes
    ----------
    visible : Tensor of int64, shape=(n, K)
        Positions of the visible tokens; K is the largest number in any row.
    visible_valid : Tensor of bool, shape=(n, K)
        False where a row has fewer than K visible tokens; the position there is meaningless.
    mask : Tensor of bool, shape=(n, L)
        True where a valid token is masked; visible tokens and padding are False.
    ids_restore : Tensor of int64, shape=(n, L)
        For each position, the index of its token in the shuffled row, visible ones first.
    """

    visible: Tensor
    visible_valid: Tensor
    mask: Tensor
    ids_restore: Tensor

    @property
    def valid(self) -> Tensor:
        """The valid mask of all tokens, visible or masked, (n, L)."""
        return self.mask | torch.zeros_like(self.mask).scatter(1, self.visible, self.visible_valid)


def random_masking(valid: Tensor, ratio: float, noise: Tensor | None = None) -> Masked:
    """Mask ``ratio`` of each row's tokens, uniformly at random.

    Of a row with L tokens ``round(L · (1 - ratio))`` stay visible, at least one.

    Parameters
    ----------
    valid : Tensor of bool, shape=(n, L)
        False for padding, which is neither visible nor masked.
    noise : Tensor, shape=(n, L), optional
        Uniform in [0, 1): tokens with the smallest values stay visible. Sampled by default.

    References
    ----------
    He et al., "Masked Autoencoders Are Scalable Vision Learners", 2022.
    """
    noise = torch.rand(valid.shape, device=valid.device) if noise is None else noise
    order = noise.masked_fill(~valid, 2.0).argsort(1)  # padding last
    ids_restore = order.argsort(1)
    lengths = valid.sum(1, keepdim=True)
    n_visible = torch.round(lengths * (1 - ratio)).long().clamp(min=1).minimum(lengths)  # (n, 1)
    most = max(1, int(n_visible.max()))
    return Masked(
        visible=order[:, :most],
        visible_valid=torch.arange(most, device=valid.device) < n_visible,
        mask=(ids_restore >= n_visible) & valid,
        ids_restore=ids_restore,
    )


def select_visible(x: Tensor, masked: Masked) -> Tensor:
    """Return the visible tokens (n, K, d) of x (n, L, d)."""
    return x.gather(1, masked.visible[..., None].expand(-1, -1, x.shape[2]))


def restore(x: Tensor, masked: Masked, mask_token: Tensor) -> Tensor:
    """Return visible tokens (n, K, d) at their positions and the mask token (d,) elsewhere, (n, L, d)."""
    n, n_visible, d = x.shape
    x = torch.where(masked.visible_valid[..., None], x, mask_token.to(x.dtype))
    rest = mask_token.to(x.dtype).expand(n, masked.ids_restore.shape[1] - n_visible, d)
    return torch.cat([x, rest], 1).gather(1, masked.ids_restore[..., None].expand(-1, -1, d))


def keep_modalities(batch: dict[str, Tensor], modalities: str) -> dict[str, Tensor]:
    """Return a batch of ``audio`` and ``text`` in which only "audio", only "text" or "both" are present."""
    if modalities == "audio":
        return {**batch, "text": torch.zeros_like(batch["text"])}
    if modalities == "text":
        none = torch.zeros(len(batch["text"]), dtype=torch.bool, device=batch["text"].device)
        return {**batch, "audio_present": none}
    return batch
