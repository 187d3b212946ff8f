"""Audio and text towers of the contrastive model.

Sideras, Multimodal Pretraining for Music Audio, section 4.3 and figure 16. Each tower is an encoder and a
linear layer with tanh, whose output is the "v space"; the linear layer to the "z space" belongs to the model
that trains them. Precomputed vectors of audio or text are the output of a frozen encoder and go straight into
the linear layer.
"""

import numpy as np
import torch
from torch import Tensor, nn

from core.errors import ConfigError
from core.models.contrastive.text_encoder import TextEncoder
from core.models.moments import Standardised, mean_and_deviation, row_blocks

WIDTHS = (16, 32, 64, 128)


class AudioCNN(nn.Module):
    """The published audio encoder, layer by layer: 261,376 parameters for any clip.

    (64, 4219) becomes 16 x (66, 4221), pooled (33, 2110); 32 x (18, 1056), pooled (9, 528); 64 x (5, 264),
    pooled (2, 132); 128 x (2, 132), pooled (1, 66); flat 8448. Padding and strides follow from these
    published sizes.
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
        self.width = d * int(np.prod([_pooled_length(n) for n in shape]))
        if not self.width:
            raise ConfigError(
                f"a clip of {shape[0]} bands and {shape[1]} frames is too small: this network halves both "
                "six times"
            )

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, width) of clips (n, n_mels, n_frames)."""
        return self.layers(x[:, None]).flatten(1)


def _pooled_length(n: int) -> int:
    """Return the length of an axis of n bands or frames after the four layers; 0 where it is too short."""
    n = (n + 2) // 2
    n = ((n + 1) // 2 + 1) // 2
    n = ((n - 1) // 2 + 1) // 2
    return n // 2


class AudioTower(Standardised):
    """From clips (n, n_mels, n_frames) or precomputed vectors (n, d) to v, (n, latent_dim).

    Inputs are z-scored by the training examples' moments per mel band or dimension; the paper doesn't specify
    it.
    """

    def __init__(self, shape: tuple[int, ...], latent_dim: int):
        super().__init__()
        self.register_moments(shape[0])
        self.encoder = AudioCNN((shape[0], shape[1])) if len(shape) == 2 else None
        self.to_v = nn.Linear(shape[0] if self.encoder is None else self.encoder.width, latent_dim)

    def fit_statistics(self, X: np.ndarray) -> None:
        """Compute the moments of examples X (n, *shape)."""
        self.set_moments(*(mean_and_deviation(X, self.parts) if self.encoder is None else band_moments(X)))

    def forward(self, x: Tensor) -> Tensor:
        """Return v."""
        if self.encoder is None:
            return torch.tanh(self.to_v((x - self.mean) / self.deviation))
        return torch.tanh(self.to_v(self.encoder((x - self.mean[:, None]) / self.deviation[:, None])))


class TextTower(Standardised):
    """From a text's passages (n, m, …), as precomputed vectors or tokens, to v, (n, m, latent_dim).

    Parameters
    ----------
    size : int
        Dimension of a precomputed vector.
    text_encoder : str
        Config (JSON) of a transformer that reads tokens and is trained with the tower; "" for precomputed
        vectors.
    """

    def __init__(self, size: int, latent_dim: int, text_encoder: str = ""):
        super().__init__()
        self.encoder = TextEncoder(text_encoder) if text_encoder else None
        if not text_encoder:
            self.register_moments(size)
        self.to_v = nn.Linear(size if self.encoder is None else self.encoder.width, latent_dim)

    def fit_statistics(self, X: np.ndarray) -> None:
        """Compute the moments of precomputed vectors X (n, m, size); tokens need none."""
        if self.encoder is None:
            self.set_moments(*mean_and_deviation(X.reshape(-1, X.shape[-1])))

    def forward(self, x: Tensor) -> Tensor:
        """Return v."""
        if self.encoder is None:
            h = (x - self.mean) / self.deviation
        else:
            h = self.encoder(x.flatten(0, 1)).unflatten(0, x.shape[:2])
        return torch.tanh(self.to_v(h))


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
