"""The Whisper model by name or folder, with its special tokens."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import ConfigError
from core.features.pretrained.hub import cache_last, load_complete, load_pretrained

ENGLISH_END = 50256
"""End token of the published English-only models, by which they are recognised."""


@dataclass(frozen=True, eq=False)
class Whisper:
    """A Whisper model with its feature extractor, tokenizer and special tokens.

    Attributes
    ----------
    languages : dict of str to int
        Language tokens by code; empty for English-only models.
    start, end, no_speech, first_time : int
        Tokens: start and end of a transcript, "no speech", and the timestamp 0.00. Timestamps follow it in
        steps of ``time_step_s``; text tokens are those below ``end``.
    task : int or None
        The token "transcribe"; None for English-only models.
    suppressed : tuple of int
        Tokens that never occur in a transcript.
    """

    net: Any
    feature_extractor: Any
    tokenizer: Any
    languages: dict[str, int]
    start: int
    end: int
    no_speech: int
    first_time: int
    task: int | None
    suppressed: tuple[int, ...]

    @property
    def sr(self) -> int:
        """Sample rate in Hz."""
        return self.feature_extractor.sampling_rate

    @property
    def window(self) -> int:
        """Samples per window: 30 s in the published models."""
        return self.feature_extractor.n_samples

    @property
    def time_step_s(self) -> float:
        """Seconds between two timestamp tokens: 0.02 in the published models."""
        return self.window / self.sr / self.net.config.max_source_positions

    def prompt(self, language: str) -> list[int]:
        """Return the initial tokens of a transcript."""
        if not self.languages or self.task is None:
            return [self.start]
        return [self.start, self.languages[language], self.task]

    def check_language(self, language: str) -> None:
        """Raise ConfigError for a language that the model doesn't support."""
        if language and language not in (self.languages or ("en",)):
            raise ConfigError(
                f"this model doesn't support the language {language!r}; it supports "
                f"{', '.join(sorted(self.languages)) or 'en (English only)'}"
            )

    def encode(self, windows: list[np.ndarray]):
        """Encode windows of audio; tensor, shape=(n, positions, d)."""
        import torch

        features = self.feature_extractor(windows, sampling_rate=self.sr, return_tensors="pt")[
            "input_features"
        ]
        weight = next(self.net.parameters())
        with torch.inference_mode():
            return self.net.get_encoder()(features.to(weight.device, weight.dtype)).last_hidden_state

    def decode(self, tokens: list[int]) -> str:
        """Return the text of tokens without timestamps and special tokens."""
        return self.tokenizer.decode([token for token in tokens if token < self.end]).strip()


@cache_last
def load_whisper(model: str) -> Whisper:
    """Load a model for inference, on the GPU where there is one; cached.

    Raises
    ------
    ConfigError
        When the model is not on this machine and the hub can't be reached, or the folder has none.
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
    """Load from a name or a folder; missing weights or tokens are errors."""
    import torch
    from transformers import WhisperForConditionalGeneration, WhisperProcessor

    has_cuda = torch.cuda.is_available()
    net = load_complete(
        WhisperForConditionalGeneration,
        place,
        local_files_only,
        title="Whisper",
        consequence="it can't transcribe",
        dtype=torch.float16 if has_cuda else torch.float32,
    )
    processor = WhisperProcessor.from_pretrained(place, local_files_only=local_files_only)
    extractor, config = processor.feature_extractor, net.config
    if (extractor.nb_max_frames, extractor.feature_size) != (
        2 * config.max_source_positions,
        config.num_mel_bins,
    ):
        raise ConfigError(
            f"the feature extractor of {place} gives {extractor.nb_max_frames} frames of "
            f"{extractor.feature_size} bands, but its network reads {2 * config.max_source_positions} of "
            f"{config.num_mel_bins}; do they belong to different models?"
        )
    net = net.to("cuda" if has_cuda else "cpu")
    return Whisper(net, extractor, processor.tokenizer, **_read_tokens(place, net, processor.tokenizer))


def _read_tokens(place: str, net, tokenizer) -> dict[str, Any]:
    """Find the special tokens by name, because many folders lack the files with their numbers."""
    known = {**tokenizer.get_vocab(), **tokenizer.get_added_vocab()}
    names = ("<|startoftranscript|>", "<|endoftext|>", "<|notimestamps|>")
    if missing := [name for name in names if name not in known]:
        raise ConfigError(f"the tokenizer of {place} has no {missing[0]}, so it is not Whisper's")
    start, end, no_timestamps = (known[name] for name in names)
    in_order = sorted(known.items(), key=lambda item: item[1])
    languages = {
        name[2:-2]: i
        for name, i in in_order
        if start < i < no_timestamps and re.fullmatch(r"<\|[a-z]{2,3}\|>", name)
    }
    is_multilingual = getattr(net.generation_config, "is_multilingual", None)
    if is_multilingual is False or (
        is_multilingual is None and (end == ENGLISH_END or "<|transcribe|>" not in known)
    ):
        languages = {}  # English-only models have the language tokens, too
    no_speech = next(
        (known[name] for name in ("<|nospeech|>", "<|nocaptions|>") if name in known), no_timestamps - 1
    )
    suppressed = {*(net.generation_config.suppress_tokens or ()), *range(end + 1, no_timestamps + 1)} - {end}
    return {
        "languages": languages,
        "start": start,
        "end": end,
        "no_speech": no_speech,
        "first_time": no_timestamps + 1,
        "task": known.get("<|transcribe|>") if languages else None,
        "suppressed": tuple(sorted(i for i in suppressed if 0 <= i < net.config.vocab_size)),
    }
