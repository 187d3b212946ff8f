"""Fine-tuning of the masked autoencoder: multi-label genre classification from its unmasked encoder.

    x = MeanPool(E_j([E_a(a), E_t(t)]; LN_at)),   ŷ = sigmoid(MLP(x))

(Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, section 4.3, equations
4.20 to 4.24.) Without a pretrained checkpoint it is the same network from random weights, "No SSL" in table
6.2. A track with one modality is encoded from it alone.

The published learning rate, 1e-5, is for CAV-MAE's weights; a small encoder that was pretrained on a small
collection needs a larger one.
"""

from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from core.config import setting
from core.errors import CheckpointError, ConfigError
from core.models import common_fields as common
from core.models.genre_classifier import GenreClassifier
from core.models.latent_model import Pretrained
from core.models.masked.mae import MAE
from core.models.masked.mae_config import PUBLISHED, Preset
from core.models.masked.mae_encoder import EncoderConfig, MAEEncoder
from core.models.masked.mae_pretrained import count_words, tokenizer_of
from core.models.train_config import TrainConfig

SIZES = tuple(f.name for f in fields(EncoderConfig))
TUNED = {
    key: value
    for key, value in PUBLISHED.items()
    if key in (*SIZES, "batch_size", "beta1", "beta2", "weight_decay", "clip_norm")
} | {
    "lr": 1e-5,
    "halve_from": 2,
    "halve_every": 4,
    "epochs": 10,
}


@dataclass(frozen=True)
class MAEClassifierConfig(EncoderConfig):
    """Settings of the classifier; a pretrained checkpoint determines those of the encoder."""

    preset: Preset = common.preset("tiny")
    start: str = setting(
        "",
        title="Pretrained checkpoint",
        help="Name or file of the masked autoencoder's checkpoint whose encoder is fine-tuned; empty: "
        "random weights. *Jiang 2024, table 6.2*",
    )
    hidden: int = setting(
        0,
        low=0,
        title="Classifier hidden layer",
        help="Width of a hidden layer between the mean token and the genres; 0: a linear classifier.",
    )
    modalities: Literal["both", "audio", "text"] = setting(
        "both",
        title="Modalities",
        help="Modalities that the classifier reads. *Jiang 2024, table 6.1*",
    )


class MAEClassifier(GenreClassifier):
    """The encoder and a head with one output per genre (figure 4.3)."""

    name = "mae-classifier"
    Config = MAEClassifierConfig
    train_config = TrainConfig(epochs=20, batch_size=16, lr=3e-4)
    presets = {
        "tiny": {},
        "published-small": TUNED | {"audio_layers": 2, "text_layers": 2},
        "published": TUNED,
    }

    def __init__(
        self, config: MAEClassifierConfig, input_shape: dict[str, tuple[int, ...]], n_labels: int = 0
    ):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim, self.started_from = config.dim, "random weights"
        self.encoder = MAEEncoder(config, self.input_shape, streams=("joint",))
        widths = (config.dim, config.hidden, n_labels) if config.hidden else (config.dim, n_labels)
        layers = [layer for a, b in zip(widths, widths[1:]) for layer in (nn.Linear(a, b), nn.ReLU())]
        self.head = nn.Sequential(*layers[:-1])

    @classmethod
    def from_pretrained(
        cls,
        config: MAEClassifierConfig,
        input_shape: dict,
        n_labels: int,
        reads: dict,
        pretrained: Pretrained | None = None,
    ) -> "MAEClassifier":
        """Build the model, with the encoder of a masked autoencoder's checkpoint where one is given.

        Raises
        ------
        CheckpointError
            When the checkpoint holds no masked autoencoder.
        ConfigError
            When it was trained on another input.
        """
        if pretrained is None:
            return cls(replace(config, n_words=count_words(reads, config.n_words)), input_shape, n_labels)
        source, name = pretrained.model, pretrained.checkpoint
        if not isinstance(source, (MAE, MAEClassifier)):
            raise CheckpointError(
                f"start={config.start} is a {source.name} without such an encoder; take a checkpoint of mae"
            )
        _check_same_input(pretrained, reads, {m: tuple(shape) for m, shape in input_shape.items()})
        sizes = {size: getattr(source.config, size) for size in (*SIZES, "preset")}
        model = cls(replace(config, **sizes), input_shape, n_labels)
        own = model.encoder.state_dict().keys()
        model.encoder.load_state_dict(
            {key: value for key, value in source.encoder.state_dict().items() if key in own}
        )
        model.started_from = f"the encoder of {name}; random weights of the head"
        return model

    def fit_statistics(self, X: dict[str, np.ndarray]) -> None:
        """Compute the moments of X["audio"]; a pretrained encoder keeps those of its own training."""
        if not self.config.start:
            self.encoder.fit_statistics(X["audio"])

    def encode_audio(self, x: Tensor) -> Tensor:
        """Return x of spectrograms (n, n_mels, n_frames) without text, (n, latent_dim)."""
        self._check_modality("audio")
        return self.encode_joint(
            {"audio": x, "text": torch.zeros(len(x), 1, dtype=torch.long, device=x.device)}
        )

    def encode_text(self, x: Tensor) -> Tensor:
        """Return x of word pieces (n, n_tokens) without audio, (n, latent_dim)."""
        self._check_modality("text")
        return self.encode_joint(
            {
                "audio": torch.zeros(len(x), *self.input_shape["audio"], device=x.device),
                "text": x,
                "audio_present": torch.zeros(len(x), dtype=torch.bool, device=x.device),
            }
        )

    def encode_joint(self, batch: dict[str, Tensor]) -> Tensor:
        """Return x of tracks with audio, text or both, (n, latent_dim)."""
        return self.encoder.encode_joint(self._select_modalities(batch))

    def gate(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the share of audio tokens in x, (n,)."""
        return self.encoder.gate(self._select_modalities(batch))

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Return logits, (n, n_labels)."""
        return self.head(self.encode_joint(batch))

    def _check_modality(self, modality: str) -> None:
        """Refuse a modality that the setting ``modalities`` excludes: all its latents would be equal."""
        if self.config.modalities not in ("both", modality):
            raise ConfigError(
                f"this mae-classifier was trained with modalities={self.config.modalities}, so it has no "
                f"latents of {modality}"
            )

    def _select_modalities(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return a batch without the modality that the setting ``modalities`` excludes."""
        if self.config.modalities == "audio":
            return batch | {"text": torch.zeros_like(batch["text"])}
        if self.config.modalities == "text":
            return batch | {
                "audio_present": torch.zeros(
                    len(batch["text"]), dtype=torch.bool, device=batch["text"].device
                )
            }
        return batch


def _check_same_input(pretrained: Pretrained, reads: dict, input_shape: dict[str, tuple[int, ...]]) -> None:
    """Refuse a pretrained encoder of another input shape or tokenizer than the model's input."""
    name, shape = pretrained.checkpoint, pretrained.model.input_shape
    if shape != input_shape:
        raise ConfigError(f"start={name} reads shape {shape}, but the input has {input_shape}")
    theirs, ours = tokenizer_of(pretrained.reads), tokenizer_of(reads)
    if theirs != ours:
        raise ConfigError(f"start={name} uses the tokenizer {theirs}, but the input uses {ours}")
