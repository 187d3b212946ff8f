"""Audio backbones, from a spectrogram to states over time: a small CNN or a pretrained image network."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from core.models.classifiers.image_network import ImageNetwork, load_network
from core.models.contrastive.towers import band_moments
from core.models.moments import Standardised

SMALL = "small"


class SmallCNN(nn.Module):
    """3x3 convolutions of stride 2 with batch norm and ReLU; states are the last map averaged over bands.

    (128, 512) with widths 16, 32, 64, 128 becomes 16 x (64, 256), 32 x (32, 128), 64 x (16, 64), 128 x (8,
    32), and so 32 states of 128 numbers.
    """

    def __init__(self, widths: tuple[int, ...]):
        super().__init__()
        self.width = widths[-1]
        self.convs = nn.ModuleList(
            nn.Conv2d(a, b, 3, stride=2, padding=1, bias=False) for a, b in pairwise((1, *widths))
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for b in widths)

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, n_steps, width) of spectrograms (n, n_mels, n_frames)."""
        h = x[:, None]  # (n, 1, n_mels, n_frames)
        for conv, norm in zip(self.convs, self.norms):
            h = torch.relu(norm(conv(h)))  # (n, widths[i], n_mels / 2^(i+1), n_frames / 2^(i+1)), rounded up
        return h.mean(2).transpose(1, 2)


class AudioBackbone(Standardised):
    """Standardisation per mel band, followed by a network on spectrograms.

    Parameters
    ----------
    shape : tuple of int
        Mel bands and frames.
    widths : tuple of int
        Channels of the small network.
    described : str
        Description of a pretrained network (see :class:`ImageNetwork`); "" for the small one.
    """

    def __init__(self, shape: tuple[int, int], widths: tuple[int, ...], described: str = ""):
        super().__init__()
        self.register_moments(shape[0])
        self.network: ImageNetwork | SmallCNN = ImageNetwork(described) if described else SmallCNN(widths)
        self.is_pretrained, self.width = bool(described), self.network.width

    def fit_statistics(self, X: np.ndarray) -> None:
        """Compute the moments of spectrograms X (n, n_mels, n_frames)."""
        if len(X):
            self.set_moments(*band_moments(X))

    def forward(self, x: Tensor) -> Tensor:
        """Return states (n, n_steps, width) of spectrograms (n, n_mels, n_frames)."""
        return self.network((x - self.mean[:, None]) / self.deviation[:, None])


def load_audio_backbone(config: Any, shape: tuple[int, int]) -> tuple[Any, ImageNetwork | None, str]:
    """Load the audio backbone that a config names.

    Parameters
    ----------
    config : dataclass
        With ``audio_backbone``, ``audio_weights`` and ``audio_network``.

    Returns
    -------
    config : dataclass
        With ``audio_network`` filled in.
    network : ImageNetwork or None
        The initial weights; None for the small network.
    origin : str
        Where they come from.
    """
    if config.audio_backbone == SMALL:
        return config, None, "a small network with random weights"
    network, described, origin = load_network(config.audio_backbone, config.audio_weights, shape)
    return replace(config, audio_network=described), network, origin
