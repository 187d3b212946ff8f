"""Contrastive pretraining of an audio and a text tower in one shared space.

Each tower is an encoder with linear 1024, tanh (v space, the representation) and linear 512 (z space, where
the loss is computed); five objectives. Sideras, Multimodal Pretraining for Music Audio, sections 4.3 and 4.4.

Frozen encoders are given as precomputed vectors: ``passages`` for text (BERT, RoBERTa or any sentence encoder
by ``passages:NAME_OR_FOLDER``), ``musicnn`` or a table for audio. ``clip`` trains the published network on
spectrograms, ``tokens`` a transformer (``tokens:NAME_OR_FOLDER``) on text.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from core.config import Config, setting
from core.errors import ConfigError
from core.features import kind_of_name
from core.inputs.input_names import parts_of
from core.models import common_fields as common
from core.models.continue_training import continue_training
from core.models.contrastive import contrastive_losses as losses
from core.models.contrastive.text_encoder import describe_transformer
from core.models.contrastive.towers import AudioTower, TextTower
from core.models.latent_model import LatentModel, Pretrained, scale_learning_rates
from core.models.moments import Standardised
from core.models.train_config import TrainConfig

Objective = Literal["1-text", "is", "scl", "stl", "smm"]


@dataclass(frozen=True)
class ContrastiveConfig(Config):
    """Settings of the towers and of their objective.

    The paper gives no temperature; on held-out tracks of an earlier demo recall was higher with 0.3 to 0.5
    than with 0.1. ``matching`` as published is a sum of an audio and a text term, which ranks texts alike for
    every track.
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
    start: str = common.start()
    text_encoder: str = setting(
        "",
        filled_in=True,
        title="Text encoder",
        help="Architecture of the text encoder trained along, as JSON.",
    )

    @staticmethod
    def sizes() -> tuple[str, ...]:
        """Return the settings that determine the shapes of weights."""
        return ("latent_dim", "projection_dim", "objective", "matching", "text_encoder")


class Contrastive(LatentModel):
    """The pretraining model of figure 14."""

    name = "contrastive"
    Config = ContrastiveConfig
    train_config = TrainConfig(epochs=30, batch_size=64, lr=3e-4)

    def __init__(self, config: ContrastiveConfig, input_shape: dict[str, tuple[int, ...]], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = config.latent_dim
        n_rows, size = self.input_shape["text"]
        if n_rows < 2:
            raise ConfigError(
                "the text input must be a whole text and its passages, shape (4, …); take passages or tokens"
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
        cls,
        config: ContrastiveConfig,
        input_shape: dict,
        n_labels: int,
        reads: dict,
        pretrained: Pretrained | None = None,
    ) -> "Contrastive":
        """Build the model: with a checkpoint's weights, or a pretrained transformer for the input ``tokens``.

        Raises
        ------
        CheckpointError, ConfigError, TextError
            When the checkpoint doesn't fit, or the transformer isn't available.
        """
        if pretrained is not None:
            return continue_training(cls, config, input_shape, n_labels, reads, pretrained)
        if kind_of_name(parts_of(reads["name"])["text"]) != "tokens":
            return cls(config, input_shape, n_labels)
        from core.features.pretrained.tokens import load_transformer

        name = reads["config"]["text"]["model"]
        transformer = load_transformer(name)
        model = cls(replace(config, text_encoder=describe_transformer(transformer)), input_shape, n_labels)
        if model.text.encoder is not None:
            model.text.encoder.load_pretrained(transformer)
        model.started_from = (
            f"the transformer {name} with its pretrained weights; random weights of the towers"
        )
        return model

    def fit_statistics(self, X: dict[str, np.ndarray]) -> None:
        """Compute the moments of ``audio`` and ``text``, each (n, *input_shape), unless it was pretrained."""
        if not self.config.start:
            self.audio.fit_statistics(X["audio"])
            self.text.fit_statistics(X["text"])

    def standardised_inputs(self) -> dict[str, Standardised]:
        """Return the audio tower, whose input may be several vectors side by side."""
        return {"audio": self.audio}

    def parameter_groups(self, lr: float) -> list[dict]:
        """Return all parameters, with a lower learning rate for a pretrained transformer."""
        pretrained = [self.text.encoder] if self.text.encoder is not None else []
        return scale_learning_rates(self, pretrained, lr, self.config.text_lr)

    def encode_audio(self, x: Tensor) -> Tensor:
        """Return v of audio (n, *input_shape["audio"]), (n, latent_dim)."""
        return self.audio(x)

    def encode_text(self, x: Tensor) -> Tensor:
        """Return v (n, latent_dim) of texts (n, *input_shape["text"]), the mean over the objective's rows."""
        return self._encode_rows(x).mean(1)

    def project_audio(self, x: Tensor) -> Tensor:
        """Return z of audio, (n, projection_dim), to be compared with text by cosine."""
        return self.project_audio_latents(self.dropout(self.audio(x)))

    def project_audio_latents(self, v: Tensor) -> Tensor:
        """Return z of audio from its v (n, latent_dim), (n, projection_dim)."""
        return self.audio_z(v)

    def project_text(self, x: Tensor) -> Tensor:
        """Return z of texts, (n, projection_dim)."""
        return self.text_z(self._encode_rows(x)).mean(1)

    def _encode_rows(self, x: Tensor) -> Tensor:
        """Return v of the objective's rows, (n, m, latent_dim): the whole text, or its passages."""
        return self.dropout(self.text(x[:, :1] if self.config.objective == "1-text" else x[:, 1:]))

    def forward(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return z of audio (n, projection_dim) and of the texts' rows (n, m, projection_dim)."""
        return self.project_audio(batch["audio"]), self.text_z(self._encode_rows(batch["text"]))

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total and accuracy: recall@1 of the own text within the batch."""
        z_audio, z_texts = self(batch)
        equal = same_rows(batch["text"])
        own = torch.eye(len(equal), dtype=torch.bool, device=equal.device)
        c, same = self.config, equal if self.config.mask_same_text else own
        options = {"symmetric": c.symmetric, "same": same}
        if c.objective == "1-text":
            total = losses.nt_xent(z_audio, z_texts[:, 0], c.temperature, **options)
        elif c.objective == "is":
            total = losses.independent_pairs(z_audio, z_texts, c.temperature, **options)
        elif c.objective == "scl":
            total = losses.supervised_contrastive(z_audio, z_texts, c.temperature, **options)
        elif c.objective == "stl":
            total = losses.stochastic_triplet(z_audio, z_texts, c.margin, **options)
        else:
            total = self._match(z_audio, z_texts, same)
        return {"total": total, "accuracy": recall_at_1(z_audio, z_texts.mean(1), equal)}

    def _match(self, z_audio: Tensor, z_texts: Tensor, same: Tensor) -> Tensor:
        """Return the matching loss of audio and, at random, a text of its own or of another track."""
        n, m, _ = z_texts.shape
        other, found = losses.sample_others(same)
        is_pair = (torch.rand(n, device=z_audio.device) < 0.5) | ~found
        rows = torch.where(is_pair, torch.arange(n, device=z_audio.device), other)
        z_text = z_texts[rows, torch.randint(m, (n,), device=z_audio.device)]
        features = [z_audio, z_text]
        if self.config.matching == "cosine":
            features.append(nn.functional.cosine_similarity(z_audio, z_text)[:, None])
        return losses.matching(self.match(torch.cat(features, 1))[:, 0], is_pair)

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return recall@1 among training tracks."""
        z_audio, z_text = self.project_audio(batch["audio"]), self.project_text(batch["text"])
        return {
            "recall_at_1_in_training": recall_at_1(z_audio, z_text, same_rows(batch["text"])).item(),
            "gallery": len(z_audio),
        }


def same_rows(x: Tensor) -> Tensor:
    """Return which rows of a batch are equal, (n, n), bool."""
    _, group = torch.unique(x.flatten(1), dim=0, return_inverse=True)
    return group[:, None] == group[None]


def recall_at_1(z_audio: Tensor, z_text: Tensor, same: Tensor) -> Tensor:
    """Return recall@1: the share of tracks whose nearest text is their own, or an equal one."""
    nearest = losses.cosines(z_audio, z_text).argmax(1)
    return same[torch.arange(len(same), device=same.device), nearest].float().mean()
