"""Writing down the lyrics of a collection: who needs them, what is known already, and where they go."""

import math
import time
from collections import Counter
from dataclasses import asdict, dataclass

import numpy as np

from core import collection as collections
from core import store
from core.collection import Collection
from core.collection.saved import change_tracks
from core.collection.written import is_from_source, origins_of, set_written
from core.progress import Progress, silent
from core.store.answer_log import AnswerLog
from core.transcription.whisper import DEFAULT, Transcriber

N_SAMPLES = 3
NO_SOUND = "no sound to listen to"
NO_WORDS = "no words were heard"
ONLY_LOOPS = (
    "nothing was heard but the same words over and over, which is what Whisper makes up where nobody sings"
)


@dataclass(frozen=True, eq=False)
class _Plan:
    """What is to be listened to, and the counts of what is not."""

    collection: Collection
    sounds: dict[str, str]
    """Paths by track id."""
    n_from_source: int
    n_made_before: int
    left_out: dict[str, str]


def _plan(name: str, replace: bool) -> _Plan:
    """Find the tracks that need lyrics and have a sound."""
    loaded = collections.load(name)
    origins = origins_of(loaded.tracks, "lyrics")
    sounds, left_out = {}, {}
    for track_id, origin, path in zip(loaded.tracks["track_id"], origins, loaded.audio_paths()):
        if is_from_source(origin) or (origin and not replace):
            continue
        if path:
            sounds[track_id] = path
        else:
            left_out[track_id] = NO_SOUND
    n_source = sum(map(is_from_source, origins))
    return _Plan(loaded, sounds, n_source, int((origins != "").sum()) - n_source, left_out)


def _kept_of(settings: Transcriber) -> AnswerLog:
    """Return the answers of a model; a file of its own for each, so that its pace can be told from them."""
    return AnswerLog("lyrics", store.key_of(settings.model)[:16])


def estimate_lyrics(collection: str, settings: Transcriber | None = None, replace: bool = False) -> dict:
    """Say what :func:`transcribe` would do, before it begins.

    Returns
    -------
    dict
        ``collection, model, language, lyrics_from``; ``n_to_hear`` tracks and ``sound_s``, their length
        (tracks of unknown length count nothing); ``n_kept``, tracks that were heard before with these
        settings and cost nothing; ``n_from_source`` and ``n_made_before``, tracks that have lyrics;
        ``replace``; ``left_out``, the number of tracks by reason; ``seconds``, what it will take by the pace
        of this model on this machine before, None where it was never measured.
    """
    settings = settings or Transcriber()
    plan, known = _plan(collection, replace), _kept_of(settings).read()
    fresh = {i for i in plan.sounds if settings.key(i) not in known}
    lengths = dict(zip(plan.collection.tracks["track_id"], plan.collection.tracks["duration_s"].fillna(0.0)))
    sound_s, pace = sum(lengths[i] for i in fresh), _pace(known)
    return {
        "collection": collection,
        "model": settings.model,
        "language": settings.language,
        "lyrics_from": settings.lyrics_from,
        "n_to_hear": len(fresh),
        "sound_s": round(sound_s, 1),
        "n_kept": len(plan.sounds) - len(fresh),
        "n_from_source": plan.n_from_source,
        "n_made_before": plan.n_made_before,
        "replace": replace,
        "left_out": dict(Counter(plan.left_out.values()).most_common()),
        "seconds": None if pace is None else round(sound_s * pace, 1),
    }


def _pace(known: dict[str, dict]) -> float | None:
    """Return the seconds that a second of sound took in the last answers, None where there is none."""
    last = list(known.values())[-50:]
    heard = sum(row.get("seconds", 0.0) for row in last)
    return sum(row.get("worked_s", 0.0) for row in last) / heard if heard else None


def transcribe(
    collection: str,
    model: str = DEFAULT,
    language: str = "",
    replace: bool = False,
    batch_size: int = 4,
    progress: Progress = silent,
) -> dict:
    """Write down what is sung in every track that has no lyrics, and save it with the collection.

    Lyrics that came with the source stay. What was heard of the same sound with the same settings before is
    taken from the store, so a run that was stopped or killed goes on where it was, and another one costs
    nothing. Whatever ends the run, the lyrics that are there by then are saved.

    Parameters
    ----------
    model, language, batch_size
        As :class:`~core.transcription.whisper.Transcriber` takes them.
    replace : bool
        Listen anew also where lyrics were written down before (by another model, say). Where no words are
        heard then, the earlier ones go; where the sound can't be read, they stay.

    Returns
    -------
    dict
        ``collection, model, language, lyrics_from, n_heard, n_kept, n_from_source, n_made_before, seconds``;
        ``n_with_words``, tracks that got lyrics; ``sound_s``, seconds of sound that were listened to;
        ``languages``, tracks by language; ``confidence``, the median; ``left_out``, the reason by track id,
        and ``n_left_out``; ``samples``, a few of the lyrics with title, language and confidence.

    Raises
    ------
    ConfigError
        When a setting is wrong, or the model can't be had.
    """
    began = time.monotonic()
    settings = Transcriber(model=model, language=language, batch_size=batch_size)
    with store.lock(f"lyrics-of-{collection}"):  # who asks for the same at once finds it written
        plan = _plan(collection, replace)
        work = _Work(plan, settings, progress)
        try:
            if work.sounds:
                work.listen()
        finally:
            if work.made:
                change_tracks(
                    collection, lambda tracks: set_written(tracks, "lyrics", work.made, settings.lyrics_from)
                )
    titles = dict(zip(plan.collection.tracks["track_id"], plan.collection.tracks["title"]))
    with_words = {i: row for i, row in work.made.items() if row["lyrics"]}
    return {
        "collection": collection,
        "model": model,
        "language": language,
        "lyrics_from": settings.lyrics_from,
        "n_heard": work.n_heard,
        "n_kept": work.n_kept,
        "n_with_words": len(with_words),
        "n_from_source": plan.n_from_source,
        "n_made_before": plan.n_made_before,
        "sound_s": round(work.sound_s, 1),
        "languages": dict(Counter(row["lyrics_language"] for row in with_words.values()).most_common()),
        "confidence": float(np.median([row["lyrics_confidence"] for row in with_words.values()]))
        if with_words
        else None,
        "n_left_out": len(work.left_out),
        "left_out": work.left_out,
        "seconds": round(time.monotonic() - began, 2),
        "samples": [{"title": titles[i], **row} for i, row in list(with_words.items())[:N_SAMPLES]],
    }


class _Work:
    """What was heard so far. Tracks that share a sound are heard once."""

    def __init__(self, plan: _Plan, settings: Transcriber, progress: Progress):
        self.settings, self.progress, self.left_out = settings, progress, dict(plan.left_out)
        self._kept = _kept_of(settings)
        self.made: dict[str, dict] = {}
        self.sounds: dict[str, str] = {}
        self._alike: dict[str, list[str]] = {}
        self.n_heard, self.sound_s = 0, 0.0
        known, first = self._kept.read(), {}
        for track_id, path in plan.sounds.items():
            if row := known.get(settings.key(track_id)):
                self._note(track_id, row)
            elif path in first:
                self._alike[first[path]].append(track_id)
            else:
                first[path], self._alike[track_id], self.sounds[track_id] = track_id, [track_id], path
        self.n_kept = len(plan.sounds) - sum(map(len, self._alike.values()))
        lengths = dict(
            zip(plan.collection.tracks["track_id"], plan.collection.tracks["duration_s"].fillna(0.0))
        )
        self._lengths = {i: lengths[i] for i in self.sounds}
        self._heard_s: dict[str, float] = {}
        self._n_through = 0

    def listen(self) -> None:
        """Load the model and hear what is not known."""
        from core.transcription.long_form import listen
        from core.transcription.whisper import load_whisper

        self.progress(0, 0, f"loading {self.settings.model}")
        whisper = load_whisper(self.settings.model)
        whisper.check_language(self.settings.language)
        self.step({})
        listen(whisper, self.sounds.items(), self.settings, self.take, self.step)
        self.step({})

    def step(self, heard_s: dict[str, float]) -> None:
        """Report how many seconds of sound were heard."""
        self._heard_s |= heard_s
        done, total = (
            sum(min(seconds, self._lengths[i]) for i, seconds in self._heard_s.items()),
            math.ceil(sum(self._lengths.values())),
        )
        track = f"track {min(self._n_through + 1, len(self.sounds)):,}/{len(self.sounds):,}"
        self.progress(
            total if self._n_through == len(self.sounds) else math.floor(done),
            total,
            f"{track}, seconds heard",
        )

    def take(self, name: str, lyrics, reason: str) -> None:
        """Take what was heard in a sound, or why it can't be; keep it at once."""
        self._n_through += 1
        self._heard_s[name] = self._lengths[name]
        for track_id in self._alike[name]:
            if lyrics is None:
                self.left_out[track_id] = f"its sound can't be used: {reason}"
            else:
                row = {
                    key: None if value != value else value for key, value in asdict(lyrics).items()
                }  # JSON knows no nan
                self._kept.append(self.settings.key(track_id), **row)
                self._note(track_id, row)
                self.n_heard += 1
        self.sound_s += lyrics.seconds if lyrics is not None else 0.0

    def _note(self, track_id: str, row: dict) -> None:
        """Note what a track gets."""
        confidence = row.get("confidence")
        self.made[track_id] = {
            "lyrics": row.get("text", ""),
            "lyrics_language": row.get("language", ""),
            "lyrics_confidence": math.nan if confidence is None else confidence,
        }
        if not row.get("text"):
            self.left_out[track_id] = ONLY_LOOPS if row.get("n_loops") else NO_WORDS
