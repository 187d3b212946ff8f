"""The base class of all models: what they are built from, and the training hooks with their defaults."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor, nn

from core.models.moments import Standardised
from core.models.train_config import TrainConfig


class LatentModel(nn.Module, ABC):
    """A network that learns latents, with the methods that training calls.

    Parameters
    ----------
    config : dataclass
        Of the class's ``Config``.
    input_shape : tuple of int, or dict of them by ``audio`` and ``text``
        Of one example.
    n_labels : int
        Number of labels in training; 0 for a model that isn't trained with labels.

    Attributes
    ----------
    name : str
        As registered and as stored in checkpoints.
    Config : type
        Frozen dataclass of the model's settings.
    train_config : TrainConfig or None
        Defaults of the training loop; None for a model that is fitted in closed form.
    presets : dict
        Settings of Config and of training by the value of the config field ``preset``.
    started_from : str
        Initialisation of an instance's weights, as stored in checkpoints.
    latent_dim : int
    """

    name: ClassVar[str] = ""
    Config: ClassVar[type]
    train_config: ClassVar[TrainConfig | None]
    presets: ClassVar[Mapping[str, dict]] = {}
    started_from: str = ""
    latent_dim: int
    config: Any  # each model narrows it to its own Config
    input_shape: Any  # a tuple, or a dictionary of tuples: each model has one of the two

    def __init__(self, config: Any, input_shape: Any, n_labels: int = 0):
        super().__init__()
        self.config, self.n_labels = config, n_labels
        self.input_shape = (
            {m: tuple(s) for m, s in input_shape.items()}
            if isinstance(input_shape, dict)
            else tuple(input_shape)
        )

    @classmethod
    def from_pretrained(
        cls,
        config: Any,
        input_shape: Any,
        n_labels: int,
        reads: dict,
        pretrained: Pretrained | None = None,
    ) -> LatentModel:
        """Build the model in its initial state, by default with random weights.

        ``reads`` is name and config of the input's extractor; ``pretrained`` is the checkpoint that the
        setting ``start`` names, for a model that fine-tunes another one. Sizes that pretrained weights
        determine are written to ``filled_in`` config fields, so that a checkpoint needs no other file.
        """
        return cls(config, input_shape, n_labels)

    def fit_statistics(self, X: Any) -> None:
        """Compute closed-form statistics of examples (n, *input_shape), by modality for two inputs."""

    @abstractmethod
    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return named scalars, with ``total``, which is minimised."""

    def parameter_groups(self, lr: float) -> list[dict]:
        """Return the parameter groups of Adam, with their own learning rates where they have one."""
        return [{"params": list(self.parameters())}]

    def start_epoch(self, epoch: int) -> None:
        """Run before each epoch, counted from 1."""

    def after_step(self) -> None:
        """Run after each optimizer step."""

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return JSON-able figures of a trained model; {} for none."""
        return {}

    def standardised_inputs(self) -> Mapping[str, Standardised]:
        """Return the modules that standardise vectors, by ``x``, ``audio`` or ``text``; {} for none."""
        return {}

    def input_moments(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Return mean and deviation of each input that the model standardises; {} for none."""
        return {}


def scale_learning_rates(
    model: nn.Module, pretrained: Sequence[nn.Module], lr: float, factor: float
) -> list[dict]:
    """Return parameter groups for Adam in which pretrained networks learn with ``lr * factor``."""
    slow = [p for network in pretrained for p in network.parameters()]
    known = set(map(id, slow))
    fast = [p for p in model.parameters() if id(p) not in known]
    return [{"params": fast}] + ([{"params": slow, "lr": lr * factor}] if slow else [])


@dataclass(frozen=True)
class Pretrained:
    """A trained model from which another one is initialised.

    Attributes
    ----------
    model : LatentModel
    reads : dict
        ``name`` and ``config`` of the extractor that it was trained on.
    checkpoint : str
        Name of its checkpoint.
    """

    model: LatentModel
    reads: dict
    checkpoint: str
