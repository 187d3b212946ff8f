"""Transcribe a collection: select tracks, reuse cached transcripts, save the lyrics."""

import math
import time
from collections import Counter
from dataclasses import asdict, dataclass

import numpy as np

from core import collection as collections
from core import store
from core.collection import Collection
from core.collection.saved import change_tracks
from core.collection.texts.written import is_from_source, origins_of, set_written
from core.progress import Progress, silent
from core.store.owned import AnswerLog
from core.transcription.transcription_settings import DEFAULT, TranscriptionSettings

N_SAMPLES = 3
N_RECENT = 50
"""Cached transcripts that the speed of a model is estimated from."""
NO_AUDIO = "no audio to transcribe"
NO_WORDS = "no words were recognised"
ONLY_LOOPS = "only repetitions were recognised, which Whisper hallucinates where nobody sings"


@dataclass(frozen=True, eq=False)
class _Plan:
    """The tracks to be transcribed, and the counts of the others."""

    collection: Collection
    paths: dict[str, str]
    """By track id."""
    n_from_source: int
    n_made_before: int
    left_out: dict[str, str]

    def durations_s(self) -> dict[str, float]:
        """Return durations by track id, 0 where unknown."""
        tracks = self.collection.tracks
        return dict(zip(tracks["track_id"], tracks["duration_s"].fillna(0.0)))


def _plan(name: str, replace: bool) -> _Plan:
    """Select the tracks that need lyrics and have audio."""
    loaded = collections.load(name)
    origins = origins_of(loaded.tracks, "lyrics")
    paths, left_out = {}, {}
    for track_id, origin, path in zip(loaded.tracks["track_id"], origins, loaded.audio_paths()):
        if is_from_source(origin) or (origin and not replace):
            continue
        if path:
            paths[track_id] = path
        else:
            left_out[track_id] = NO_AUDIO
    n_source = sum(map(is_from_source, origins))
    return _Plan(loaded, paths, n_source, int((origins != "").sum()) - n_source, left_out)


def _cache_of(settings: TranscriptionSettings) -> AnswerLog:
    """Return the cached transcripts of a model; one file per model, from which its speed is estimated."""
    return AnswerLog("lyrics", store.key_of(settings.model)[:16])


def estimate_lyrics(
    collection: str, settings: TranscriptionSettings | None = None, replace: bool = False
) -> dict:
    """Return what :func:`transcribe` would do and take.

    Returns
    -------
    dict
        ``collection, model, language, lyrics_from``; ``n_to_hear`` tracks to transcribe and ``sound_s``,
        their duration (0 where unknown); ``n_kept``, tracks whose transcript is cached; ``n_from_source`` and
        ``n_made_before``, tracks that have lyrics; ``replace``; ``left_out``, the number of tracks by reason;
        ``seconds``, the time by this model's speed on this machine so far, None where it is unknown.
    """
    settings = settings or TranscriptionSettings()
    plan, cached = _plan(collection, replace), _cache_of(settings).read()
    to_transcribe = [i for i in plan.paths if settings.key(i) not in cached]
    durations = plan.durations_s()
    audio_s, seconds_per_second = sum(durations[i] for i in to_transcribe), _speed(cached)
    return {
        "collection": collection,
        "model": settings.model,
        "language": settings.language,
        "lyrics_from": settings.lyrics_from,
        "n_to_hear": len(to_transcribe),
        "sound_s": round(audio_s, 1),
        "n_kept": len(plan.paths) - len(to_transcribe),
        "n_from_source": plan.n_from_source,
        "n_made_before": plan.n_made_before,
        "replace": replace,
        "left_out": dict(Counter(plan.left_out.values()).most_common()),
        "seconds": None if seconds_per_second is None else round(audio_s * seconds_per_second, 1),
    }


def _speed(cached: dict[str, dict]) -> float | None:
    """Return the processing seconds per second of audio in recent transcripts, None where there are none."""
    recent = list(cached.values())[-N_RECENT:]
    audio_s = sum(row.get("seconds", 0.0) for row in recent)
    return sum(row.get("worked_s", 0.0) for row in recent) / audio_s if audio_s else None


def transcribe(
    collection: str,
    model: str = DEFAULT,
    language: str = "",
    replace: bool = False,
    batch_size: int = 4,
    progress: Progress = silent,
) -> dict:
    """Transcribe every track that has no lyrics, and save the lyrics with the collection.

    Lyrics that came with the source are never replaced. Transcripts are cached by audio and settings, so an
    interrupted run resumes and a repeated one is free. Transcripts finished before an error or a cancellation
    are saved.

    Parameters
    ----------
    model, language, batch_size
        See :class:`core.transcription.transcription_settings.TranscriptionSettings`.
    replace : bool
        Also replace lyrics that were transcribed here before (by another model, say). They are removed where
        no words are recognised now, and stay where the audio can't be read.

    Returns
    -------
    dict
        ``collection, model, language, lyrics_from, n_heard, n_kept, n_from_source, n_made_before, seconds``;
        ``n_with_words``, tracks that got lyrics; ``sound_s``, seconds of audio transcribed; ``languages``,
        tracks by language; ``confidence``, the median; ``left_out``, the reason by track id, and
        ``n_left_out``; ``samples``, a few of the lyrics with title, language and confidence.

    Raises
    ------
    ConfigError
        When a setting is invalid, or the model is not available.
    """
    started = time.monotonic()
    settings = TranscriptionSettings(model=model, language=language, batch_size=batch_size)
    with store.lock(f"lyrics-of-{collection}"):  # concurrent runs on one collection do the work once
        plan = _plan(collection, replace)
        run = _Run(plan, settings, progress)
        try:
            if run.paths:
                run.transcribe()
        finally:
            if run.values:
                change_tracks(
                    collection, lambda tracks: set_written(tracks, "lyrics", run.values, settings.lyrics_from)
                )
    titles = dict(zip(plan.collection.tracks["track_id"], plan.collection.tracks["title"]))
    with_words = {i: row for i, row in run.values.items() if row["lyrics"]}
    confidences = [row["lyrics_confidence"] for row in with_words.values()]
    return {
        "collection": collection,
        "model": model,
        "language": language,
        "lyrics_from": settings.lyrics_from,
        "n_heard": run.n_transcribed,
        "n_kept": run.n_cached,
        "n_with_words": len(with_words),
        "n_from_source": plan.n_from_source,
        "n_made_before": plan.n_made_before,
        "sound_s": round(run.audio_s, 1),
        "languages": dict(Counter(row["lyrics_language"] for row in with_words.values()).most_common()),
        "confidence": float(np.median(confidences)) if confidences else None,
        "n_left_out": len(run.left_out),
        "left_out": run.left_out,
        "seconds": round(time.monotonic() - started, 2),
        "samples": [{"title": titles[i], **row} for i, row in list(with_words.items())[:N_SAMPLES]],
    }


class _Run:
    """Transcripts of one run; tracks that share a file are transcribed once."""

    def __init__(self, plan: _Plan, settings: TranscriptionSettings, progress: Progress):
        self.settings, self.progress, self.left_out = settings, progress, dict(plan.left_out)
        self._cache = _cache_of(settings)
        self.values: dict[str, dict] = {}
        self.paths: dict[str, str] = {}
        self._tracks_of: dict[str, list[str]] = {}
        self.n_transcribed, self.audio_s = 0, 0.0
        cached = self._cache.read()
        first: dict[str, str] = {}
        for track_id, path in plan.paths.items():
            if row := cached.get(settings.key(track_id)):
                self._set_values(track_id, row)
            elif path in first:
                self._tracks_of[first[path]].append(track_id)
            else:
                first[path], self._tracks_of[track_id], self.paths[track_id] = track_id, [track_id], path
        self.n_cached = len(plan.paths) - sum(map(len, self._tracks_of.values()))
        durations = plan.durations_s()
        self._durations_s = {i: durations[i] for i in self.paths}
        self._done_s: dict[str, float] = {}
        self._n_finished = 0

    def transcribe(self) -> None:
        """Load the model and transcribe what is not cached."""
        from core.transcription.by_engine import transcribe_by_engine

        self.progress(0, 0, f"loading {self.settings.model}")
        transcribe_by_engine(self.paths, self.settings, self.on_lyrics, self.on_progress)
        self.on_progress({})

    def on_progress(self, done_s: dict[str, float]) -> None:
        """Report how many seconds of audio were transcribed."""
        self._done_s |= done_s
        done = sum(min(seconds, self._durations_s[i]) for i, seconds in self._done_s.items())
        total = math.ceil(sum(self._durations_s.values()))
        n = len(self.paths)
        track = f"track {min(self._n_finished + 1, n):,}/{n:,}"
        is_finished = self._n_finished == n
        self.progress(total if is_finished else math.floor(done), total, f"{track}, seconds transcribed")

    def on_lyrics(self, name: str, lyrics, reason: str) -> None:
        """Cache the transcript of a file at once, or note why it can't be read."""
        self._n_finished += 1
        self._done_s[name] = self._durations_s[name]
        for track_id in self._tracks_of[name]:
            if lyrics is None:
                self.left_out[track_id] = f"its audio can't be used: {reason}"
            else:
                # JSON has no nan
                row = {key: None if value != value else value for key, value in asdict(lyrics).items()}
                self._cache.append(self.settings.key(track_id), **row)
                self._set_values(track_id, row)
                self.n_transcribed += 1
        self.audio_s += lyrics.seconds if lyrics is not None else 0.0

    def _set_values(self, track_id: str, row: dict) -> None:
        """Set the columns of a track from its transcript."""
        confidence = row.get("confidence")
        self.values[track_id] = {
            "lyrics": row.get("text", ""),
            "lyrics_language": row.get("language", ""),
            "lyrics_confidence": math.nan if confidence is None else confidence,
        }
        if not row.get("text"):
            self.left_out[track_id] = ONLY_LOOPS if row.get("n_loops") else NO_WORDS
