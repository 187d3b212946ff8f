"""Long-form transcription: whole files window by window, with one window of each file in memory."""

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from core.audio.audio_file import is_audible
from core.audio.crops import crop_starts
from core.audio.decode import open_audio
from core.errors import AudioError
from core.transcription.decoding import DecodedWindow, decode_windows, language_probabilities
from core.transcription.transcription_settings import TranscriptionSettings
from core.transcription.whisper import Whisper

N_LANGUAGE_WINDOWS = 3
"""Evenly spaced windows that the language is detected on: many songs start without vocals."""
MIN_STEP_S, MIN_REST_S = 1.0, 0.1
"""Minimum advance of a window; a shorter rest of the file is skipped."""


@dataclass(frozen=True)
class Lyrics:
    """The transcript of a file.

    Attributes
    ----------
    text : str
        One line per segment; "" where no words were recognised.
    language : str
        Language code; "" where no words were recognised.
    confidence : float
        In (0, 1]: exp(Σ ln p / n), the geometric mean of the probabilities of all n text tokens; nan where no
        words were recognised.
    no_speech : float
        Mean probability of no speech over the decoded windows, in [0, 1]; 1 for silence.
    n_windows, n_loops : int
        Windows that were decoded, and those of them that were discarded as repetitive.
    seconds : float
        Duration of the file.
    worked_s : float
        Processing time in seconds.
    """

    text: str
    language: str
    confidence: float
    no_speech: float
    n_windows: int
    n_loops: int
    seconds: float
    worked_s: float


def transcribe_files(
    whisper: Whisper,
    files: Iterable[tuple[str, str]],
    settings: TranscriptionSettings,
    on_lyrics: Callable[[str, Lyrics | None, str], None],
    on_progress: Callable[[dict[str, float]], None],
) -> None:
    """Transcribe audio files.

    The next window starts where the last complete segment of the current one ends, so that no word is cut
    (the sequential algorithm of Radford et al. 2023, section 3.8, without the previous text as a prompt,
    which propagates repetitions in music).

    Parameters
    ----------
    files : iterable of (str, str)
        Name and path.
    on_lyrics : callable
        ``on_lyrics(name, lyrics, reason)`` when a file is finished: its :class:`Lyrics`, or None and why it
        can't be read.
    on_progress : callable
        ``on_progress({name: seconds})`` after each window; what it raises cancels the run.
    """
    waiting = deque(files)
    active: list[_Transcript] = []

    def report() -> None:
        on_progress({one.name: one.position / whisper.sr for one in active})

    try:
        while waiting or active:
            while waiting and len(active) < settings.batch_size:
                name, path = waiting.popleft()
                try:
                    active.append(_Transcript(name, path, whisper))
                    active[-1].detect_language(settings)
                except AudioError as reason:
                    _close(active, name)
                    on_lyrics(name, None, str(reason))
                report()
            _transcribe_next(whisper, active, settings, on_lyrics)
            report()
            for one in [one for one in active if one.is_finished]:
                _close(active, one.name)
                on_lyrics(one.name, one.lyrics(), "")
    finally:
        for one in active:
            one.close()


def _transcribe_next(
    whisper: Whisper, active: list["_Transcript"], settings: TranscriptionSettings, on_lyrics: Callable
) -> None:
    """Transcribe the next window of each file; close those that can't be read."""
    started = time.monotonic()
    batch: list[tuple[_Transcript, np.ndarray]] = []
    for one in list(active):
        try:
            window = one.next_window()
        except AudioError as reason:
            _close(active, one.name)
            on_lyrics(one.name, None, str(reason))
            continue
        if window is not None:
            batch.append((one, window))
    if batch:
        encoded = whisper.encode([window for _, window in batch])
        languages, seeds = [one.language for one, _ in batch], [one.position for one, _ in batch]
        decoded = decode_windows(whisper, encoded, languages, settings, seeds)
        for (one, _), result in zip(batch, decoded):
            one.add(result, settings)
    for one in active:
        one.worked_s += (time.monotonic() - started) / len(active)


def _close(active: list["_Transcript"], name: str) -> None:
    """Close a file and remove it from the active ones."""
    for one in [one for one in active if one.name == name]:
        one.close()
        active.remove(one)


class _Transcript:
    """An open file with its position and the text transcribed so far."""

    def __init__(self, name: str, path: str, whisper: Whisper):
        self.name, self.whisper = name, whisper
        self.position, self.worked_s, self.language = 0, 0.0, ""
        self.lines: list[str] = []
        self.logprobs: list[float] = []
        self.no_speech: list[float] = []
        self.n_windows = self.n_loops = 0
        self._file = ExitStack()
        self.audio = self._file.enter_context(open_audio(path))
        self.length = self.audio.length(whisper.sr)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def detect_language(self, settings: TranscriptionSettings) -> None:
        """Set the language: the requested one, or the likeliest over a few windows, weighted by speech."""
        started = time.monotonic()
        self.language = settings.language or "en"
        if not settings.language and self.whisper.languages:
            starts = dict.fromkeys(crop_starts(self.length, self.whisper.window, N_LANGUAGE_WINDOWS))
            windows = [self.audio.read(start, self.whisper.window, self.whisper.sr) for start in starts]
            if windows := [y for y in windows if is_audible(y)]:
                languages, no_speech = language_probabilities(self.whisper, self.whisper.encode(windows))
                best = int((languages * (1 - no_speech)[:, None]).sum(axis=0).argmax())
                self.language = list(self.whisper.languages)[best]
            else:  # any language will do for a nearly silent file
                self.language = next(iter(self.whisper.languages))
        self.worked_s += time.monotonic() - started

    @property
    def is_finished(self) -> bool:
        """Whether the end of the file is reached."""
        return self.length - self.position < MIN_REST_S * self.whisper.sr

    def next_window(self) -> np.ndarray | None:
        """Return the next audible window, None where there is none."""
        while not self.is_finished:
            y = self.audio.read(self.position, self.whisper.window, self.whisper.sr)
            if is_audible(y):
                return y
            self.position += self.whisper.window
        return None

    def add(self, window: DecodedWindow | None, settings: TranscriptionSettings) -> None:
        """Add the text of a decoded window, and advance."""
        self.n_windows += 1
        if window is None:
            self.n_loops += 1
        else:
            self.no_speech.append(window.no_speech)
        if window is None or window.is_silent(settings):
            self.position += self.whisper.window
            return
        segments, step_s = split_segments(
            window.tokens, self.whisper.first_time, self.whisper.time_step_s, MIN_STEP_S
        )
        for first, last in segments:
            tokens = window.tokens[first:last]
            if text := " ".join(self.whisper.decode(tokens).split()):
                self.lines.append(text)
                self.logprobs += [
                    p for token, p in zip(tokens, window.logprobs[first:last]) if token < self.whisper.end
                ]
        self.position += self.whisper.window if step_s is None else round(step_s * self.whisper.sr)

    def lyrics(self) -> Lyrics:
        """Return the whole transcript."""
        has_text = bool(self.lines)
        return Lyrics(
            text="\n".join(self.lines),
            language=self.language if has_text else "",
            confidence=math.exp(sum(self.logprobs) / len(self.logprobs)) if has_text else math.nan,
            no_speech=float(np.mean(self.no_speech)) if self.no_speech else 1.0,
            n_windows=self.n_windows,
            n_loops=self.n_loops,
            seconds=self.length / self.whisper.sr,
            worked_s=self.worked_s,
        )


def split_segments(
    tokens: list[int], first_time: int, time_step_s: float, min_step_s: float = MIN_STEP_S
) -> tuple[list[tuple[int, int]], float | None]:
    """Split a window's tokens into segments at consecutive timestamps.

    Returns
    -------
    segments : list of (int, int)
        First token and end (exclusive). A last segment without an end timestamp may continue in the next
        window and is left to it.
    step_s : float or None
        Offset of the next window in seconds; None to advance by a whole window, because the last segment is
        complete, there are no consecutive timestamps, or the step would be below ``min_step_s``.
    """
    is_time = [token >= first_time for token in tokens]
    borders = [i for i in range(1, len(tokens)) if is_time[i - 1] and is_time[i]]
    segments = [(a, b) for a, b in zip([0, *borders], [*borders, len(tokens)]) if b > a]
    if not borders or is_time[-2:] == [False, True]:
        return segments, None
    step_s = (tokens[borders[-1] - 1] - first_time) * time_step_s
    return (segments, None) if step_s < min_step_s else (segments[:-1], step_s)
