"""The few-shot test of a pretrained audio tower: a classifier on top of it, trained on a few labels.

The audio encoder and its 1024 layer (v space) are kept, and two linear layers, 512 with ReLU and one output
per class, stand on them, under cross-entropy. The encoder is frozen at first; from epoch 10 on it learns too,
in smaller steps (Sideras, Multimodal Pretraining for Music Audio, sections 4.3 and 4.4.1). Without a
checkpoint to start from it is the paper's baseline (its table 3): the same network from nothing.
"""

import json
from dataclasses import dataclass, replace

import numpy as np
from torch import Tensor, nn
from torch.nn import functional as F

from core.config import Config, setting
from core.errors import CheckpointError, ConfigError
from core.inputs.input_names import parts_of
from core.models import common_fields as common
from core.models.contrastive.towers import AudioTower
from core.models.contrastive.two_towers import Contrastive
from core.models.latent_model import LatentModel
from core.models.train_config import TrainConfig
from core.training.pretrained_start import load_donor


@dataclass(frozen=True)
class GenreHeadConfig(Config):
    """Settings of the classifier; a checkpoint to start from brings its own latent dimension."""

    start: str = setting(
        "",
        title="Pretrained checkpoint",
        help="Name or file of the checkpoint whose audio tower is fine-tuned; empty: random weights, the "
        "baseline. *Sideras 2024, section 4.3*",
    )
    unfreeze_epoch: int = setting(
        10,
        low=0,
        title="Unfreeze at epoch",
        help="First epoch in which the pretrained tower is trained too; 0 keeps it frozen.",
    )
    encoder_lr: float = common.encoder_lr(0.1)
    hidden: int = setting(
        512,
        low=1,
        title="Classifier hidden layer",
        help="Width of the classifier's hidden layer.",
    )
    latent_dim: int = common.latent_dim(1024)


class GenreHead(LatentModel):
    """Classifier of section 4.3 on an audio tower, pretrained or not."""

    name = "genre-head"
    Config = GenreHeadConfig
    training = TrainConfig(epochs=30, batch_size=32, lr=1e-3)

    def __init__(self, config: GenreHeadConfig, input_shape: tuple[int, ...], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        if n_labels < 2:
            raise ConfigError(f"genre-head tells labels apart and needs two or more; it was given {n_labels}")
        self.latent_dim = config.latent_dim
        self.audio = AudioTower(self.input_shape, config.latent_dim)
        self.head = nn.Sequential(
            nn.Linear(config.latent_dim, config.hidden), nn.ReLU(), nn.Linear(config.hidden, n_labels)
        )

    @classmethod
    def from_pretrained(
        cls, config: GenreHeadConfig, input_shape: tuple[int, ...], n_labels: int, reads: dict
    ) -> "GenreHead":
        """Build the model that training starts from, with the pretrained tower where one is named.

        Raises
        ------
        CheckpointError
            When there is no such checkpoint, or it holds no audio tower.
        ConfigError
            When its tower reads something else than this model is given.
        """
        if not config.start:
            return cls(config, input_shape, n_labels)
        donor, name, sound = _find_tower(config.start)
        given = json.loads(json.dumps(reads.get("config", {})))  # tuples are lists in a checkpoint
        if sound != {"name": reads["name"], "config": given}:
            raise ConfigError(
                f"start={name} reads {_in_words(sound)}, and this was given {_in_words(reads)}; train "
                f"genre-head:{sound['name']}"
            )
        if tuple(donor.input_shape["audio"]) != tuple(input_shape):
            raise ConfigError(
                f"start={name} reads sound of shape {donor.input_shape['audio']}, and this was given "
                f"{tuple(input_shape)}"
            )
        model = cls(replace(config, start=name, latent_dim=donor.latent_dim), input_shape, n_labels)
        model.audio.load_state_dict(donor.audio.state_dict())
        model.started_from = f"the audio tower of {name}; the head's weights were random"
        return model

    def fit_statistics(self, X: np.ndarray) -> None:
        """Take the moments of X (n, *input_shape); a pretrained tower keeps those that it learnt with."""
        if not self.config.start:
            self.audio.fit_statistics(X)

    def parameter_groups(self, lr: float) -> list[dict]:
        """Give a pretrained tower a smaller learning rate than the head."""
        share = self.config.encoder_lr if self.config.start else 1.0
        return [
            {"params": list(self.head.parameters())},
            {"params": list(self.audio.parameters()), "lr": lr * share},
        ]

    def start_epoch(self, epoch: int) -> None:
        """Freeze or unfreeze a pretrained tower; frozen, its batch norms stand still too."""
        learns = not self.config.start or 0 < self.config.unfreeze_epoch <= epoch
        self.audio.requires_grad_(learns)
        self.audio.train(learns)

    def encode(self, x: Tensor) -> Tensor:
        """Return v after fine-tuning, (n, latent_dim)."""
        return self.audio(x)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits, (n, n_labels)."""
        return self.head(self.audio(x))

    def predict(self, x: Tensor) -> Tensor:
        """Return the likeliest label of each, (n,), as positions in the checkpoint's ``labels``."""
        return self(x).argmax(1)

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return the cross-entropy as total, and accuracy."""
        logits = self(batch["x"])
        return {
            "total": F.cross_entropy(logits, batch["label"]),
            "accuracy": (logits.argmax(1) == batch["label"]).float().mean(),
        }


def _find_tower(start: str):
    """Return the model that holds a tower, its checkpoint's name, and what its sound was read with."""
    model, meta, name = load_donor(start, "contrastive")
    reads = parts_of(meta["input"]["name"])
    if not isinstance(model, Contrastive):
        raise CheckpointError(
            f"start={start} is a {meta['model']} without an audio tower; take a checkpoint of contrastive"
        )
    return model, name, {"name": reads["audio"], "config": meta["input"]["config"].get("audio", {})}


def _in_words(reads: dict) -> str:
    """Name an extractor with its settings."""
    return reads["name"] + "".join(f", {key}={value}" for key, value in reads.get("config", {}).items())
