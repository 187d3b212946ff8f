"""Few-shot classifier on a pretrained audio tower.

Two linear layers, 512 with ReLU and one output per class, on the audio encoder and its 1024-dimensional layer
(v space), trained with cross-entropy on a few labels. The encoder is frozen at first and fine-tuned with a
lower learning rate from epoch 10 on (Sideras, Multimodal Pretraining for Music Audio, sections 4.3 and
4.4.1). Without a pretrained checkpoint it is the paper's baseline (table 3): the same network from random
weights.
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
from core.models.latent_model import LatentModel, Pretrained, scale_learning_rates
from core.models.moments import Standardised
from core.models.train_config import TrainConfig


@dataclass(frozen=True)
class GenreHeadConfig(Config):
    """Settings of the classifier; a pretrained checkpoint determines the latent dimension."""

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
    train_config = TrainConfig(epochs=30, batch_size=32, lr=1e-3)

    def __init__(self, config: GenreHeadConfig, input_shape: tuple[int, ...], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        common.check_n_labels(self.name, n_labels)
        self.latent_dim = config.latent_dim
        self.audio = AudioTower(self.input_shape, config.latent_dim)
        self.head = nn.Sequential(
            nn.Linear(config.latent_dim, config.hidden), nn.ReLU(), nn.Linear(config.hidden, n_labels)
        )

    @classmethod
    def from_pretrained(
        cls,
        config: GenreHeadConfig,
        input_shape: tuple[int, ...],
        n_labels: int,
        reads: dict,
        pretrained: Pretrained | None = None,
    ) -> "GenreHead":
        """Build the model with the audio tower of a contrastive checkpoint where one is given.

        Raises
        ------
        CheckpointError
            When the checkpoint has no audio tower.
        ConfigError
            When its tower was trained on another input.
        """
        if pretrained is None:
            return cls(config, input_shape, n_labels)
        towers, name = pretrained.model, pretrained.checkpoint
        if not isinstance(towers, Contrastive):
            raise CheckpointError(
                f"start={config.start} is a {towers.name} without an audio tower; take a checkpoint of "
                "contrastive"
            )
        _check_same_input(pretrained, reads, tuple(input_shape))
        model = cls(replace(config, start=name, latent_dim=towers.latent_dim), input_shape, n_labels)
        model.audio.load_state_dict(towers.audio.state_dict())
        model.started_from = f"the audio tower of {name}; random weights of the head"
        return model

    def fit_statistics(self, X: np.ndarray) -> None:
        """Compute the moments of X (n, *input_shape); a pretrained tower keeps those of its own training."""
        if not self.config.start:
            self.audio.fit_statistics(X)

    def standardised_inputs(self) -> dict[str, Standardised]:
        """Return the audio tower."""
        return {"x": self.audio}

    def parameter_groups(self, lr: float) -> list[dict]:
        """Return the head's parameters and a pretrained tower's, with a lower learning rate."""
        factor = self.config.encoder_lr if self.config.start else 1.0
        return scale_learning_rates(self, [self.audio], lr, factor)

    def start_epoch(self, epoch: int) -> None:
        """Freeze or unfreeze a pretrained tower, its batch norm statistics included."""
        is_trained = not self.config.start or 0 < self.config.unfreeze_epoch <= epoch
        self.audio.requires_grad_(is_trained)
        self.audio.train(is_trained)

    def encode(self, x: Tensor) -> Tensor:
        """Return v after fine-tuning, (n, latent_dim)."""
        return self.audio(x)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits, (n, n_labels)."""
        return self.head(self.audio(x))

    def predict_label(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the probability of each label, (n, n_labels)."""
        return F.softmax(self(batch["x"]), dim=1)

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return the cross-entropy as total, and accuracy."""
        logits = self(batch["x"])
        return {
            "total": F.cross_entropy(logits, batch["label"]),
            "accuracy": (logits.argmax(1) == batch["label"]).float().mean(),
        }


def _check_same_input(pretrained: Pretrained, reads: dict, input_shape: tuple[int, ...]) -> None:
    """Refuse a pretrained tower of another audio extractor or shape than the model's input."""
    name = pretrained.checkpoint
    tower = {
        "name": parts_of(pretrained.reads["name"])["audio"],
        "config": pretrained.reads["config"].get("audio", {}),
    }
    given = json.loads(json.dumps(reads.get("config", {})))  # tuples are lists in a checkpoint
    if tower != {"name": reads["name"], "config": given}:
        raise ConfigError(
            f"start={name} reads {_format_input(tower)}, but the input is {_format_input(reads)}; train "
            f"genre-head:{tower['name']}"
        )
    shape = tuple(pretrained.model.input_shape["audio"])
    if shape != input_shape:
        raise ConfigError(f"start={name} reads audio of shape {shape}, but the input has {input_shape}")


def _format_input(reads: dict) -> str:
    """Return an extractor's name followed by its settings."""
    return reads["name"] + "".join(f", {key}={value}" for key, value in reads.get("config", {}).items())
