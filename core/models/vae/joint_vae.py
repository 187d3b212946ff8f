"""What models of two vectors share: one scale, hiding a modality in training, and the error of redrawing both.

With ``D_m`` numbers in modality m and ``R_mi`` the squared error of track i's, summed over them, the error of
a track is

    R_i = mean over the modalities m that track i has of R_mi / D_m

so that 768 numbers of text don't outweigh 40 of sound, and a track that lacks one counts like any other. What
training hides from the encoder is redrawn all the same, from the other modality (Ngiam et al., "Multimodal
Deep Learning", 2011, section 3.2): so one modality alone leads to where both would.
"""

import numpy as np
import torch
from torch import Tensor, nn

from core.models.moments import mean_and_deviation
from core.models.vae.elbo import squared_error
from core.models.vae.mlp_vae import relu_layers

MODALITIES = ("audio", "text")


class ZScore(nn.Module):
    """Vectors with mean 0 and deviation 1 per dimension, by moments that are kept with the model."""

    def __init__(self, size: int):
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("deviation", torch.ones(size))

    def fit_statistics(self, X: np.ndarray) -> None:
        """Take the moments of examples X of shape (n, size)."""
        if len(X):
            for buffer, moment in zip((self.mean, self.deviation), mean_and_deviation(X)):
                buffer.copy_(torch.from_numpy(moment))

    def forward(self, x: Tensor, present: Tensor) -> Tensor:
        """Return z-scored vectors (n, size), zeros where a track has none."""
        return torch.where(present[:, None], (x - self.mean) / self.deviation, 0.0)

    def back(self, x: Tensor) -> Tensor:
        """Return vectors in the input's own units."""
        return x * self.deviation + self.mean


def layers(sizes: tuple[int, ...]) -> list[nn.Module]:
    """Return linear layers with ReLU between them, none after the last."""
    return relu_layers(sizes)[:-1]


def present_in(batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return which tracks of a batch have which modality, each (n,), bool."""
    return {m: batch[f"{m}_present"].bool() for m in MODALITIES}


def one_alone(modality: str, x: Tensor, sizes: dict[str, int]) -> dict[str, Tensor]:
    """Return a batch of tracks that have one modality, x of shape (n, size), and lack the other."""
    batch = {m: x if m == modality else x.new_zeros(len(x), sizes[m]) for m in MODALITIES}
    return batch | {f"{m}_present": torch.full((len(x),), m == modality, device=x.device) for m in MODALITIES}


def drop_modality(present: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Return what the encoder may see: of a ``share`` of the tracks that have both, one modality or the other is hidden.

    The numbers that decide are spread evenly over a batch, so that each hides about as many.
    """
    both = present["audio"] & present["text"]
    n, device = len(both), both.device
    u = (torch.randperm(n, device=device) + torch.rand(n, device=device)) / n
    return {
        "audio": present["audio"] & ~(both & (u < share / 2)),
        "text": present["text"] & ~(both & (u >= 1 - share / 2)),
    }


def reconstruction_errors(
    recon: dict[str, Tensor], x: dict[str, Tensor], present: dict[str, Tensor]
) -> dict[str, Tensor]:
    """Return each modality's part in R_i, the mean over the batch: their sum is the mean of R_i, 0 is perfect.

    Parameters
    ----------
    recon, x : dict of Tensor, shape=(n, D_m)
        What was redrawn, and what should have been.
    present : dict of Tensor, shape=(n,), bool
    """
    n_there = sum(valid.float() for valid in present.values()).clamp(min=1)  # (n,)
    return {
        f"reconstruction_{m}": (
            present[m] * squared_error(recon[m].float(), x[m]) / x[m].shape[1] / n_there
        ).mean()
        for m in MODALITIES
    }


def gate_diagnostics(gate: Tensor, present: dict[str, Tensor]) -> dict:
    """Say how large the share of the sound is among the tracks that have both, {} where none has.

    Returns
    -------
    dict
        ``gate_mean`` and ``gate_spread``, the standard deviation: near 0 every track is mixed alike.
    """
    both = gate[present["audio"] & present["text"]]
    return (
        {"gate_mean": round(both.mean().item(), 4), "gate_spread": round(both.std(unbiased=False).item(), 4)}
        if len(both)
        else {}
    )
