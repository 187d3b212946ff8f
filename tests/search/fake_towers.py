"""Two towers in place of trained ones: linear projections whose weights a test sets."""

from dataclasses import dataclass

import torch
from torch import nn

from core.models.latent_model import LatentModel
from core.models.model_entry import ModelSpec


class FakeTowers(LatentModel):
    """Linear projections of audio and text features."""

    name, train_config = "fake-towers", None

    @dataclass(frozen=True)
    class Config:
        latent_dim: int = 8

    def __init__(self, config, input_shape, n_labels=0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = config.latent_dim
        self.audio = nn.Linear(input_shape["audio"][0], self.latent_dim, bias=False)
        self.audio_z = nn.Linear(self.latent_dim, 5, bias=False)
        self.text = nn.Linear(input_shape["text"][0], 5, bias=False)

    def forward_loss(self, batch):
        raise NotImplementedError

    def encode_audio(self, x):
        return self.audio(x)

    def encode_text(self, x):
        return torch.zeros(len(x), self.latent_dim)

    def project_audio(self, x):
        return self.project_audio_latents(self.audio(x))

    def project_audio_latents(self, v):
        return self.audio_z(v)

    def project_text(self, x):
        return 3 * self.text(x)


def _fake_towers():
    return FakeTowers


SPEC = ModelSpec(
    name="fake-towers",
    title="Fake towers",
    help="For tests.",
    factory=_fake_towers,
    inputs=("mfcc+sentence",),
    input_ndim={"audio": 1, "text": 1},
    compares_text_with_audio=True,
    without_decoder="it only compares",
)
