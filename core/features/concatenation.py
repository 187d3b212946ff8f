"""Several extractors of one modality side by side, as one input of a model: their vectors concatenated."""

from dataclasses import dataclass
from typing import ClassVar

from core.errors import ConfigError
from core.features.extractor import ExtractorConfig


@dataclass(frozen=True)
class Concatenation(ExtractorConfig):
    """Extractors whose vectors a model reads side by side.

    The vectors are concatenated as they are: the model that reads them scales each part by moments that are
    stored with its weights (:mod:`core.models.moments`).

    Attributes
    ----------
    parts : tuple of ExtractorConfig
        Two or more, each with one vector per track.
    """

    name: ClassVar[str] = "concatenation"
    reads: ClassVar[str] = "parts"

    parts: tuple[ExtractorConfig, ...]

    @property
    def encoder_name(self) -> str:
        """Name of the first part's text encoder that is pretrained, "" where there is none."""
        return next((part.encoder_name for part in self.parts if part.encoder_name), "")

    def as_model_input(self) -> "Concatenation":
        """Return the parts in the form that models read."""
        return type(self)(tuple(part.as_model_input() for part in self.parts))


@dataclass(frozen=True)
class AudioConcatenation(Concatenation):
    """Audio extractors side by side."""

    modality: ClassVar[str] = "audio"


@dataclass(frozen=True)
class TextConcatenation(Concatenation):
    """Text extractors side by side."""

    modality: ClassVar[str] = "text"


def components(extractor: ExtractorConfig) -> tuple[ExtractorConfig, ...]:
    """Return the registered extractors that one consists of: itself, unless several are side by side."""
    return extractor.parts if isinstance(extractor, Concatenation) else (extractor,)


def concatenate(parts: list[ExtractorConfig]) -> Concatenation:
    """Return extractors of one modality side by side.

    Raises
    ------
    ConfigError
        When they represent different modalities.
    """
    modalities = {part.modality for part in parts}
    if len(modalities) > 1:
        names = ", ".join(part.name for part in parts)
        raise ConfigError(f"{names} are of different modalities, so they can't stand side by side")
    return (AudioConcatenation if modalities == {"audio"} else TextConcatenation)(tuple(parts))
