"""Models that learn latents from features.

A model is one file with a :class:`core.models.latent_model.LatentModel` and its frozen ``Config``, and one
entry in the dictionary of its family (``core/models/vae/__init__.py`` and so on); :data:`MODELS` is their
union. It doesn't know the training loop. See :mod:`core.models.model_entry` for the facts of an entry and the
methods that they require of the class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.models.classifiers import CLASSIFIERS
from core.models.contrastive import CONTRASTIVE
from core.models.masked import MASKED
from core.models.model_entry import ModelSpec
from core.models.vae import AUTOENCODERS
from core.registry import find

if TYPE_CHECKING:
    from core.models.latent_model import LatentModel

MODELS: dict[str, ModelSpec] = {**AUTOENCODERS, **CONTRASTIVE, **MASKED, **CLASSIFIERS}


def get_model(name: str) -> type[LatentModel]:
    """Return a model class by its registered name.

    Raises
    ------
    ConfigError
        For an unknown name; lists the registered ones.
    """
    return model_spec(name).load()


def model_spec(name: str) -> ModelSpec:
    """Return the registry entry of a model, without importing the model.

    Raises
    ------
    ConfigError
        For an unknown name; lists the registered ones.
    """
    return find(MODELS, name, "model")


def joint_models() -> list[str]:
    """Return the models that encode audio and text as one latent."""
    return [name for name, spec in MODELS.items() if spec.has_joint_latent]
