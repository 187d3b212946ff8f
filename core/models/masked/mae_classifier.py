"""Fine-tuning of the masked autoencoder: all genres of a track from its encoder, without masks and without the decoder.

    x = MeanPool(E_j([E_a(a), E_t(t)]; LN_at)),   ŷ = sigmoid(MLP(x))

(Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, section 4.3, equations
4.20 to 4.24.) Without a checkpoint to start from it is the same network from nothing, "No SSL" in table 6.2.
A track that lacks one modality is read from the other.

The published learning rate, 1e-5, moves weights of CAV-MAE; a small encoder that learnt from a small
collection needs larger steps.
"""

from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from core.config import setting
from core.errors import CheckpointError, ConfigError
from core.models import common_fields as common
from core.models.latent_model import LatentModel
from core.models.masked.mae import MAE
from core.models.masked.mae_config import PUBLISHED, Preset
from core.models.masked.mae_encoder import EncoderConfig, MAEEncoder
from core.models.masked.mae_pretrained import count_words, tokenizer_of
from core.models.multilabel_loss import genre_loss, hit_share
from core.models.train_config import TrainConfig
from core.training.pretrained_start import load_donor

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
    """Settings of the classifier; those of the encoder matter only where it starts from random weights."""

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


class MAEClassifier(LatentModel):
    """Figure 4.3: the encoder under a head of one output per genre."""

    name = "mae-classifier"
    Config = MAEClassifierConfig
    training = TrainConfig(epochs=20, batch_size=16, lr=3e-4)
    presets = {
        "tiny": {},
        "published-small": TUNED | {"audio_layers": 2, "text_layers": 2},
        "published": TUNED,
    }

    def __init__(
        self, config: MAEClassifierConfig, input_shape: dict[str, tuple[int, ...]], n_labels: int = 0
    ):
        super().__init__(config, input_shape, n_labels)
        if n_labels < 2:
            raise ConfigError(
                f"mae-classifier tells genres apart and needs two or more; it was given {n_labels}"
            )
        self.latent_dim, self.started_from = config.dim, "nothing: all weights were random"
        self.encoder = MAEEncoder(config, self.input_shape, streams=("joint",))
        widths = (config.dim, config.hidden, n_labels) if config.hidden else (config.dim, n_labels)
        layers = [layer for a, b in zip(widths, widths[1:]) for layer in (nn.Linear(a, b), nn.ReLU())]
        self.head = nn.Sequential(*layers[:-1])

    @classmethod
    def from_pretrained(
        cls, config: MAEClassifierConfig, input_shape: dict, n_labels: int, reads: dict
    ) -> "MAEClassifier":
        """Build the model that training starts from, with a pretrained encoder where one is named.

        Raises
        ------
        CheckpointError
            When there is no such checkpoint, or it holds no masked autoencoder.
        ConfigError
            When that was trained on input of another shape.
        """
        if not config.start:
            return cls(replace(config, n_words=count_words(reads, config.n_words)), input_shape, n_labels)
        donor, meta, name = load_donor(config.start, "mae")
        if not isinstance(donor, (MAE, MAEClassifier)):
            raise CheckpointError(
                f"start={config.start} is a {donor.name} without such an encoder; take a checkpoint of mae"
            )
        given = {m: tuple(shape) for m, shape in input_shape.items()}
        if donor.input_shape != given:
            raise ConfigError(f"start={name} reads {donor.input_shape}, and this was given {given}")
        if tokenizer_of(meta["input"]) != tokenizer_of(reads):
            raise ConfigError(
                f"start={name} reads word pieces of {tokenizer_of(meta['input'])}, and this was given those "
                f"of {tokenizer_of(reads)}"
            )
        sizes = {size: getattr(donor.config, size) for size in (*SIZES, "preset")}
        model = cls(replace(config, **sizes), input_shape, n_labels)
        own = model.encoder.state_dict().keys()
        model.encoder.load_state_dict(
            {key: value for key, value in donor.encoder.state_dict().items() if key in own}
        )
        model.started_from = f"the encoder of {name}; the head's weights were random"
        return model

    def fit_statistics(self, X: dict[str, np.ndarray]) -> None:
        """Take the moments of X["audio"]; a pretrained encoder keeps those that it learnt with."""
        if not self.config.start:
            self.encoder.fit_statistics(X["audio"])

    def encode_audio(self, x: Tensor) -> Tensor:
        """Return x of sounds (n, n_mels, n_frames) without words, (n, latent_dim)."""
        self._check_may_read("audio")
        return self.encode_joint(
            {"audio": x, "text": torch.zeros(len(x), 1, dtype=torch.long, device=x.device)}
        )

    def encode_text(self, x: Tensor) -> Tensor:
        """Return x of word pieces (n, n_tokens) without sound, (n, latent_dim)."""
        self._check_may_read("text")
        nothing = torch.zeros(len(x), *self.input_shape["audio"], device=x.device)
        return self.encode_joint(
            {
                "audio": nothing,
                "text": x,
                "audio_present": torch.zeros(len(x), dtype=torch.bool, device=x.device),
            }
        )

    def encode_joint(self, batch: dict[str, Tensor]) -> Tensor:
        """Return x of tracks with either or both, (n, latent_dim)."""
        return self.encoder.encode_joint(self._allowed(batch))

    def gate(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the share of the sound's tokens in x, (n,)."""
        return self.encoder.gate(self._allowed(batch))

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Return logits, (n, n_labels)."""
        return self.head(self.encode_joint(batch))

    def predict_genres(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the probability of each genre, (n, n_labels)."""
        return torch.sigmoid(self(batch))

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return the binary cross-entropy (4.24) as total, and for which share of the tracks the likeliest genre is right."""
        logits = self(batch)
        return {"total": genre_loss(logits, batch["genres"]), "hit_share": hit_share(logits, batch["genres"])}

    def _check_may_read(self, modality: str) -> None:
        """Refuse the modality that the model was told to leave out: all its latents would be the same."""
        if self.config.modalities not in ("both", modality):
            raise ConfigError(
                f"this mae-classifier was trained with modalities={self.config.modalities}, so it has no "
                f"latents of {modality}"
            )

    def _allowed(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return a batch without the modality that the model may not read."""
        if self.config.modalities == "audio":
            return batch | {"text": torch.zeros_like(batch["text"])}
        if self.config.modalities == "text":
            return batch | {
                "audio_present": torch.zeros(
                    len(batch["text"]), dtype=torch.bool, device=batch["text"].device
                )
            }
        return batch
