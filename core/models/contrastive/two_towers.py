"""Contrastive towers: a sound lies near the words that belong to it.

Two towers, each an encoder with linear 1024, tanh (v space, the representation) and linear 512 (z space,
which takes the loss); five objectives. Sideras, Multimodal Pretraining for Music Audio, sections 4.3 and 4.4.

A frozen encoder is its stored vectors: ``passages`` for words (BERT, RoBERTa or any sentence encoder by
``passages:NAME_OR_FOLDER``), ``musicnn`` or a table for sound. ``clip`` trains the published network on
spectrograms, ``tokens`` a transformer (``tokens:NAME_OR_FOLDER``) on words.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from core.config import Config, setting
from core.errors import ConfigError
from core.inputs.input_names import parts_of
from core.models import common_fields as common
from core.models.contrastive import contrastive_losses as losses
from core.models.contrastive.text_encoder import describe_transformer
from core.models.contrastive.towers import AudioTower, TextTower
from core.models.latent_model import LatentModel
from core.models.train_config import TrainConfig

Objective = Literal["1-text", "is", "scl", "stl", "smm"]


@dataclass(frozen=True)
class ContrastiveConfig(Config):
    """Settings of the towers and of their objective.

    The paper names no temperature: on held-out tracks of the demo 0.3 to 0.5 found more than 0.1.
    ``matching`` as published adds a number for the audio to a number for the text, so whatever it learns
    ranks all texts alike for every track.
    """

    objective: Objective = setting(
        "scl",
        title="Objective",
        help="*scl*: supervised contrastive loss with a text's three passages as positives; *is*: each "
        "passage as a pair of its own; *1-text*: the whole text; *stl*: stochastic triplet loss; *smm*: "
        "matching of pairs. *Sideras 2024, section 4.4*",
    )
    temperature: float = common.temperature(0.3)
    symmetric: bool = setting(
        False,
        title="Symmetric loss",
        help="Adds the loss from text to audio; as published it runs from audio to text alone.",
    )
    margin: float = setting(
        0.2,
        above=0,
        high=2,
        title="Triplet margin",
        help="Cosine similarity by which the positive must exceed the negative, in the objective *stl*. "
        "*Sideras 2024, section 4.4*",
    )
    matching: Literal["cosine", "as-published"] = setting(
        "cosine",
        title="Matching input",
        help="What the linear layer of the objective *smm* reads: both projections and their cosine "
        "similarity, or, *as-published*, the projections alone, which can't tell pairs apart.",
    )
    mask_same_text: bool = setting(
        True,
        title="Mask identical texts",
        help="Tracks of a batch with the same text are no negatives of each other.",
    )
    latent_dim: int = common.latent_dim(1024)
    projection_dim: int = common.projection_dim(512)
    dropout: float = common.dropout(0.0)
    text_lr: float = setting(
        0.02,
        above=0,
        high=1,
        title="Learning rate factor (text encoder)",
        help="Learning rate of the text encoder as a share of the learning rate, where the text input is "
        "tokens.",
    )
    text_encoder: str = setting(
        "",
        filled_in=True,
        title="Text encoder",
        help="Architecture of the text encoder trained along, as JSON.",
    )


class Contrastive(LatentModel):
    """The pretraining model of figure 14."""

    name = "contrastive"
    Config = ContrastiveConfig
    training = TrainConfig(epochs=30, batch_size=64, lr=3e-4)

    def __init__(self, config: ContrastiveConfig, input_shape: dict[str, tuple[int, ...]], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = config.latent_dim
        n_rows, size = self.input_shape["text"]
        if n_rows < 2:
            raise ConfigError(
                "a text is read whole and in passages, shape (4, …); take passages or tokens for the words"
            )
        self.audio = AudioTower(self.input_shape["audio"], config.latent_dim)
        self.text = TextTower(size, config.latent_dim, config.text_encoder)
        self.dropout = nn.Dropout(config.dropout)
        self.audio_z = nn.Linear(config.latent_dim, config.projection_dim)
        self.text_z = nn.Linear(config.latent_dim, config.projection_dim)
        if config.objective == "smm":
            self.match = nn.Linear(2 * config.projection_dim + (config.matching == "cosine"), 1)
            if config.matching == "cosine":
                with torch.no_grad():
                    self.match.weight[0, -1] = 1 / config.temperature

    @classmethod
    def from_pretrained(
        cls, config: ContrastiveConfig, input_shape: dict, n_labels: int, reads: dict
    ) -> "Contrastive":
        """Build the model that training starts from: with a pretrained transformer where words come as tokens.

        Raises
        ------
        TextError
            When the transformer can't be had.
        """
        if parts_of(reads["name"])["text"].split(":")[0] != "tokens":
            return cls(config, input_shape, n_labels)
        from core.features.pretrained.tokens import load_transformer

        pretrained = load_transformer(reads["config"]["text"]["model"])
        model = cls(replace(config, text_encoder=describe_transformer(pretrained)), input_shape, n_labels)
        model.text.encoder.start_from(pretrained)
        model.started_from = (
            f"the transformer {reads['config']['text']['model']} with its pretrained "
            "weights; the towers' weights were random"
        )
        return model

    def fit_statistics(self, X: dict[str, np.ndarray]) -> None:
        """Take the moments of ``audio`` and ``text``, each (n, *input_shape)."""
        self.audio.fit_statistics(X["audio"])
        self.text.fit_statistics(X["text"])

    def parameter_groups(self, lr: float) -> list[dict]:
        """Give a pretrained transformer a smaller learning rate than the towers above it."""
        pretrained = list(self.text.encoder.parameters()) if self.text.encoder is not None else []
        known = set(map(id, pretrained))
        towers = [p for p in self.parameters() if id(p) not in known]
        return [{"params": towers}] + (
            [{"params": pretrained, "lr": lr * self.config.text_lr}] if pretrained else []
        )

    def encode_audio(self, x: Tensor) -> Tensor:
        """Return v of sounds (n, *input_shape["audio"]), (n, latent_dim)."""
        return self.audio(x)

    def encode_text(self, x: Tensor) -> Tensor:
        """Return v of texts (n, *input_shape["text"]), (n, latent_dim): of the whole, or the mean of what it was trained on."""
        return self._read(x).mean(1)

    def project_audio(self, x: Tensor) -> Tensor:
        """Return z of sounds, (n, projection_dim), to be compared with texts by cosine."""
        return self.project_audio_latents(self.dropout(self.audio(x)))

    def project_audio_latents(self, v: Tensor) -> Tensor:
        """Return z of v of sounds (n, latent_dim), (n, projection_dim)."""
        return self.audio_z(v)

    def project_text(self, x: Tensor) -> Tensor:
        """Return z of texts, (n, projection_dim)."""
        return self.text_z(self._read(x)).mean(1)

    def _read(self, x: Tensor) -> Tensor:
        """Return v of the rows that the objective reads, (n, m, latent_dim): the whole text, or its passages."""
        return self.dropout(self.text(x[:, :1] if self.config.objective == "1-text" else x[:, 1:]))

    def forward(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return z of the sounds (n, projection_dim) and of what is read of their texts (n, m, projection_dim)."""
        return self.project_audio(batch["audio"]), self.text_z(self._read(batch["text"]))

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total and accuracy: for which share of the sounds its own text is the nearest of the batch."""
        z_audio, z_texts = self(batch)
        alike = same_rows(batch["text"])
        same = (
            alike
            if self.config.mask_same_text
            else torch.eye(len(alike), dtype=torch.bool, device=alike.device)
        )
        c, both = self.config, {"symmetric": self.config.symmetric, "same": same}
        if c.objective == "1-text":
            total = losses.nt_xent(z_audio, z_texts[:, 0], c.temperature, **both)
        elif c.objective == "is":
            total = losses.independent_pairs(z_audio, z_texts, c.temperature, **both)
        elif c.objective == "scl":
            total = losses.supervised_contrastive(z_audio, z_texts, c.temperature, **both)
        elif c.objective == "stl":
            total = losses.stochastic_triplet(z_audio, z_texts, c.margin, **both)
        else:
            total = self._match(z_audio, z_texts, same)
        return {"total": total, "accuracy": recall_at_1(z_audio, z_texts.mean(1), alike)}

    def _match(self, z_audio: Tensor, z_texts: Tensor, same: Tensor) -> Tensor:
        """Pair each sound with one of its texts or, as often, with another track's, and ask which it was."""
        n, m, _ = z_texts.shape
        other, found = losses.draw_others(same)
        is_pair = (torch.rand(n, device=z_audio.device) < 0.5) | ~found
        rows = torch.where(is_pair, torch.arange(n, device=z_audio.device), other)
        z_text = z_texts[rows, torch.randint(m, (n,), device=z_audio.device)]
        features = [z_audio, z_text]
        if self.config.matching == "cosine":
            features.append(nn.functional.cosine_similarity(z_audio, z_text)[:, None])
        return losses.matching(self.match(torch.cat(features, 1))[:, 0], is_pair)

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return how often a track's own text is the nearest, among tracks it learnt from."""
        z_audio, z_text = self.project_audio(batch["audio"]), self.project_text(batch["text"])
        return {
            "recall_at_1_in_training": recall_at_1(z_audio, z_text, same_rows(batch["text"])).item(),
            "gallery": len(z_audio),
        }


def same_rows(x: Tensor) -> Tensor:
    """Return where two rows of a batch are equal, (n, n), bool."""
    _, group = torch.unique(x.flatten(1), dim=0, return_inverse=True)
    return group[:, None] == group[None]


def recall_at_1(z_audio: Tensor, z_text: Tensor, same: Tensor) -> Tensor:
    """Return recall@1: the share of sounds whose nearest text is their own, or one of the same words."""
    nearest = losses.cosines(z_audio, z_text).argmax(1)
    return same[torch.arange(len(same), device=same.device), nearest].float().mean()
