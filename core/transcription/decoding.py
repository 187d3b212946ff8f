"""From the encoded sound of a window to tokens, and how sure each is."""

import zlib
from dataclasses import dataclass

import numpy as np

from core.transcription.whisper import Transcriber, Whisper

TEMPERATURES = (0.2, 0.4, 0.6, 0.8, 1.0)
"""What a window that came out as a loop is tried with again, one after the other."""
FIRST_TIME_S = 1.0
"""The latest that the first line of a window may begin, as the published models are used."""


@dataclass(frozen=True, eq=False)
class Heard:
    """What a window came out as.

    Attributes
    ----------
    tokens : list of int
        Words and times; without the end.
    logprobs : list of float
        The natural logarithm of each token's probability among those that were allowed, the end's last where
        it came to one.
    no_speech : float
        Probability that nobody speaks or sings.
    """

    tokens: list[int]
    logprobs: list[float]
    no_speech: float

    @property
    def mean_logprob(self) -> float:
        """Average over all tokens, the end included."""
        return float(np.mean(self.logprobs)) if self.logprobs else -np.inf

    def is_without_words(self, settings: Transcriber) -> bool:
        """Tell whether nothing was heard: no speech is probable and what came out is not."""
        return (
            self.no_speech > settings.no_speech_threshold and self.mean_logprob < settings.logprob_threshold
        )


def compression(text: str) -> float:
    """Return how many times zlib packs a text smaller; high where it repeats itself. 0 for no text.

    >>> compression("la " * 100) > 10 > compression("Every word of this is another one")
    True
    """
    data = text.encode("utf-8", "replace")
    return len(data) / len(zlib.compress(data)) if data else 0.0


def guess_languages(whisper: Whisper, encoded) -> tuple[np.ndarray, np.ndarray]:
    """Return the probability of each language of ``whisper.languages``, shape=(n, n_languages), and of no speech, shape=(n,).

    The first step of the decoder tells both: the language tokens against each other, "no speech" against all
    tokens.
    """
    import torch

    begin = torch.full((len(encoded), 1), whisper.begin, device=encoded.device)
    with torch.inference_mode():
        logits = whisper.net(encoder_outputs=(encoded,), decoder_input_ids=begin).logits[:, 0].float()
    languages = logits[:, list(whisper.languages.values())].softmax(-1)
    return languages.cpu().numpy(), logits.softmax(-1)[:, whisper.no_speech].cpu().numpy()


def hear(
    whisper: Whisper, encoded, languages: list[str], settings: Transcriber, seeds: list[int]
) -> list[Heard | None]:
    """Write down what windows hold: the most probable token each time.

    A window whose text is a loop is written again by drawing tokens, at rising temperature, until it is none
    (Radford et al. 2023, section 4.5); one that stays a loop is None. That a text is merely improbable
    doesn't make it be drawn again: sung words often are, and its confidence says so.

    Parameters
    ----------
    encoded : tensor, shape=(n, positions, d)
    languages : list of str
        One per window.
    seeds : list of int
        For drawing; the same seed draws the same whatever else is in the batch.
    """
    found: list[Heard | None] = []
    for i, first in enumerate(write_tokens(whisper, encoded, languages)):
        one: Heard | None = first
        if not first.is_without_words(settings) and _is_loop(whisper, first, settings):
            drawn = (
                write_tokens(whisper, encoded[i : i + 1], languages[i : i + 1], t, seeds[i])[0]
                for t in TEMPERATURES
            )
            one = next((again for again in drawn if not _is_loop(whisper, again, settings)), None)
        found.append(one)
    return found


def _is_loop(whisper: Whisper, heard: Heard, settings: Transcriber) -> bool:
    """Tell whether a window's text repeats itself."""
    return compression(whisper.words(heard.tokens)) > settings.compression_threshold


def write_tokens(
    whisper: Whisper, encoded, languages: list[str], temperature: float = 0.0, seed: int = 0
) -> list[Heard]:
    """Write one token after the other until each window has come to its end, or half of the decoder's positions are full."""
    import torch

    prompts = torch.tensor([whisper.prompt(language) for language in languages], device=encoded.device)
    rules = rules_of(whisper, prompts.shape[1])
    chance = torch.Generator(encoded.device).manual_seed(seed)
    written, tokens, logprobs = prompts, [[] for _ in languages], [[] for _ in languages]
    going, cache, given = set(range(len(languages))), None, prompts
    with torch.inference_mode():
        for step in range(whisper.net.config.max_target_positions // 2):
            out = whisper.net(
                encoder_outputs=(encoded,), decoder_input_ids=given, past_key_values=cache, use_cache=True
            )
            cache = out.past_key_values
            if not step:
                silence = out.logits[:, 0].float().softmax(-1)[:, whisper.no_speech].tolist()
            scores = rules(written, out.logits[:, -1].float())
            given = (
                torch.multinomial((scores / temperature).softmax(-1), 1, generator=chance)
                if temperature
                else scores.argmax(-1, keepdim=True)
            )
            sure = scores.log_softmax(-1).gather(1, given)[:, 0].tolist()
            for i in sorted(going):
                token = int(given[i, 0])
                logprobs[i].append(sure[i])
                if token == whisper.end:
                    going.discard(i)
                else:
                    tokens[i].append(token)
            if not going:
                break
            given = torch.where(
                torch.tensor([[i in going] for i in range(len(languages))], device=given.device),
                given,
                whisper.end,
            )
            written = torch.cat([written, given], dim=1)
    return [Heard(*each) for each in zip(tokens, logprobs, silence)]


def rules_of(whisper: Whisper, begin_index: int):
    """Return ``rules(tokens, scores)``, which takes tokens away that may not come next.

    Marks never come; the end and a blank don't come first; times come in pairs, never go back, and come
    first.
    """
    from transformers import GenerationConfig
    from transformers.generation import (
        LogitsProcessorList,
        SuppressTokensAtBeginLogitsProcessor,
        SuppressTokensLogitsProcessor,
    )
    from transformers.generation.logits_process import WhisperTimeStampLogitsProcessor

    latest = round(FIRST_TIME_S / whisper.time_step_s)
    times = GenerationConfig(
        eos_token_id=whisper.end,
        no_timestamps_token_id=whisper.first_time - 1,
        max_initial_timestamp_index=latest,
    )
    device = whisper.net.device
    blank = whisper.tokenizer(" ", add_special_tokens=False)["input_ids"]
    return LogitsProcessorList(
        [
            SuppressTokensLogitsProcessor(list(whisper.silenced), device=device),
            SuppressTokensAtBeginLogitsProcessor([*blank[:1], whisper.end], begin_index, device=device),
            WhisperTimeStampLogitsProcessor(times, begin_index),
        ]
    )
