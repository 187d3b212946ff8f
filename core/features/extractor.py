"""The contract of extractors: a frozen config that reads files, texts, a corpus or a table, and its spec."""

import functools
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol

import numpy as np
import pandas as pd

from core.config import Config
from core.progress import Progress, silent
from core.registry import Spec


class Extractor(Protocol):
    """Members of every extractor; :class:`ExtractorConfig` has defaults for most."""

    name: str
    modality: str
    reads: str
    encoder_name: str
    weights: str
    examples_per_track: int

    def summarise(self, X: np.ndarray) -> np.ndarray:
        """Return one vector per track."""


class ReadsFile(Extractor, Protocol):
    """One array per audio file, the same shape for all; stored as rows by track id."""

    def extract(self, path: str | os.PathLike) -> np.ndarray:
        """Read an audio file and return its features."""


class ReadsTexts(Extractor, Protocol):
    """One array per text, each read on its own; stored as rows by a hash of the text."""

    def extract_texts(self, texts: list[str], progress: Progress = silent) -> np.ndarray:
        """Return the features of each text."""


class ReadsCorpus(Extractor, Protocol):
    """One vector per text, from all texts at once."""

    def extract_corpus(self, texts: list[str]) -> np.ndarray:
        """Return the features of each text, fitted to all of them."""


class ReadsTable(Extractor, Protocol):
    """One vector per track, from the numeric columns that came with a collection."""

    def extract_table(self, table: pd.DataFrame) -> np.ndarray:
        """Return the features of each row."""

    def has_numbers(self, table: pd.DataFrame) -> np.ndarray:
        """Return which rows have any number."""


READERS = {"file": ReadsFile, "text": ReadsTexts, "corpus": ReadsCorpus, "table": ReadsTable}


@dataclass(frozen=True)
class ExtractorConfig(Config):
    """The config of an extractor, with defaults for most of the contract."""

    name: ClassVar[str]
    modality: ClassVar[str]
    reads: ClassVar[str]
    earlier_values: ClassVar[Mapping[str, object]] = {}
    """Values of fields for configs that were saved before these fields existed."""

    @property
    def encoder_name(self) -> str:
        """Name of the pretrained text encoder, "" where there is none."""
        return ""

    @property
    def weights(self) -> str:
        """Name or folder of the pretrained weights, "" where there are none."""
        return self.encoder_name

    @property
    def examples_per_track(self) -> int:
        """Training examples per track: its crops, where those are separate rows."""
        return 1

    def as_model_input(self) -> "ExtractorConfig":
        """Return the extractor that models read in its place: itself, unless they need another form."""
        return self

    def summarise(self, X: np.ndarray) -> np.ndarray:
        """Return one vector per track, the representation that is clustered.

        Returns
        -------
        ndarray of float32, shape=(n_tracks, d)
        """
        return X.astype(np.float32, copy=False)


@dataclass(frozen=True)
class AudioExtractor(ExtractorConfig):
    """The config of an extractor that reads audio files."""

    modality: ClassVar[str] = "audio"
    reads: ClassVar[str] = "file"


@dataclass(frozen=True)
class TextEncoder(ExtractorConfig):
    """The config of an extractor that reads texts by a pretrained encoder, or by its tokenizer alone.

    Attributes
    ----------
    model : str
        Name or folder of the encoder.
    """

    modality: ClassVar[str] = "text"
    reads: ClassVar[str] = "text"

    model: str

    @property
    def encoder_name(self) -> str:
        """Name of the pretrained text encoder."""
        return self.model


@dataclass(frozen=True, kw_only=True)
class ExtractorSpec(Spec):
    """What an extractor reads, represents and may be used for.

    Attributes
    ----------
    reads : {"file", "text", "corpus", "table"}
        Its input, see :data:`READERS`.
    modality : {"audio", "text"}
        Modality that it represents; a table may be either.
    settings : mapping
        Config fields that this entry presets, where several entries share a class.
    takes_name : {"", "model", "prefix"}
        Config field set by what follows a colon (``sentence:NAME_OR_FOLDER``, ``table:PREFIX``); "" for none.
    text_tower : str
        Entry of the text tower, for the audio tower of a model with both.
    only_for_models : bool
        It is an input of models and not offered as a representation.
    is_spectrogram : bool
        A track is one or more spectrograms, shape=(n_crops, n_bands, n_frames).
    may_standardise : bool
        Whether its dimensions may be standardised. False for those on one scale already, such as unit-length
        embeddings and latent semantic analysis.
    seconds_per_track : float
        Extraction time on two cores, until it is measured (see :mod:`core.features.extraction.extract_rows`).
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

    @property
    def has_vectors(self) -> bool:
        """Whether a track is one flat vector, which may stand beside others in a model's input."""
        return not (self.is_spectrogram or self.only_for_models)

    def protocols(self) -> tuple[type, ...]:
        """Return the protocols that the class must meet."""
        return (Extractor, READERS[self.reads])

    def build(self, **named) -> ExtractorConfig:
        """Build the extractor; ``named`` holds what followed the colon, by its field."""
        return self.load()(**self.settings, **named)


@dataclass(frozen=True, eq=False)
class Features:
    """Features of every track of a collection.

    Attributes
    ----------
    X : ndarray, shape=(n_tracks, …)
        Zero where a track has none. Read from the store on first access: what is derived from features can
        often be found by ``key`` alone.
    present : ndarray of bool, shape=(n_tracks,)
        False where a track lacks this modality or could not be read.
    key : str
        Hash of content, config and code.
    failed : dict
        Reason by track id, for tracks that could not be read or whose features are not finite.
    n_outdated : int
        Tracks whose features an earlier version of the extractor computed.
    """

    load: Callable[[], np.ndarray] = field(repr=False)
    present: np.ndarray
    key: str
    failed: dict[str, str] = field(default_factory=dict)
    n_outdated: int = 0

    @functools.cached_property
    def X(self) -> np.ndarray:
        """Load the feature matrix."""
        return self.load()
