"""Settings of a transcription."""

import functools
import os
import re
from dataclasses import dataclass
from pathlib import Path

from core import store
from core.config import Config, setting
from core.errors import ConfigError

DEFAULT = "openai/whisper-small"
VERSION = 1
"""Of the transcription; part of the cache key."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class TranscriptionSettings(Config):
    """Settings of a transcription.

    Raises
    ------
    ConfigError

    References
    ----------
    Radford et al. 2023, section 4.5, for the thresholds.
    """

    model: str = setting(
        DEFAULT,
        title="Model",
        help="Name or folder of a WhisperForConditionalGeneration in the format of the transformers library, "
        "with its processor.",
    )
    language: str = setting(
        "", title="Language", help='Language code ("de"); empty detects the language of each track.'
    )
    batch_size: int = setting(
        4, low=1, title="Batch size", help="Tracks per batch; it affects speed, not results."
    )
    no_speech_threshold: float = setting(
        0.6,
        low=0,
        high=1,
        title="No-speech threshold",
        help="A window is silent if its probability of no speech is above this and the mean log-probability "
        "of its tokens below the next threshold.",
    )
    logprob_threshold: float = setting(
        -1.0, high=0, title="Log-probability threshold", help="Mean log-probability of a silent window."
    )
    compression_threshold: float = setting(
        2.4,
        low=1,
        title="Compression threshold",
        help="Text with a higher zlib compression ratio is repetitive.",
    )

    def __post_init__(self):
        super().__post_init__()
        if self.language and not _LANGUAGE.fullmatch(self.language):
            raise ConfigError(
                f"language={self.language!r} must be a code of two or three lower-case letters (de, en, "
                "es), or empty for automatic detection"
            )

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
