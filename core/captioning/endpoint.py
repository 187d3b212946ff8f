"""The captioner that queries a language model on any server with OpenAI's chat completions API.

Lyrics and genre are sent to the server that ``OPENAI_BASE_URL``, ``OPENAI_API_KEY`` and
``SONGSCAPE_CAPTION_MODEL`` name. Nothing is sent before these are set.
"""

import random
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import ClassVar

from core import store
from core.captioning import prompt
from core.captioning.caption_input import Song
from core.captioning.captioner import OnCaption
from core.captioning.endpoint_errors import error_message, fatal_error, retry_delay
from core.captioning.endpoint_settings import EndpointSettings
from core.collection import Collection
from core.errors import CaptionError
from core.progress import Progress, silent

POLL_S = 0.3
MAX_DELAY_S = 60.0
TIMEOUT_S = 60.0
MAX_MALFORMED = 2
"""Malformed answers per track before it is given up."""
MAX_FAILURES = 8
"""Consecutive failed tracks before the run is aborted."""


@dataclass(frozen=True)
class Endpoint(EndpointSettings):
    """Query a chat model for three sentences per track, several tracks concurrently.

    Transient failures (server busy, rate limit, broken connection) are retried with exponential backoff or
    after the delay that the server requests; the client's own retries are off so that cancelling interrupts
    the delay. A track that fails permanently is reported with its reason. Errors that concern all tracks
    (key, model, address) abort the run.
    """

    name: ClassVar[str] = "endpoint"
    costs: ClassVar[bool] = True

    @property
    def caption_from(self) -> str:
        """Source of the captions."""
        return f"{self.model} at {self.host}"

    @property
    def sends_to(self) -> str:
        """Host that lyrics and genres are sent to."""
        return self.host

    def key(self, song: Song) -> str:
        """Return the key of a song's caption: what is sent, the model and server, and the prompt."""
        return store.key_of(
            song.lyrics[: prompt.MAX_LYRICS], song.genre, self.model, self.base_url, prompt.VERSION
        )

    def missing_reason(self, song: Song, has_audio: bool) -> str:
        """Return the reason why a song can't be captioned, "" where it can."""
        return "" if song.lyrics else "no lyrics, which a language model needs"

    def estimate(self, collection: Collection, songs: list[Song]) -> dict:
        """Estimate the tokens and, where prices are set, the cost."""
        n_in = sum(prompt.count_prompt_tokens(song.lyrics, song.genre) for song in songs)
        n_out = prompt.COMPLETION_TOKENS * len(songs)
        return {"prompt_tokens": n_in, "completion_tokens": n_out, "cost": self.cost(n_in, n_out)}

    def prepare(
        self, collection: Collection, songs: list[Song], progress: Progress = silent
    ) -> tuple[list[Song], dict[str, str]]:
        """Return the songs unchanged: the model reads text only."""
        return songs, {}

    def write(self, songs: list[Song], on_caption: OnCaption, progress: Progress = silent) -> None:
        """Query the model for each song and report each answer to ``on_caption``.

        ``on_caption`` is called by several threads. When ``progress`` raises, answers to pending requests are
        still reported.

        Raises
        ------
        ConfigError
            When key, model or address are refused.
        CaptionError
            When the server can't be reached, the account is out of credit, or consecutive tracks fail.
        """
        import openai

        stop, failures = threading.Event(), _FailureCounter()
        client = openai.OpenAI(base_url=self.base_url, api_key=self.api_key, max_retries=0, timeout=TIMEOUT_S)
        pool = ThreadPoolExecutor(self.concurrency, thread_name_prefix="captions")
        try:
            pending = {
                pool.submit(self._write_one, client, song, on_caption, stop, failures) for song in songs
            }
            while pending:
                done, pending = wait(pending, timeout=POLL_S, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
                progress(len(songs) - len(pending), len(songs), f"querying {self.caption_from}")
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            client.close()

    def _write_one(
        self,
        client,
        song: Song,
        on_caption: OnCaption,
        stop: threading.Event,
        failures: "_FailureCounter",
    ) -> None:
        """Query until there is a valid answer, a permanent failure, or a stop."""
        import openai

        n_in, n_out, reason, n_malformed = 0, 0, "", 0
        for attempt in range(self.attempts):
            is_last = attempt == self.attempts - 1
            if stop.is_set():
                return
            try:
                answer = client.chat.completions.create(
                    model=self.model, messages=prompt.write_prompt(song.lyrics, song.genre)
                )
            except openai.OpenAIError as error:
                fatal = fatal_error(error, self, is_last=is_last)
                if fatal:
                    stop.set()  # before this thread starts another song
                    raise fatal from error
                delay_s, reason = retry_delay(error, attempt), error_message(error, self.api_key)
                if delay_s is None or is_last:
                    break
                pause(stop, min(delay_s, MAX_DELAY_S))
                continue
            usage = getattr(answer, "usage", None)
            n_in += getattr(usage, "prompt_tokens", 0) or 0
            n_out += getattr(usage, "completion_tokens", 0) or 0
            caption, reason = _read(answer)
            if caption:
                failures.reset()
                on_caption(song, caption=caption, tokens=(n_in, n_out))
                return
            n_malformed += 1
            if n_malformed == MAX_MALFORMED:
                break
        on_caption(song, reason=reason, tokens=(n_in, n_out))
        if failures.add() >= MAX_FAILURES:
            stop.set()
            raise CaptionError(
                f"{MAX_FAILURES} consecutive tracks failed at {self.host}, so the run was aborted; the last "
                f"reason: {reason}"
            )


class _FailureCounter:
    """Thread-safe count of failed tracks since the last success."""

    def __init__(self):
        self._lock, self._n = threading.Lock(), 0

    def add(self) -> int:
        """Count a failure and return the number of consecutive ones."""
        with self._lock:
            self._n += 1
            return self._n

    def reset(self) -> None:
        """Restart at 0 after a success."""
        with self._lock:
            self._n = 0


def pause(stop: threading.Event, seconds: float) -> None:
    """Wait with jitter, which spreads requests that were refused together; return at once when stopped."""
    stop.wait(seconds * random.uniform(0.9, 1.1))


def _read(answer) -> tuple[str, str]:
    """Return ``(caption, "")`` of an answer, or ``("", reason)``."""
    choices = getattr(answer, "choices", None)
    if not choices:
        return "", "the server's answer is no chat completion; is OPENAI_BASE_URL right?"
    is_truncated = choices[0].finish_reason == "length"
    return prompt.read_answer(choices[0].message.content, is_truncated=is_truncated)
