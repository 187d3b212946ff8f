"""Whisper: the settings of a transcription, and the model by name or folder."""

import functools
import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core import store
from core.errors import ConfigError
from core.features.pretrained.hub import cache_last, load_complete, load_pretrained

DEFAULT = "openai/whisper-small"
VERSION = 1
"""Of what is made of a sound; another one makes kept answers be asked anew."""
ENGLISH_END = 50256
"""The token of the end in the published models that know English only; the others have another."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Transcriber:
    """How sound becomes lyrics.

    Attributes
    ----------
    model : str
        Name or folder of a ``WhisperForConditionalGeneration`` in the format of the transformers library,
        with its processor.
    language : str
        The code of the language that is sung ("de"); "" lets the model find it for each track.
    batch_size : int
        Tracks that are listened to at once. It changes the speed, not the words.
    no_speech_threshold, logprob_threshold : float
        A window whose probability of no speech is above the first, and the mean log-probability of whose
        tokens is below the second, holds no words.
    compression_threshold : float
        Text that zlib packs smaller than this many times is no loop; above it the model repeats itself.

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
                f"language={self.language!r} must be a code of two or three small letters (de, en, es), or "
                "nothing: then it is found"
            )
        if self.batch_size < 1:
            raise ConfigError(f"batch_size={self.batch_size} must be 1 or more")
        if not 0 <= self.no_speech_threshold <= 1:
            raise ConfigError(f"no_speech_threshold={self.no_speech_threshold} must lie in [0, 1]")
        if self.logprob_threshold > 0:
            raise ConfigError(
                f"logprob_threshold={self.logprob_threshold} must be 0 or less: it is a logarithm of a "
                "probability"
            )
        if self.compression_threshold < 1:
            raise ConfigError(f"compression_threshold={self.compression_threshold} must be 1 or more")

    @property
    def lyrics_from(self) -> str:
        """Return what its lyrics are marked with; of a folder only the name, which says nothing of this machine."""
        folder = Path(os.path.expanduser(self.model))
        return f"transcribed by {folder.resolve().name if folder.is_dir() else self.model}"

    @functools.cached_property
    def _which(self) -> str | list:
        """Tell the model: its name; the files of a folder by size and time, wherever it lies."""
        folder = Path(os.path.expanduser(self.model))
        files = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
        return [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files] or self.model

    def key(self, track_id: str) -> str:
        """Return what the lyrics of a track are kept under."""
        settings = (
            self.language,
            self.no_speech_threshold,
            self.logprob_threshold,
            self.compression_threshold,
        )
        return store.key_of(track_id, self._which, settings, VERSION)


@dataclass(frozen=True, eq=False)
class Whisper:
    """The model, what reads sound for it, and the numbers of the tokens that steer it.

    Attributes
    ----------
    languages : dict of str to int
        Tokens of the languages by code; empty where the model knows English only.
    begin, end, no_speech, first_time : int
        Tokens: begin of a transcript, its end, "no speech here", and the time 0.00. Times count on from there
        in steps of ``time_step_s``; words are the tokens below ``end``.
    task : int or None
        The token "transcribe"; None where the model knows English only.
    silenced : tuple of int
        Tokens that never stand in a transcript.
    """

    net: object
    front: object
    tokenizer: object
    languages: dict[str, int]
    begin: int
    end: int
    no_speech: int
    first_time: int
    task: int | None
    silenced: tuple[int, ...]

    @property
    def sr(self) -> int:
        """Return the sample rate that it hears, in Hz."""
        return self.front.sampling_rate

    @property
    def window(self) -> int:
        """Return the samples of a window: 30 s in the published models."""
        return self.front.n_samples

    @property
    def time_step_s(self) -> float:
        """Return the seconds between two time tokens: 0.02 in the published models."""
        return self.window / self.sr / self.net.config.max_source_positions

    def prompt(self, language: str) -> list[int]:
        """Return the tokens that a transcript begins with."""
        return [self.begin, self.languages[language], self.task] if self.languages else [self.begin]

    def check_language(self, language: str) -> None:
        """Refuse a language that the model doesn't know."""
        if language and language not in (self.languages or ("en",)):
            raise ConfigError(
                f"this model knows no language {language!r}; it knows "
                f"{', '.join(sorted(self.languages)) or 'en, English only'}"
            )

    def encode(self, windows: list[np.ndarray]):
        """Encode windows of sound; tensor of shape (n, positions, d)."""
        import torch

        read = self.front(windows, sampling_rate=self.sr, return_tensors="pt")["input_features"]
        weight = next(self.net.parameters())
        with torch.inference_mode():
            return self.net.get_encoder()(read.to(weight.device, weight.dtype)).last_hidden_state

    def words(self, tokens: list[int]) -> str:
        """Return the text of tokens; times and marks are left out."""
        return self.tokenizer.decode([token for token in tokens if token < self.end]).strip()


@cache_last
def load_whisper(model: str) -> Whisper:
    """Load a model, ready for inference, on the GPU where there is one; once, whichever threads ask.

    Raises
    ------
    ConfigError
        When the model is not on this machine and the hub can't be reached, or a folder holds none.
    """
    return load_pretrained(
        model,
        _load_from,
        kind="Whisper model",
        marker="config.json",
        error=ConfigError,
        save=f'WhisperForConditionalGeneration.from_pretrained("{model}").save_pretrained("FOLDER") and the '
        "same with WhisperProcessor",
    )


def _load_from(place: str, local_files_only: bool) -> Whisper:
    """Load from a name or a folder; weights or tokens that are lacking are no model."""
    import torch
    from transformers import WhisperForConditionalGeneration, WhisperProcessor

    has_cuda = torch.cuda.is_available()
    net = load_complete(
        WhisperForConditionalGeneration,
        place,
        local_files_only,
        title="Whisper",
        consequence="it can't write down what is sung",
        dtype=torch.float16 if has_cuda else torch.float32,
    )
    processor = WhisperProcessor.from_pretrained(place, local_files_only=local_files_only)
    front, config = processor.feature_extractor, net.config
    if (front.nb_max_frames, front.feature_size) != (2 * config.max_source_positions, config.num_mel_bins):
        raise ConfigError(
            f"the front end of {place} makes {front.nb_max_frames} frames of {front.feature_size} bands, "
            "but its network reads "
            f"{2 * config.max_source_positions} of {config.num_mel_bins}; do they belong to different models?"
        )
    net = net.to("cuda" if has_cuda else "cpu")
    return Whisper(net, front, processor.tokenizer, **_read_tokens(place, net, processor.tokenizer))


def _read_tokens(place: str, net, tokenizer) -> dict:
    """Find the tokens that steer a model, by their names: files that list their numbers are lacking in many folders."""
    known = {**tokenizer.get_vocab(), **tokenizer.get_added_vocab()}
    names = ("<|startoftranscript|>", "<|endoftext|>", "<|notimestamps|>")
    if lacking := [name for name in names if name not in known]:
        raise ConfigError(f"the tokenizer of {place} has no {lacking[0]}, so it is not Whisper's")
    begin, end, without_times = (known[name] for name in names)
    in_order = sorted(known.items(), key=lambda item: item[1])
    languages = {
        name[2:-2]: i
        for name, i in in_order
        if begin < i < without_times and re.fullmatch(r"<\|[a-z]{2,3}\|>", name)
    }
    told = getattr(net.generation_config, "is_multilingual", None)
    if told is False or (told is None and (end == ENGLISH_END or "<|transcribe|>" not in known)):
        languages = {}  # the tokens are there in English models, too
    no_speech = next(
        (known[name] for name in ("<|nospeech|>", "<|nocaptions|>") if name in known), without_times - 1
    )
    silenced = {*(net.generation_config.suppress_tokens or ()), *range(end + 1, without_times + 1)} - {end}
    return {
        "languages": languages,
        "begin": begin,
        "end": end,
        "no_speech": no_speech,
        "first_time": without_times + 1,
        "task": known.get("<|transcribe|>") if languages else None,
        "silenced": tuple(sorted(i for i in silenced if 0 <= i < net.config.vocab_size)),
    }
