"""What all models share: the facts they are built from, and hooks that most leave as they are."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from torch import Tensor, nn

Shape = tuple[int, ...] | dict[str, tuple[int, ...]]


class LatentModel(nn.Module):
    """A network that learns latents; see :class:`core.models.model_contract.Model` for what each hook is for.

    Parameters
    ----------
    config : dataclass
        Of the class's ``Config``.
    input_shape : tuple of int, or dict of them by ``audio`` and ``text``
        Of one example.
    n_labels : int
        Labels that training knows; 0 where it sees none.

    Attributes
    ----------
    latent_dim : int
    """

    name: ClassVar[str] = ""
    presets: ClassVar[Mapping[str, dict]] = {}
    started_from: str = ""
    latent_dim: int

    def __init__(self, config: Any, input_shape: Shape, n_labels: int = 0):
        super().__init__()
        self.config, self.n_labels = config, n_labels
        self.input_shape = (
            {m: tuple(s) for m, s in input_shape.items()}
            if isinstance(input_shape, dict)
            else tuple(input_shape)
        )

    @classmethod
    def from_pretrained(cls, config: Any, input_shape: Shape, n_labels: int, reads: dict) -> "LatentModel":
        """Build the model with random weights."""
        return cls(config, input_shape, n_labels)

    def fit_statistics(self, X: np.ndarray | dict[str, np.ndarray]) -> None:
        """Take nothing."""

    def parameter_groups(self, lr: float) -> list[dict]:
        """Return all parameters, at one learning rate."""
        return [{"params": list(self.parameters())}]

    def start_epoch(self, epoch: int) -> None:
        """Do nothing."""

    def after_step(self) -> None:
        """Do nothing."""

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return nothing."""
        return {}

    def input_moments(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Return nothing: the input is taken as it comes."""
        return {}
