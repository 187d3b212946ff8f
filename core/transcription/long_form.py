"""Through whole sounds, window by window, several at once; what is in memory is one window of each."""

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from core.audio.crops import crop_starts
from core.audio.decode import open_sound
from core.audio.sound import is_audible
from core.errors import AudioError
from core.transcription.decoding import Heard, guess_languages, hear
from core.transcription.whisper import Transcriber, Whisper

N_LISTENS = 3
"""Windows, evenly spaced, that the language is found in before anything is written: many songs begin without words."""
SHORTEST_STEP_S, SHORTEST_REST_S = 1.0, 0.1
"""A window moves on by so much at least; a rest shorter than this holds no word."""


@dataclass(frozen=True)
class Lyrics:
    """What was heard in a sound.

    Attributes
    ----------
    text : str
        A line for each stretch of time that the model set apart; "" where no words were heard.
    language : str
        Code of the language; "" where no words were heard.
    confidence : float
        In (0, 1]: exp(Σ ln p / n), the geometric mean of the probabilities that the model gave the n tokens
        of the words, over all windows; times and marks don't count. nan where no words were heard.
    no_speech : float
        Mean probability of no speech over the windows that the model heard, in [0, 1]; 1 where all is
        silence.
    n_windows, n_loops : int
        Windows that were heard, and those among them that were left out because their text only repeated
        itself.
    seconds : float
        Of sound.
    worked_s : float
        Seconds that it took.
    """

    text: str
    language: str
    confidence: float
    no_speech: float
    n_windows: int
    n_loops: int
    seconds: float
    worked_s: float


def listen(
    whisper: Whisper,
    sounds: Iterable[tuple[str, str]],
    settings: Transcriber,
    take: Callable,
    step: Callable[[dict[str, float]], None],
) -> None:
    """Write down what is sung in sounds.

    A window ends where the model says that its last whole line ends, and the next begins there, so that no
    word is cut (the sequential algorithm of Radford et al. 2023, section 3.8, without the text of the window
    before as a prompt, which in music carries loops on).

    Parameters
    ----------
    sounds : iterable of (str, str)
        Name and path.
    take : callable
        ``take(name, lyrics, reason)`` as soon as a sound is through: its :class:`Lyrics`, or None and why it
        can't be read.
    step : callable
        ``step({name: seconds heard})`` after each window; what it raises ends all.
    """
    waiting, under_way = deque(sounds), []
    try:
        while waiting or under_way:
            while waiting and len(under_way) < settings.batch_size:
                name, path = waiting.popleft()
                try:
                    under_way.append(_Listening(name, path, whisper))
                    under_way[-1].find_language(settings)
                except AudioError as reason:
                    _put_away(under_way, name)
                    take(name, None, str(reason))
                step({one.name: one.at / whisper.sr for one in under_way})
            _listen_on(whisper, under_way, settings, take)
            step({one.name: one.at / whisper.sr for one in under_way})
            for one in [one for one in under_way if one.is_over]:
                _put_away(under_way, one.name)
                take(one.name, one.lyrics(), "")
    finally:
        for one in under_way:
            one.close()


def _listen_on(
    whisper: Whisper, under_way: list["_Listening"], settings: Transcriber, take: Callable
) -> None:
    """Hear the next window of each sound; those that can't be read there are put away."""
    began, windows = time.monotonic(), {}
    for one in list(under_way):
        try:
            windows[one.name] = one.next_window()
        except AudioError as reason:
            _put_away(under_way, one.name)
            take(one.name, None, str(reason))
    hearing = [one for one in under_way if windows[one.name] is not None]
    if hearing:
        encoded = whisper.encode([windows[one.name] for one in hearing])
        for one, heard in zip(
            hearing,
            hear(whisper, encoded, [one.language for one in hearing], settings, [one.at for one in hearing]),
        ):
            one.take(heard, settings)
    for one in under_way:
        one.worked_s += (time.monotonic() - began) / len(under_way)


def _put_away(under_way: list["_Listening"], name: str) -> None:
    """Close a sound and take it from those under way."""
    for one in [one for one in under_way if one.name == name]:
        one.close()
        under_way.remove(one)


class _Listening:
    """One sound: where it is being heard, and what was heard so far."""

    def __init__(self, name: str, path: str, whisper: Whisper):
        self.name, self.whisper = name, whisper
        self.at, self.worked_s, self.language = 0, 0.0, ""
        self.lines: list[str] = []
        self.logprobs: list[float] = []
        self.silences: list[float] = []
        self.n_windows = self.n_loops = 0
        self._file = ExitStack()
        self.sound = self._file.enter_context(open_sound(path))
        self.length = self.sound.length(whisper.sr)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def find_language(self, settings: Transcriber) -> None:
        """Take the language that was asked for, or the one that a few windows speak for, each as much as somebody speaks in it."""
        began = time.monotonic()
        self.language = settings.language or "en"
        if not settings.language and self.whisper.languages:
            starts = dict.fromkeys(crop_starts(self.length, self.whisper.window, N_LISTENS))
            windows = [self.sound.read(start, self.whisper.window, self.whisper.sr) for start in starts]
            if windows := [y for y in windows if is_audible(y)]:
                languages, silence = guess_languages(self.whisper, self.whisper.encode(windows))
                self.language = list(self.whisper.languages)[
                    int((languages * (1 - silence)[:, None]).sum(axis=0).argmax())
                ]
            else:
                self.language = next(
                    iter(self.whisper.languages)
                )  # whatever follows is silence, too, or nearly
        self.worked_s += time.monotonic() - began

    @property
    def is_over(self) -> bool:
        """Tell whether the sound is through."""
        return self.length - self.at < SHORTEST_REST_S * self.whisper.sr

    def next_window(self) -> np.ndarray | None:
        """Return the next window that is no silence, None where there is none."""
        while not self.is_over:
            y = self.sound.read(self.at, self.whisper.window, self.whisper.sr)
            if is_audible(y):
                return y
            self.at += self.whisper.window
        return None

    def take(self, heard: Heard | None, settings: Transcriber) -> None:
        """Take what the window came out as, and move on."""
        self.n_windows += 1
        if heard is None:
            self.n_loops += 1
        else:
            self.silences.append(heard.no_speech)
        if heard is None or heard.is_without_words(settings):
            self.at += self.whisper.window
            return
        lines, moved_s = cut_lines(
            heard.tokens, self.whisper.first_time, self.whisper.time_step_s, SHORTEST_STEP_S
        )
        for first, last in lines:
            tokens = heard.tokens[first:last]
            if text := " ".join(self.whisper.words(tokens).split()):
                self.lines.append(text)
                self.logprobs += [
                    p for token, p in zip(tokens, heard.logprobs[first:last]) if token < self.whisper.end
                ]
        self.at += self.whisper.window if moved_s is None else round(moved_s * self.whisper.sr)

    def lyrics(self) -> Lyrics:
        """Return what was heard in all."""
        there = bool(self.lines)
        return Lyrics(
            text="\n".join(self.lines),
            language=self.language if there else "",
            confidence=math.exp(sum(self.logprobs) / len(self.logprobs)) if there else math.nan,
            no_speech=float(np.mean(self.silences)) if self.silences else 1.0,
            n_windows=self.n_windows,
            n_loops=self.n_loops,
            seconds=self.length / self.whisper.sr,
            worked_s=self.worked_s,
        )


def cut_lines(
    tokens: list[int], first_time: int, time_step_s: float, shortest_step_s: float = SHORTEST_STEP_S
) -> tuple[list[tuple[int, int]], float | None]:
    """Cut a window's tokens into lines where two times meet, and say where the next window begins.

    Returns
    -------
    lines : list of (int, int)
        From which token to before which. Where more follows behind a time that ended a line, that may go on
        behind the window: it is left to the next.
    moved_s : float or None
        Seconds from the window's beginning to where its last whole line ends; None where the whole window is
        through, because its last line has a time at its end, no times meet, or the next window would begin
        before ``shortest_step_s``.
    """
    is_time = [token >= first_time for token in tokens]
    meets = [i for i in range(1, len(tokens)) if is_time[i - 1] and is_time[i]]
    lines = [(a, b) for a, b in zip([0, *meets], [*meets, len(tokens)]) if b > a]
    if not meets or is_time[-2:] == [False, True]:
        return lines, None
    moved_s = (tokens[meets[-1] - 1] - first_time) * time_step_s
    return (lines, None) if moved_s < shortest_step_s else (lines[:-1], moved_s)
