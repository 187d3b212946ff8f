"""Models with a joint latent of audio and text: masks of the modalities, and encoding one alone."""

from abc import abstractmethod

import torch
from torch import Tensor

from core.models.latent_model import LatentModel

MODALITIES = ("audio", "text")


class JointModel(LatentModel):
    """A model of audio and text that encodes tracks with either or both, and weighs the two by a gate."""

    @abstractmethod
    def encode_joint(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the latents of tracks with audio, text or both, (n, latent_dim)."""

    @abstractmethod
    def gate(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the share of audio, (n,), 0 to 1; 1 or 0 for tracks with one modality."""

    def encode_audio(self, x: Tensor) -> Tensor:
        """Return the latents of audio (n, …) without text, (n, latent_dim)."""
        return self.encode_joint(self.mask_other("audio", x))

    def encode_text(self, x: Tensor) -> Tensor:
        """Return the latents of text (n, …) without audio, (n, latent_dim)."""
        return self.encode_joint(self.mask_other("text", x))

    def mask_other(self, modality: str, x: Tensor) -> dict[str, Tensor]:
        """Return a batch of tracks with one modality, x of shape (n, …), and the other one masked."""
        batch = {m: x if m == modality else x.new_zeros(len(x), *self.input_shape[m]) for m in MODALITIES}
        valid = {f"{m}_present": torch.full((len(x),), m == modality, device=x.device) for m in MODALITIES}
        return batch | valid

    def drop_modality(self, present: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return the masks after modality dropout in training, as they are otherwise."""
        share = self.config.modality_dropout
        return drop_modality(present, share) if self.training and share else present

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return mean and standard deviation of the gate over tracks with both; {} for none."""
        present = present_in(batch)
        both = self.gate(batch)[present["audio"] & present["text"]]
        if not len(both):
            return {}
        spread = both.std(unbiased=False)
        return {"gate_mean": round(both.mean().item(), 4), "gate_spread": round(spread.item(), 4)}


def present_in(batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the valid mask (n,) of each modality in a batch."""
    return {m: batch[f"{m}_present"].bool() for m in MODALITIES}


def drop_modality(present: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Return the masks after modality dropout: a ``share`` of tracks with both loses one of them.

    Stratified random numbers drop each modality about equally often in a batch.
    """
    both = present["audio"] & present["text"]
    n, device = len(both), both.device
    u = (torch.randperm(n, device=device) + torch.rand(n, device=device)) / n
    return {
        "audio": present["audio"] & ~(both & (u < share / 2)),
        "text": present["text"] & ~(both & (u >= 1 - share / 2)),
    }
