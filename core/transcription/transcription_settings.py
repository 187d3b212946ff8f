"""Settings of a transcription."""

import functools
import os
import re
from dataclasses import dataclass
from pathlib import Path

from core import store
from core.errors import ConfigError

DEFAULT = "openai/whisper-small"
VERSION = 1
"""Of the transcription; part of the cache key."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class TranscriptionSettings:
    """Settings of a transcription.

    Attributes
    ----------
    model : str
        Name or folder of a ``WhisperForConditionalGeneration`` in the format of the transformers library,
        with its processor.
    language : str
        Language code ("de"); "" detects the language of each track.
    batch_size : int
        Tracks per batch; it affects speed, not results.
    no_speech_threshold, logprob_threshold : float
        A window is silent if its probability of no speech is above the first and the mean log-probability of
        its tokens below the second.
    compression_threshold : float
        Text with a higher zlib compression ratio is repetitive.

    Raises
    ------
    ConfigError

    References
    ----------
    Radford et al. 2023, section 4.5, for the thresholds.
    """

    model: str = DEFAULT
    language: str = ""
    batch_size: int = 4
    no_speech_threshold: float = 0.6
    logprob_threshold: float = -1.0
    compression_threshold: float = 2.4

    def __post_init__(self):
        if not self.model.strip():
            raise ConfigError(
                f"model={self.model!r} must be the name or the folder of a Whisper model, {DEFAULT} for one"
            )
        if self.language and not _LANGUAGE.fullmatch(self.language):
            raise ConfigError(
                f"language={self.language!r} must be a code of two or three lower-case letters (de, en, "
                "es), or empty for automatic detection"
            )
        if self.batch_size < 1:
            raise ConfigError(f"batch_size={self.batch_size} must be 1 or more")
        if not 0 <= self.no_speech_threshold <= 1:
            raise ConfigError(f"no_speech_threshold={self.no_speech_threshold} must lie in [0, 1]")
        if self.logprob_threshold > 0:
            raise ConfigError(
                f"logprob_threshold={self.logprob_threshold} must be 0 or less: it is a log-probability"
            )
        if self.compression_threshold < 1:
            raise ConfigError(f"compression_threshold={self.compression_threshold} must be 1 or more")

    @property
    def lyrics_from(self) -> str:
        """Source recorded with the lyrics; only the name of a folder, to disclose no local path."""
        folder = Path(os.path.expanduser(self.model))
        return f"transcribed by {folder.resolve().name if folder.is_dir() else self.model}"

    @functools.cached_property
    def _model_identity(self) -> str | list:
        """The model's name, or the files of its folder with size and modification time."""
        folder = Path(os.path.expanduser(self.model))
        files = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
        return [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files] or self.model

    def key(self, track_id: str) -> str:
        """Return the key that a track's lyrics are cached under."""
        settings = (
            self.language,
            self.no_speech_threshold,
            self.logprob_threshold,
            self.compression_threshold,
        )
        return store.key_of(track_id, self._model_identity, settings, VERSION)
