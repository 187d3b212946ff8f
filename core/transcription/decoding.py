"""Decode the encoded audio of windows to tokens with their log-probabilities."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.transcription.transcription_settings import TranscriptionSettings
from core.transcription.whisper import Whisper

TEMPERATURES = (0.2, 0.4, 0.6, 0.8, 1.0)
"""Sampling temperatures that a repetitive window is retried with, in order."""
MAX_FIRST_TIME_S = 1.0
"""Latest start of a window's first segment, as published."""


@dataclass(frozen=True, eq=False)
class DecodedWindow:
    """Tokens of one window.

    Attributes
    ----------
    tokens : list of int
        Text and timestamps, without the end token.
    logprobs : list of float
        Log-probability of each token among the allowed ones, including the end token where it was reached.
    no_speech : float
        Probability that the window contains no speech or singing.
    """

    tokens: list[int]
    logprobs: list[float]
    no_speech: float

    @property
    def mean_logprob(self) -> float:
        """Mean over all tokens, including the end token."""
        return float(np.mean(self.logprobs)) if self.logprobs else -np.inf

    def is_silent(self, settings: TranscriptionSettings) -> bool:
        """Return whether no speech is likely and the decoded text is not."""
        return (
            self.no_speech > settings.no_speech_threshold and self.mean_logprob < settings.logprob_threshold
        )


def compression_ratio(text: str) -> float:
    """Return the zlib compression ratio of a text, high for repetitive text; 0 for no text.

    >>> compression_ratio("la " * 100) > 10 > compression_ratio("No word occurs twice in this text")
    True
    """
    data = text.encode("utf-8", "replace")
    return len(data) / len(zlib.compress(data)) if data else 0.0


def language_probabilities(whisper: Whisper, encoded) -> tuple[np.ndarray, np.ndarray]:
    """Return the probability of each language and of no speech, from the first decoding step.

    Returns
    -------
    languages : ndarray, shape=(n, n_languages)
        In the order of ``whisper.languages``, normalised over the language tokens.
    no_speech : ndarray, shape=(n,)
        Normalised over all tokens.
    """
    import torch

    start = torch.full((len(encoded), 1), whisper.start, device=encoded.device)
    with torch.inference_mode():
        logits = whisper.net(encoder_outputs=(encoded,), decoder_input_ids=start).logits[:, 0].float()
    languages = logits[:, list(whisper.languages.values())].softmax(-1)
    return languages.cpu().numpy(), logits.softmax(-1)[:, whisper.no_speech].cpu().numpy()


def decode_windows(
    whisper: Whisper, encoded, languages: list[str], settings: TranscriptionSettings, seeds: list[int]
) -> list[DecodedWindow | None]:
    """Decode windows greedily; None for windows that stay repetitive.

    A repetitive window is decoded again by sampling with rising temperature until it no longer repeats itself
    (Radford et al. 2023, section 4.5). Low probability alone doesn't trigger this: it is common in singing,
    and the confidence reports it.

    Parameters
    ----------
    encoded : tensor, shape=(n, positions, d)
    languages : list of str
        One per window.
    seeds : list of int
        One per window, for sampling; the result doesn't depend on the rest of the batch.
    """
    results: list[DecodedWindow | None] = []
    for i, greedy in enumerate(decode_tokens(whisper, encoded, languages)):
        result: DecodedWindow | None = greedy
        if not greedy.is_silent(settings) and _is_repetitive(whisper, greedy, settings):
            sampled = (
                decode_tokens(whisper, encoded[i : i + 1], languages[i : i + 1], t, seeds[i])[0]
                for t in TEMPERATURES
            )
            result = next((one for one in sampled if not _is_repetitive(whisper, one, settings)), None)
        results.append(result)
    return results


def _is_repetitive(whisper: Whisper, window: DecodedWindow, settings: TranscriptionSettings) -> bool:
    """Return whether a window's text repeats itself."""
    return compression_ratio(whisper.decode(window.tokens)) > settings.compression_threshold


def decode_tokens(
    whisper: Whisper, encoded, languages: list[str], temperature: float = 0.0, seed: int = 0
) -> list[DecodedWindow]:
    """Decode token by token until every window ends, or half of the decoder's positions are used."""
    import torch

    prompts = torch.tensor([whisper.prompt(language) for language in languages], device=encoded.device)
    constrain = logits_processors(whisper, prompts.shape[1])
    generator = torch.Generator(encoded.device).manual_seed(seed)
    tokens: list[list[int]] = [[] for _ in languages]
    logprobs: list[list[float]] = [[] for _ in languages]
    sequence, inputs, cache = prompts, prompts, None
    unfinished = set(range(len(languages)))
    with torch.inference_mode():
        for step in range(whisper.net.config.max_target_positions // 2):
            out = whisper.net(
                encoder_outputs=(encoded,), decoder_input_ids=inputs, past_key_values=cache, use_cache=True
            )
            cache = out.past_key_values
            if not step:
                no_speech = out.logits[:, 0].float().softmax(-1)[:, whisper.no_speech].tolist()
            scores = constrain(sequence, out.logits[:, -1].float())
            chosen = (
                torch.multinomial((scores / temperature).softmax(-1), 1, generator=generator)
                if temperature
                else scores.argmax(-1, keepdim=True)
            )
            chosen_logprobs = scores.log_softmax(-1).gather(1, chosen)[:, 0].tolist()
            for i in sorted(unfinished):
                token = int(chosen[i, 0])
                logprobs[i].append(chosen_logprobs[i])
                if token == whisper.end:
                    unfinished.discard(i)
                else:
                    tokens[i].append(token)
            if not unfinished:
                break
            is_open = torch.tensor([[i in unfinished] for i in range(len(languages))], device=chosen.device)
            inputs = torch.where(is_open, chosen, whisper.end)
            sequence = torch.cat([sequence, inputs], dim=1)
    return [DecodedWindow(*each) for each in zip(tokens, logprobs, no_speech)]


def logits_processors(whisper: Whisper, begin_index: int) -> Callable[..., Any]:
    """Return the constraints on the next token.

    Suppressed tokens never occur; the end and a blank don't come first; timestamps come in pairs, never
    decrease, and come first.
    """
    from transformers import GenerationConfig
    from transformers.generation import (
        LogitsProcessorList,
        SuppressTokensAtBeginLogitsProcessor,
        SuppressTokensLogitsProcessor,
    )
    from transformers.generation.logits_process import WhisperTimeStampLogitsProcessor

    latest = round(MAX_FIRST_TIME_S / whisper.time_step_s)
    times = GenerationConfig(
        eos_token_id=whisper.end,
        no_timestamps_token_id=whisper.first_time - 1,
        max_initial_timestamp_index=latest,
    )
    device = whisper.net.device
    blank = whisper.tokenizer(" ", add_special_tokens=False)["input_ids"]
    return LogitsProcessorList(
        [
            SuppressTokensLogitsProcessor(list(whisper.suppressed), device=device),
            SuppressTokensAtBeginLogitsProcessor([*blank[:1], whisper.end], begin_index, device=device),
            WhisperTimeStampLogitsProcessor(times, begin_index),
        ]
    )
