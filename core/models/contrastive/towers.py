"""The two towers: from a sound, and from words, to the space in which a track is represented.

Sideras, Multimodal Pretraining for Music Audio, section 4.3 and figure 16. Each tower is an encoder and a
linear layer with tanh, whose output is the "v space"; the linear layer to the "z space" belongs to the model
that trains them. Stored vectors, of sound or of words, are a frozen encoder's output: they go straight into
the linear layer.
"""

import numpy as np
import torch
from torch import Tensor, nn

from core.errors import ConfigError
from core.models.contrastive.text_encoder import TextEncoder
from core.models.moments import mean_and_deviation, row_blocks

WIDTHS = (16, 32, 64, 128)


class AudioCNN(nn.Module):
    """The published audio encoder, layer by layer: 261,376 parameters for any clip.

    (64, 4219) becomes 16 x (66, 4221), pooled (33, 2110); 32 x (18, 1056), pooled (9, 528); 64 x (5, 264),
    pooled (2, 132); 128 x (2, 132), pooled (1, 66); flat 8448. Only this padding and these strides give those
    sizes.
    """

    def __init__(self, shape: tuple[int, int]):
        super().__init__()
        a, b, c, d = WIDTHS
        self.layers = nn.Sequential(
            nn.Conv2d(1, a, 3, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(a, b, 3, stride=2, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(b, c, 5, stride=2, padding=2),
            nn.BatchNorm2d(c),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(c, d, 5, padding=2),
            nn.BatchNorm2d(d),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.width = d * int(np.prod([_after(n) for n in shape]))
        if not self.width:
            raise ConfigError(
                f"a clip of {shape[0]} bands and {shape[1]} frames is too small for this network, which "
                "halves both six times"
            )

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, width) of clips (n, n_mels, n_frames)."""
        return self.layers(x[:, None]).flatten(1)


def _after(n: int) -> int:
    """Return what an axis of n bands or frames is after the four layers; 0 where it is too short."""
    n = (n + 2) // 2
    n = ((n + 1) // 2 + 1) // 2
    n = ((n - 1) // 2 + 1) // 2
    return n // 2


class AudioTower(nn.Module):
    """From clips (n, n_mels, n_frames) or stored vectors (n, d) to v, (n, latent_dim).

    Inputs are z-scored by the training examples' moments, per band or per dimension (the paper doesn't say).
    """

    def __init__(self, shape: tuple[int, ...], latent_dim: int):
        super().__init__()
        self.is_clip = len(shape) == 2
        self.register_buffer("mean", torch.zeros(shape[0]))
        self.register_buffer("deviation", torch.ones(shape[0]))
        self.encoder = AudioCNN(shape) if self.is_clip else None
        self.to_v = nn.Linear(self.encoder.width if self.is_clip else shape[0], latent_dim)

    def fit_statistics(self, X: np.ndarray) -> None:
        """Take the moments of examples X of shape (n, *shape)."""
        _keep(self, band_moments(X) if self.is_clip else mean_and_deviation(X))

    def forward(self, x: Tensor) -> Tensor:
        """Return v."""
        mean, deviation = (
            (self.mean[:, None], self.deviation[:, None]) if self.is_clip else (self.mean, self.deviation)
        )
        x = (x - mean) / deviation
        return torch.tanh(self.to_v(self.encoder(x) if self.is_clip else x))


class TextTower(nn.Module):
    """From a text's passages (n, m, …), as stored vectors or as tokens, to v, (n, m, latent_dim).

    Parameters
    ----------
    size : int
        Numbers in a stored vector.
    text_encoder : str
        Config (JSON) of a transformer that learns with the tower and reads tokens; "" for stored vectors.
    """

    def __init__(self, size: int, latent_dim: int, text_encoder: str = ""):
        super().__init__()
        self.encoder = TextEncoder(text_encoder) if text_encoder else None
        if not text_encoder:
            self.register_buffer("mean", torch.zeros(size))
            self.register_buffer("deviation", torch.ones(size))
        self.to_v = nn.Linear(self.encoder.width if text_encoder else size, latent_dim)

    def fit_statistics(self, X: np.ndarray) -> None:
        """Take the moments of stored vectors X of shape (n, m, size); tokens need none."""
        if self.encoder is None:
            _keep(self, mean_and_deviation(X.reshape(-1, X.shape[-1])))

    def forward(self, x: Tensor) -> Tensor:
        """Return v."""
        if self.encoder is None:
            h = (x - self.mean) / self.deviation
        else:
            h = self.encoder(x.flatten(0, 1)).unflatten(0, x.shape[:2])
        return torch.tanh(self.to_v(h))


def _keep(tower: nn.Module, moments: tuple[np.ndarray, np.ndarray]) -> None:
    """Put moments into a tower's buffers."""
    tower.mean.copy_(torch.from_numpy(moments[0]))
    tower.deviation.copy_(torch.from_numpy(moments[1]))


def band_moments(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation per band of clips (n, n_mels, n_frames), each (n_mels,)."""
    n_mels, n_frames = X.shape[1:]
    sums, squares = np.zeros(n_mels), np.zeros(n_mels)
    for block in row_blocks(X):
        bands = block.reshape(-1, n_mels, n_frames)
        sums += bands.sum((0, 2))
        squares += np.square(bands).sum((0, 2))
    mean = sums / (len(X) * n_frames)
    deviation = np.sqrt(np.maximum(squares / (len(X) * n_frames) - mean**2, 0))
    return mean, np.where(deviation > 1e-4, deviation, 1.0)
