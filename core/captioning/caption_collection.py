"""Write captions for a collection: select tracks, reuse cached captions, save the results."""

import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass

from core import collection as collections
from core import store
from core.captioning.caption_input import GenreUse, Song, read_songs
from core.captioning.captioner import Captioner
from core.captioning.captioners import get_captioner
from core.collection import Collection
from core.collection.saved import change_tracks
from core.collection.texts.written import is_from_source, origins_of, set_written
from core.progress import Progress, silent
from core.store.owned import AnswerLog

N_SAMPLES = 3


@dataclass(frozen=True, eq=False)
class _Plan:
    """The songs to be captioned, and what is known of the others."""

    collection: Collection
    songs: list[Song]
    n_from_source: int
    n_written_before: int
    genre_use: GenreUse
    left_out: dict[str, str]


def _plan(name: str, captioner: Captioner, replace: bool, genre: str | None) -> _Plan:
    """Select the tracks that need a caption and can have one."""
    loaded = collections.load(name)
    origins = origins_of(loaded.tracks, "caption")
    songs, genre_use = read_songs(loaded, genre)
    selected, left_out = [], {}
    for song, origin, path in zip(songs, origins, loaded.audio_paths()):
        if is_from_source(origin) or (origin and not replace):
            continue
        if reason := captioner.missing_reason(song, bool(path)):
            left_out[song.track_id] = reason
        else:
            selected.append(song)
    n_source = sum(map(is_from_source, origins))
    return _Plan(loaded, selected, n_source, int((origins != "").sum()) - n_source, genre_use, left_out)


def estimate_captions(
    collection: str, captioner: str = "offline", replace: bool = False, genre: str | None = None
) -> dict:
    """Return what :func:`write_captions` would do and take.

    Returns
    -------
    dict
        ``collection, captioner, caption_from``; ``sends_to``, the host that lyrics are sent to, if any;
        ``n_to_write``; ``n_kept``, tracks whose caption is cached; ``n_from_source`` and
        ``n_written_before``, tracks that have one; ``replace``, as given; ``left_out``, the number of tracks
        by reason; ``genre``, the fields of :class:`core.captioning.caption_input.GenreUse`; and the
        captioner's estimate: ``seconds``, or ``prompt_tokens, completion_tokens, cost`` (None where no
        prices are set).
    """
    writer = get_captioner(captioner)
    plan = _plan(collection, writer, replace, genre)
    if writer.costs:
        cached = AnswerLog("captions", writer.name).read()
        keys = [writer.key(song) for song in plan.songs]
        to_write = list({k: song for k, song in zip(keys, plan.songs) if k not in cached}.values())
        n_cached = sum(k in cached for k in keys)
    else:  # keys would need the audio tags, which take longest
        to_write, n_cached = plan.songs, 0
    return {
        "collection": collection,
        "captioner": writer.name,
        "caption_from": writer.caption_from,
        "sends_to": writer.sends_to,
        "n_to_write": len(to_write),
        "n_kept": n_cached,
        "n_from_source": plan.n_from_source,
        "n_written_before": plan.n_written_before,
        "replace": replace,
        "left_out": dict(Counter(plan.left_out.values()).most_common()),
        "genre": asdict(plan.genre_use),
        **writer.estimate(plan.collection, to_write),
    }


def write_captions(
    collection: str,
    captioner: str = "offline",
    replace: bool = False,
    genre: str | None = None,
    progress: Progress = silent,
) -> dict:
    """Write a caption for every track that has none, and save them with the collection.

    Captions that came with the source are never replaced. Captions are cached by input and captioner, so an
    interrupted run resumes and a repeated one is free. Captions finished before an error or a cancellation
    are saved.

    Parameters
    ----------
    captioner : str
        See :data:`core.captioning.captioners.CAPTIONERS`.
    replace : bool
        Also replace captions that were written here before (by another captioner, say); where that fails, the
        earlier one stays.
    genre : str, optional
        The column that holds the genre, or "none"; see :func:`core.captioning.caption_input.read_songs`.

    Returns
    -------
    dict
        ``collection, captioner, caption_from, n_written, n_kept, n_from_source, n_written_before, seconds``;
        ``left_out``, the reason by track id, and ``n_left_out``; ``unheard``, the reason by track id for
        unusable audio; ``prompt_tokens, completion_tokens`` as counted by the server and ``cost``; ``genre``,
        see :func:`estimate_captions`; ``samples``, a few of the captions with their titles.

    Raises
    ------
    ConfigError, CaptionError
        When the captioner can't start or continue.
    """
    started = time.monotonic()
    writer = get_captioner(captioner)
    with store.lock(f"captions-of-{collection}"):  # concurrent runs on one collection do the work once
        plan = _plan(collection, writer, replace, genre)
        songs, unusable_audio = writer.prepare(plan.collection, plan.songs, progress)
        run = _Run(writer, songs, dict(plan.left_out))
        try:
            if run.songs:
                writer.write(run.songs, run.on_caption, progress)
        finally:
            if run.captions:
                values = {i: {"caption": caption} for i, caption in run.captions.items()}
                change_tracks(
                    collection, lambda tracks: set_written(tracks, "caption", values, writer.caption_from)
                )
    titles = dict(zip(plan.collection.tracks["track_id"], plan.collection.tracks["title"]))
    result = {
        "collection": collection,
        "captioner": writer.name,
        "caption_from": writer.caption_from,
        "n_written": len(run.captions) - run.n_cached,
        "n_kept": run.n_cached,
        "n_from_source": plan.n_from_source,
        "n_written_before": plan.n_written_before,
        "n_left_out": len(run.left_out),
        "left_out": run.left_out,
        "unheard": {i: reason for i, reason in unusable_audio.items() if i in run.captions},
        "genre": asdict(plan.genre_use),
        "seconds": round(time.monotonic() - started, 2),
        "samples": [
            {"title": titles[i], "caption": caption} for i, caption in list(run.captions.items())[:N_SAMPLES]
        ],
    }
    if writer.costs:
        n_in, n_out = run.tokens
        result |= {"prompt_tokens": n_in, "completion_tokens": n_out, "cost": writer.cost(n_in, n_out)}
    return result


class _Run:
    """Captions of one run, collected from several threads; songs with the same key are written once."""

    def __init__(self, captioner: Captioner, songs: list[Song], left_out: dict[str, str]):
        self._lock, self._cache = threading.Lock(), AnswerLog("captions", captioner.name)
        cached = self._cache.read()
        self.captions: dict[str, str] = {}
        self.left_out, self.tokens = left_out, (0, 0)
        self._tracks_of: dict[str, list[str]] = {}
        self._keys: dict[str, str] = {}
        self.songs: list[Song] = []
        for song in songs:
            key = captioner.key(song)
            if caption := cached.get(key, {}).get("caption"):
                self.captions[song.track_id] = caption
            elif key in self._tracks_of:
                self._tracks_of[key].append(song.track_id)
            else:
                self._tracks_of[key], self._keys[song.track_id] = [song.track_id], key
                self.songs.append(song)
        self.n_cached = len(self.captions)

    def on_caption(
        self, song: Song, caption: str = "", reason: str = "", tokens: tuple[int, int] = (0, 0)
    ) -> None:
        """Store a caption, or the reason why there is none."""
        key = self._keys[song.track_id]
        if caption:
            self._cache.append(key, caption=caption)
        with self._lock:
            self.tokens = (self.tokens[0] + tokens[0], self.tokens[1] + tokens[1])
            for track_id in self._tracks_of[key]:
                (self.captions if caption else self.left_out)[track_id] = caption or reason
