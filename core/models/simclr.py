"""SimCLR on audio: a clip's two views must find each other among the views of the other clips.

Chen, Kornblith, Norouzi and Hinton, "A Simple Framework for Contrastive Learning of Visual Representations", ICML 2020; on music
Spijkervet and Burgoyne, "Contrastive Learning of Musical Representations", ISMIR 2021. Named as future work by Siddique,
Hybrid Audio–Text Clustering for Music.

The latents are the encoder's output; a projection head on top of them takes the loss and is not used afterwards (Chen et
al., section 4.2).
"""

from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.models import common_fields as common
from core.models.augment import AugmentConfig, augment, units_of
from core.models.contrastive_losses import HIDDEN
from core.models.views import ClipEncoder, head, spread_figures
from core.training.config import TrainConfig


@dataclass(frozen=True)
class SimCLRConfig(AugmentConfig):
    """Settings of SimCLR; those of the views are :class:`core.models.augment.AugmentConfig`'s."""

    latent_dim: int = common.latent_dim(128)
    projection_dim: int = common.projection_dim(64)
    temperature: float = common.temperature(0.5)
    channels: tuple[int, ...] = common.channels((16, 32, 64, 128))


class SimCLR(nn.Module):
    """SimCLR of Chen et al. 2020 over log-mel clips."""

    name = "simclr"
    title = "SimCLR: two views of a clip"
    summary = "Learns from sound alone what stays the same when a clip is cut, masked, shifted, made louder or noisy (gain and noise only with clip)."
    paper = "Chen et al. 2020; Spijkervet & Burgoyne 2021; future work of Hybrid Audio-Text Clustering for Music (Siddique)"
    inputs = ("clip", "mel", "mel-centre")
    input_ndim = 2
    sees_labels = False
    Config = SimCLRConfig
    training = TrainConfig(epochs=60, batch_size=64, lr=1e-3)

    def __init__(self, config: SimCLRConfig, input_shape: tuple[int, int], n_labels: int = 0):
        super().__init__()
        self.config, self.input_shape, self.n_labels = config, tuple(input_shape), n_labels
        self.latent_dim = config.latent_dim
        self.encoder = ClipEncoder(self.input_shape[0], config.channels, config.latent_dim)
        self.projector = head(config.latent_dim, config.latent_dim, config.projection_dim)

    @classmethod
    def begin(cls, config: SimCLRConfig, input_shape: tuple[int, int], n_labels: int, reads: dict) -> "SimCLR":
        """Build the model that training starts from, knowing what a unit of its input is."""
        return cls(replace(config, **units_of(reads)), input_shape, n_labels)

    def prepare(self, X) -> None:
        """Do nothing: bands are brought to one scale by batch norm."""

    def encode(self, x: Tensor) -> Tensor:
        """Return the latents, (n, latent_dim), of whole clips (n, n_mels, n_frames)."""
        return self.encoder(x)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the projections of two random views, each (n, projection_dim)."""
        views = torch.cat([augment(x, self.config), augment(x, self.config)])  # one batch: both share batch norm's statistics
        return self.projector(self.encoder(views)).chunk(2)

    def loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total and accuracy: which share of the views has the clip's other view as its nearest."""
        z, other = self(batch["x"])
        logits, target = compare_views(z, other, self.config.temperature, batch["index"])
        return {"total": F.cross_entropy(logits, target), "accuracy": (logits.argmax(1) == target).float().mean()}

    def examine(self, batch: dict[str, Tensor]) -> dict:
        """Return whether the latents tell clips apart, see :func:`core.models.views.spread_figures`."""
        return spread_figures(self.encode(batch["x"]))


def compare_views(z: Tensor, other: Tensor, temperature: float, index: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Return the similarities of all 2n views divided by the temperature, (2n, 2n), and where each one's other view is, (2n,).

    A view isn't compared with itself, nor with other crops of the same track (same number in ``index``, shape (n,)): those
    would be negatives that sound alike.
    """
    unit = F.normalize(torch.cat([z, other]).float(), dim=1)
    n, device = len(z), z.device
    target = torch.arange(2 * n, device=device).roll(n)
    track = torch.arange(n, device=device) if index is None else index
    same = track.repeat(2)[:, None] == track.repeat(2)[None]  # (2n, 2n), itself and its other view included
    same[torch.arange(2 * n, device=device), target] = False
    return (unit @ unit.T / temperature).masked_fill(same, HIDDEN), target


def nt_xent(z: Tensor, other: Tensor, temperature: float, index: Tensor | None = None) -> Tensor:
    """Return the normalised temperature-scaled cross entropy of two views, each (n, d).

    ``mean over all 2n views of -log( exp(s(i, j) / τ) / Σ_{k≠i} exp(s(i, k) / τ) )``, j the other view of i, s the cosine (Chen et
    al., equation 1). log(2n - 1) is chance, 0 perfect.
    """
    return F.cross_entropy(*compare_views(z, other, temperature, index))
