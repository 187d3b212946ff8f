"""The captioner that asks a language model: any server that speaks OpenAI's chat protocol, by its official client.

Lyrics and genre leave this machine, to the server that is named. Which one, is said by the environment:
``OPENAI_BASE_URL``, ``OPENAI_API_KEY`` and ``SONGSCAPE_CAPTION_MODEL``. Nobody is asked before these are set.
"""

import os
import random
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlsplit

from core import store
from core.captioning import prompt
from core.captioning.caption_input import Song
from core.captioning.endpoint_errors import passing_pause, server_words, stopping_reason
from core.collection import Collection
from core.errors import CaptionError, ConfigError
from core.progress import Progress, silent

OPENAI = "https://api.openai.com/v1"
POLL_S = 0.3
LONGEST_WAIT_S = 60.0
TIMEOUT_S = 60.0
IN_A_ROW = 8
"""Tracks that fail one after another, without one success between, before the whole is given up."""


@dataclass(frozen=True)
class Endpoint:
    """Ask a chat model for three sentences per track, several tracks at once.

    A request that fails for a passing reason (busy, over the rate, broken connection) is tried again after a
    pause that doubles, or that the server names; the client's own retries are off, so that Stop ends a pause.
    A track that fails for good is listed with its reason. What would fail for every track (key, model,
    address) stops at once.

    Attributes
    ----------
    model : str
    base_url : str
        Address of the server's API, which usually ends in /v1.
    api_key : str
        Never written anywhere; local servers take any.
    concurrency : int
        Requests under way at once.
    price_in, price_out : float or None
        Per million tokens of prompt and answer, in any currency.
    attempts : int
        Requests per track before it is given up.
    """

    name: ClassVar[str] = "endpoint"
    costs: ClassVar[bool] = True

    model: str
    base_url: str = OPENAI
    api_key: str = field(default="none", repr=False)
    concurrency: int = 4
    price_in: float | None = None
    price_out: float | None = None
    attempts: int = 6

    def __post_init__(self):
        if not self.model:
            raise ConfigError(
                "the model has no name; set SONGSCAPE_CAPTION_MODEL to one that the endpoint serves"
            )
        if urlsplit(self.base_url).scheme not in ("http", "https") or not urlsplit(self.base_url).hostname:
            raise ConfigError(
                f"OPENAI_BASE_URL={self.base_url!r} must be an address such as http://127.0.0.1:8000/v1"
            )
        if not 1 <= self.concurrency <= 64:
            raise ConfigError(f"SONGSCAPE_CAPTION_CONCURRENCY={self.concurrency} must lie between 1 and 64")
        for name, price in (("IN", self.price_in), ("OUT", self.price_out)):
            if price is not None and not 0 <= price < float("inf"):
                raise ConfigError(
                    f"SONGSCAPE_CAPTION_PRICE_{name}={price} must be 0 or more, per million tokens"
                )
        if (self.price_in is None) != (self.price_out is None):
            raise ConfigError(
                "set both SONGSCAPE_CAPTION_PRICE_IN and SONGSCAPE_CAPTION_PRICE_OUT, per million tokens, "
                "or neither"
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Endpoint":
        """Read address, key, model, concurrency and prices.

        Raises
        ------
        ConfigError
            When the model, or both key and address, are not set, or a number is none.
        """
        given = {
            name: environment.get(name, "").strip()
            for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "SONGSCAPE_CAPTION_MODEL")
        }
        if not given["SONGSCAPE_CAPTION_MODEL"] or not (given["OPENAI_API_KEY"] or given["OPENAI_BASE_URL"]):
            lacking = (
                [] if given["SONGSCAPE_CAPTION_MODEL"] else ["SONGSCAPE_CAPTION_MODEL (the model's name)"]
            )
            if not (given["OPENAI_API_KEY"] or given["OPENAI_BASE_URL"]):
                lacking += [
                    "OPENAI_API_KEY (for OpenAI) or OPENAI_BASE_URL (any other server that speaks its chat "
                    "protocol)"
                ]
            raise ConfigError(
                f"no language model is named to write captions; set {' and '.join(lacking)} before you "
                "start Songscape"
            )
        concurrency = _number(environment, "SONGSCAPE_CAPTION_CONCURRENCY", int)
        return cls(
            model=given["SONGSCAPE_CAPTION_MODEL"],
            base_url=given["OPENAI_BASE_URL"] or OPENAI,
            api_key=given["OPENAI_API_KEY"] or "none",
            concurrency=4 if concurrency is None else concurrency,
            price_in=_number(environment, "SONGSCAPE_CAPTION_PRICE_IN", float),
            price_out=_number(environment, "SONGSCAPE_CAPTION_PRICE_OUT", float),
        )

    @property
    def host(self) -> str:
        """Name the server, without a name or password that may stand in its address."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2]

    @property
    def caption_from(self) -> str:
        """Say where the captions come from."""
        return f"{self.model} at {self.host}"

    @property
    def sends(self) -> str:
        """Say what leaves this machine."""
        return f"The lyrics of each track, and its genre where that is told, are sent to {self.host}."

    def key(self, song: Song) -> str:
        """Return the key of a song's caption: what is sent, to whom, and with which prompt."""
        return store.key_of(
            song.lyrics[: prompt.LONGEST], song.genre, self.model, self.base_url, prompt.VERSION
        )

    def reason_against(self, song: Song, has_sound: bool) -> str:
        """Say why there can be no caption, "" where there can."""
        return "" if song.lyrics else "no lyrics, which are all that a language model can read"

    def estimate(self, collection: Collection, songs: list[Song]) -> dict:
        """Guess the tokens and, where prices are set, the cost."""
        n_in = sum(prompt.count_prompt_tokens(song.lyrics, song.genre) for song in songs)
        n_out = prompt.COMPLETION_TOKENS * len(songs)
        return {"prompt_tokens": n_in, "completion_tokens": n_out, "cost": self.cost(n_in, n_out)}

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """Return what tokens cost, None where no prices are set."""
        return (
            None
            if self.price_in is None
            else (prompt_tokens * self.price_in + completion_tokens * self.price_out) / 1e6
        )

    def prepare(
        self, collection: Collection, songs: list[Song], progress: Progress = silent
    ) -> tuple[list[Song], dict[str, str]]:
        """Return the songs as they are: the model reads words alone."""
        return songs, {}

    def write(self, songs: list[Song], take: Callable[..., None], progress: Progress = silent) -> None:
        """Ask for each song and hand answers, as they come, to ``take(song, caption=… or reason=…, tokens=(in, out))``.

        ``take`` is called from several threads. When ``progress`` raises, answers under way are still taken.

        Raises
        ------
        ConfigError
            When key, model or address are refused.
        CaptionError
            When the server can't be reached, the account is out of credit, or track after track fails.
        """
        import openai

        stop, failures = threading.Event(), _Failures()
        client = openai.OpenAI(base_url=self.base_url, api_key=self.api_key, max_retries=0, timeout=TIMEOUT_S)
        pool = ThreadPoolExecutor(self.concurrency, thread_name_prefix="captions")
        try:
            pending = {pool.submit(self._write_one, client, song, take, stop, failures) for song in songs}
            while pending:
                done, pending = wait(pending, timeout=POLL_S, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
                progress(len(songs) - len(pending), len(songs), f"asking {self.caption_from}")
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            client.close()

    def _write_one(
        self, client, song: Song, take: Callable, stop: threading.Event, failures: "_Failures"
    ) -> None:
        """Ask until there is an answer of three sentences, a reason against it, or a stop."""
        import openai

        tokens, reason, malformed = (0, 0), "", 0
        for attempt in range(self.attempts):
            if stop.is_set():
                return
            try:
                answer = client.chat.completions.create(
                    model=self.model, messages=prompt.write_prompt(song.lyrics, song.genre)
                )
            except openai.OpenAIError as error:
                stopping = stopping_reason(error, self, is_last=attempt == self.attempts - 1)
                if stopping:
                    stop.set()  # before this thread takes up another song
                    raise stopping from error
                seconds, reason = passing_pause(error, attempt), server_words(error, self.api_key)
                if seconds is None or attempt == self.attempts - 1:
                    break
                pause(stop, min(seconds, LONGEST_WAIT_S))
                continue
            tokens = tuple(sum(pair) for pair in zip(tokens, _usage(answer)))
            caption, reason = _read(answer)
            if caption:
                failures.forget()
                return take(song, caption=caption, tokens=tokens)
            malformed += 1
            if malformed == 2:
                break
        take(song, reason=reason, tokens=tokens)
        if failures.count() >= IN_A_ROW:
            stop.set()
            raise CaptionError(
                f"{IN_A_ROW} tracks failed one after another at {self.host}, so the rest was not asked; the "
                f"last: {reason}"
            )


class _Failures:
    """How many tracks failed since the last success, counted by several threads."""

    def __init__(self):
        self._lock, self._n = threading.Lock(), 0

    def count(self) -> int:
        """Count one more and return how many there are."""
        with self._lock:
            self._n += 1
            return self._n

    def forget(self) -> None:
        """Begin at 0 again."""
        with self._lock:
            self._n = 0


def pause(stop: threading.Event, seconds: float) -> None:
    """Wait, or return at once when everything is stopped."""
    stop.wait(
        seconds * random.uniform(0.9, 1.1)
    )  # so that requests refused together don't come back together


def _read(answer) -> tuple[str, str]:
    """Return the caption of an answer, or the reason why it holds none."""
    choices = getattr(answer, "choices", None)
    if not choices:
        return "", "the server answered with something else than a chat completion; is OPENAI_BASE_URL right?"
    return prompt.read_answer(choices[0].message.content, is_cut=choices[0].finish_reason == "length")


def _usage(answer) -> tuple[int, int]:
    """Return the tokens that the server counted, 0 where it doesn't say."""
    usage = getattr(answer, "usage", None)
    return (getattr(usage, "prompt_tokens", 0) or 0, getattr(usage, "completion_tokens", 0) or 0)


def _number(environment: Mapping[str, str], name: str, kind: type):
    """Read a number, None where it is not set."""
    text = environment.get(name, "").strip()
    try:
        return kind(text) if text else None
    except ValueError:
        raise ConfigError(f"{name}={text!r} must be a number") from None
