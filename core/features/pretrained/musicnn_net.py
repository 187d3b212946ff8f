"""The musicnn network: a small musically motivated CNN for tagging, reimplemented in torch.

Timbral filters span many mel bands and few frames, temporal filters one mel band and many frames; each is
pooled over frequency. Three convolutions with residual connections follow, and all of these are pooled over
time.

References
----------
Pons, J., Nieto, O., Prockup, M., Schmidt, E., Ehmann, A., Serra, X. (2018). End-to-end learning for music
audio tagging at scale. ISMIR, section 3.2. Pons, J., Serra, X. (2019). musicnn: pre-trained convolutional
neural networks for music audio tagging. ISMIR late-breaking session; weights and graph of the package musicnn
0.1.0 (ISC).
"""

from functools import cache
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

N_MELS, N_FRAMES = 96, 187
ASSETS = Path(__file__).resolve().parents[3] / "assets" / "musicnn"


def norm(kind: type[nn.Module], size: int) -> nn.Module:
    """Return batch normalisation with TensorFlow's eps."""
    return kind(size, eps=1e-3)


class FrequencyPooled(nn.Module):
    """Convolution, ReLU, batch normalisation, and max pooling over frequency."""

    def __init__(self, n_filters: int, frames: int, mels: int):
        super().__init__()
        self.conv = nn.Conv2d(1, n_filters, (frames, mels))
        self.norm = norm(nn.BatchNorm2d, n_filters)

    def forward(self, x: Tensor) -> Tensor:  # (n, 1, t, f) → (n, t, n_filters)
        """Apply the block."""
        frames = self.conv.kernel_size[0]
        # "same" padding in time; an even kernel's extra frame comes after, as in TensorFlow
        x = F.pad(x, (0, 0, (frames - 1) // 2, frames // 2))
        return self.norm(F.relu(self.conv(x))).amax(dim=3).transpose(1, 2)


class Dense(nn.Module):
    """Convolution over time and all channels, ReLU, batch normalisation."""

    def __init__(self, n_inputs: int, n_filters: int):
        super().__init__()
        self.conv = nn.Conv2d(1, n_filters, (7, n_inputs))
        self.norm = norm(nn.BatchNorm2d, n_filters)

    def forward(self, x: Tensor) -> Tensor:  # (n, t, n_inputs) → (n, t, n_filters)
        """Apply the block."""
        x = F.pad(x, (0, 0, 3, 3))[:, None]
        return self.norm(F.relu(self.conv(x))).squeeze(3).transpose(1, 2)


class MusicnnNet(nn.Module):
    """musicnn with 64 filters in the mid-end and 200 units in the back-end (0.79 M parameters)."""

    def __init__(self, n_tags: int = 50):
        super().__init__()
        self.input_norm = norm(nn.BatchNorm2d, 1)
        self.timbral = nn.ModuleList(
            FrequencyPooled(204, 7, mels) for mels in (int(0.4 * N_MELS), int(0.7 * N_MELS))
        )
        self.temporal = nn.ModuleList(FrequencyPooled(51, frames, 1) for frames in (128, 64, 32))
        self.midend = nn.ModuleList(Dense(n_inputs, 64) for n_inputs in (561, 64, 64))
        self.pool_norm = norm(nn.BatchNorm1d, 2 * 753)
        self.dense = nn.Linear(2 * 753, 200)
        self.dense_norm = norm(nn.BatchNorm1d, 200)
        self.output = nn.Linear(200, n_tags)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Return all layers for patches of ``log10(1 + 10000 · mel)``.

        Parameters
        ----------
        x : Tensor, shape=(n, 187, 96)

        Returns
        -------
        dict
            ``penultimate`` (n, 200), ``mean_pool`` and ``max_pool`` (n, 753), ``tags`` (n, 50) in [0, 1].
        """
        x = self.input_norm(x[:, None])
        front = torch.cat([block(x) for block in (*self.timbral, *self.temporal)], dim=2)  # (n, t, 561)
        first, second, third = self.midend
        a = first(front)
        b = second(a) + a
        c = third(b) + b
        features = torch.cat([front, a, b, c], dim=2)  # (n, t, 753)
        mean_pool, max_pool = features.mean(dim=1), features.amax(dim=1)
        pooled = torch.stack([max_pool, mean_pool], dim=2).flatten(1)  # max and mean of a channel alternate
        penultimate = self.dense_norm(F.relu(self.dense(self.pool_norm(pooled))))
        tags = torch.sigmoid(self.output(penultimate))
        return {"penultimate": penultimate, "mean_pool": mean_pool, "max_pool": max_pool, "tags": tags}


@cache
def load_network(name: str) -> MusicnnNet:
    """Load the shipped weights of ``mtt`` or ``msd`` for inference; all callers share the object."""
    from safetensors.torch import load_file

    net = MusicnnNet()
    net.load_state_dict(load_file(ASSETS / f"{name}.safetensors"), strict=True)
    return net.eval().requires_grad_(False)
