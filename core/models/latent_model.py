"""The base class of all models: what they are built from, and defaults of the training hooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from torch import Tensor, nn

from core.models.train_config import TrainConfig


class LatentModel(nn.Module):
    """A network that learns latents; see :class:`core.models.model_contract.Model` for the training hooks.

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
        """Build the model with random weights."""
        return cls(config, input_shape, n_labels)

    def fit_statistics(self, X: Any) -> None:
        """Do nothing: this model needs no statistics of its input."""

    if TYPE_CHECKING:  # every model defines its own, which the registry checks

        def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
            """Return named scalars, with ``total``, which is minimised."""

    def parameter_groups(self, lr: float) -> list[dict]:
        """Return all parameters, with one learning rate."""
        return [{"params": list(self.parameters())}]

    def start_epoch(self, epoch: int) -> None:
        """Do nothing."""

    def after_step(self) -> None:
        """Do nothing."""

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return {}."""
        return {}

    def input_moments(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Return {}: the input isn't standardised."""
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
