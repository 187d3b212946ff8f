"""What every extractor is: a frozen config that reads files, texts, a corpus or a table, and a spec that says what it gives."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol

import numpy as np
import pandas as pd

from core.config import Config
from core.progress import Progress, silent
from core.registry import Spec


class Extractor(Protocol):
    """What every extractor has; :class:`ExtractorConfig` gives most of it."""

    name: str
    modality: str
    reads: str
    encoder_name: str
    weights: str
    examples_per_track: int

    def summarise(self, X: np.ndarray) -> np.ndarray: ...


class ReadsFile(Protocol):
    """One array per audio file, the same shape for all; kept as rows by track id."""

    def extract(self, path: str | os.PathLike) -> np.ndarray: ...


class ReadsTexts(Protocol):
    """One array per text, each read on its own; kept as rows by a hash of the text."""

    def extract_texts(self, texts: list[str], progress: Progress = silent) -> np.ndarray: ...


class ReadsCorpus(Protocol):
    """One vector per text, from all texts at once."""

    def extract_corpus(self, texts: list[str]) -> np.ndarray: ...


class ReadsTable(Protocol):
    """One vector per track, from the numbers that came with a collection."""

    def extract_table(self, table: pd.DataFrame) -> np.ndarray: ...


READERS = {"file": ReadsFile, "text": ReadsTexts, "corpus": ReadsCorpus, "table": ReadsTable}


@dataclass(frozen=True)
class ExtractorConfig(Config):
    """The config of an extractor, with what most of them have in common."""

    @property
    def encoder_name(self) -> str:
        """Pretrained text encoder that reads the texts, as :data:`core.features.pretrained.encoder_languages.ENCODER_LANGUAGES` names it; "" where there is none."""
        return ""

    @property
    def weights(self) -> str:
        """Name or folder of the pretrained weights that it reads with; "" where there are none to name."""
        return self.encoder_name

    @property
    def examples_per_track(self) -> int:
        """Rows of one track that a model trains on: its crops, where they are kept apart."""
        return 1

    def summarise(self, X: np.ndarray) -> np.ndarray:
        """Return one vector per track, shape=(n_tracks, d), float32: what is clustered when this is the representation itself."""
        return X.astype(np.float32, copy=False)


@dataclass(frozen=True, kw_only=True)
class ExtractorSpec(Spec):
    """An extractor's facts.

    Attributes
    ----------
    reads : {"file", "text", "corpus", "table"}
        What it needs, see :data:`READERS`.
    modality : {"audio", "text"}
        What it represents; a table stands for either.
    settings : mapping
        Values of the config that make this entry, where several entries share a class.
    takes_name : {"", "model", "prefix"}
        Field that what follows a colon sets (``sentence:NAME_OR_FOLDER``, ``table:PREFIX``); "" where nothing
        may.
    text_tower : str
        Entry that this name means where text is asked for, of a model that reads both modalities.
    only_for_models : bool
        It is an input of models and adds nothing as a representation of its own.
    is_spectrogram : bool
        A track is one or more spectrograms, shape=(n_crops, n_bands, n_frames).
    may_standardise : bool
        Its dimensions may each be brought to standard deviation 1. False for those on one scale already, such
        as unit-length embeddings and latent semantic analysis.
    seconds_per_track : float
        Time on two cores.
    """

    shared: ClassVar[tuple[str, ...]] = ("reads", "modality")

    reads: Literal["file", "text", "corpus", "table"]
    modality: Literal["audio", "text"]
    settings: Mapping[str, object] = field(default_factory=dict)
    takes_name: Literal["", "model", "prefix"] = ""
    text_tower: str = ""
    only_for_models: bool = False
    is_spectrogram: bool = False
    may_standardise: bool = True
    seconds_per_track: float

    def protocols(self) -> tuple[type, ...]:
        return (Extractor, READERS[self.reads])

    def build(self, **named) -> ExtractorConfig:
        """Build the extractor; ``named`` is what followed the colon, by its field."""
        return self.load()(**self.settings, **named)
