"""Writing captions for a collection: who needs one, what is known already, and where they go."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from core import collection as collections
from core import store
from core.captioning.caption_input import Song, read_songs
from core.collection import Collection
from core.collection.saved import change_tracks
from core.collection.written import is_from_source, origins_of, set_written
from core.errors import ConfigError
from core.progress import Progress, silent
from core.store.answer_log import AnswerLog

N_SAMPLES = 3


def _offline():
    from core.captioning.offline import Offline

    return Offline()


def _endpoint():
    from core.captioning.endpoint import Endpoint

    return Endpoint.from_environment()


CAPTIONERS: dict[str, Callable] = {"offline": _offline, "endpoint": _endpoint}
"""Who can write captions, by name; the endpoint is set up by the environment."""


def get_captioner(name: str):
    """Return a captioner.

    Raises
    ------
    ConfigError
        When there is none of that name, or the environment doesn't say what it needs.
    """
    if name not in CAPTIONERS:
        raise ConfigError(f"there is no captioner {name!r}; choose from {', '.join(CAPTIONERS)}")
    return CAPTIONERS[name]()


@dataclass(frozen=True, eq=False)
class _Plan:
    """What is to be written: the songs, and the counts of those that are not."""

    collection: Collection
    songs: list[Song]
    n_from_source: int
    n_written_before: int
    genre: str
    left_out: dict[str, str] = field(default_factory=dict)


def _plan(name: str, writer, replace: bool, genre: str | None) -> _Plan:
    """Find the tracks that need a caption and can have one."""
    loaded = collections.load(name)
    origins = origins_of(loaded.tracks, "caption")
    songs, told = read_songs(loaded, genre)
    wanted, left_out = [], {}
    for song, origin, path in zip(songs, origins, loaded.audio_paths()):
        if is_from_source(origin) or (origin and not replace):
            continue
        if reason := writer.reason_against(song, bool(path)):
            left_out[song.track_id] = reason
        else:
            wanted.append(song)
    n_source = sum(map(is_from_source, origins))
    return _Plan(loaded, wanted, n_source, int((origins != "").sum()) - n_source, told, left_out)


def estimate_captions(
    collection: str, captioner: str = "offline", replace: bool = False, genre: str | None = None
) -> dict:
    """Say what :func:`write_captions` would do, before it begins.

    Returns
    -------
    dict
        ``collection, captioner, caption_from``; ``sends``, what leaves this machine; ``n_to_write``;
        ``n_kept``, captions that were written of the same words before and cost nothing; ``n_from_source``
        and ``n_written_before``, tracks that have one; ``replace``, as asked; ``left_out``, the number of
        tracks by reason; ``genre``, a sentence; and what the captioner expects: ``seconds``, or
        ``prompt_tokens, completion_tokens, cost`` (None where no prices are set).
    """
    writer = get_captioner(captioner)
    plan = _plan(collection, writer, replace, genre)
    known = (
        AnswerLog("captions", writer.name).read() if writer.costs else {}
    )  # without cost, the key would have to be computed first
    fresh = (
        {key: song for song in plan.songs if (key := writer.key(song)) not in known}
        if writer.costs
        else dict(enumerate(plan.songs))
    )
    n_kept = sum(writer.key(song) in known for song in plan.songs) if known else 0
    return {
        "collection": collection,
        "captioner": writer.name,
        "caption_from": writer.caption_from,
        "sends": writer.sends,
        "n_to_write": len(fresh),
        "n_kept": n_kept,
        "n_from_source": plan.n_from_source,
        "n_written_before": plan.n_written_before,
        "replace": replace,
        "left_out": dict(Counter(plan.left_out.values()).most_common()),
        "genre": plan.genre,
        **writer.estimate(plan.collection, list(fresh.values())),
    }


def write_captions(
    collection: str,
    captioner: str = "offline",
    replace: bool = False,
    genre: str | None = None,
    progress: Progress = silent,
) -> dict:
    """Write a caption for every track that has none, and save them with the collection.

    Captions that came with the source stay. One that was written of the same words by the same captioner
    before is taken from the store, so a run that was stopped or killed goes on where it was, and another one
    costs nothing. Whatever ends the run, the captions that are there by then are saved.

    Parameters
    ----------
    captioner : str
        See :data:`CAPTIONERS`.
    replace : bool
        Write anew also where a caption was written here before (by another captioner, say); where that fails,
        the earlier stays.
    genre : str, optional
        The column that holds the genre, or "none"; see :func:`core.captioning.caption_input.read_songs`.

    Returns
    -------
    dict
        ``collection, captioner, caption_from, n_written, n_kept, n_from_source, n_written_before, seconds``;
        ``left_out``, the reason by track id, and ``n_left_out``; ``unheard``, the reason by track id for
        sound that could not be used; ``prompt_tokens, completion_tokens`` as the server counted them and
        ``cost``; ``genre``; ``samples``, a few of the captions with their titles.

    Raises
    ------
    ConfigError, CaptionError
        When the captioner can't begin or go on.
    """
    began = time.monotonic()
    writer = get_captioner(captioner)
    with store.lock(f"captions-of-{collection}"):  # who asks for the same at once finds it written
        plan = _plan(collection, writer, replace, genre)
        songs, unheard = writer.prepare(plan.collection, plan.songs, progress)
        work = _Work(writer, songs, dict(plan.left_out))
        try:
            if work.songs:
                writer.write(work.songs, work.take, progress)
        finally:
            if work.captions:
                made = {i: {"caption": caption} for i, caption in work.captions.items()}
                change_tracks(
                    collection, lambda tracks: set_written(tracks, "caption", made, writer.caption_from)
                )
    titles = dict(zip(plan.collection.tracks["track_id"], plan.collection.tracks["title"]))
    return {
        "collection": collection,
        "captioner": writer.name,
        "caption_from": writer.caption_from,
        "n_written": len(work.captions) - work.n_kept,
        "n_kept": work.n_kept,
        "n_from_source": plan.n_from_source,
        "n_written_before": plan.n_written_before,
        "n_left_out": len(work.left_out),
        "left_out": work.left_out,
        "unheard": {i: reason for i, reason in unheard.items() if i in work.captions},
        "genre": plan.genre,
        "seconds": round(time.monotonic() - began, 2),
        "samples": [
            {"title": titles[i], "caption": caption} for i, caption in list(work.captions.items())[:N_SAMPLES]
        ],
        **(
            {
                "prompt_tokens": work.tokens[0],
                "completion_tokens": work.tokens[1],
                "cost": writer.cost(*work.tokens),
            }
            if writer.costs
            else {}
        ),
    }


class _Work:
    """What was written so far; several threads hand captions in.

    Songs that would be asked the same are asked once.
    """

    def __init__(self, writer, songs: list[Song], left_out: dict[str, str]):
        self._lock, self._kept = threading.Lock(), AnswerLog("captions", writer.name)
        known = self._kept.read()
        self.captions: dict[str, str] = {}
        self.left_out, self.tokens = left_out, (0, 0)
        self._alike: dict[str, list[str]] = {}
        self._keys: dict[str, str] = {}
        self.songs: list[Song] = []
        for song in songs:
            key = writer.key(song)
            if caption := known.get(key, {}).get("caption"):
                self.captions[song.track_id] = caption
            elif key in self._alike:
                self._alike[key].append(song.track_id)
            else:
                self._alike[key], self._keys[song.track_id] = [song.track_id], key
                self.songs.append(song)
        self.n_kept = len(self.captions)

    def take(self, song: Song, caption: str = "", reason: str = "", tokens: tuple[int, int] = (0, 0)) -> None:
        """Take a caption, or the reason why there is none."""
        key = self._keys[song.track_id]
        if caption:
            self._kept.append(key, caption=caption)
        with self._lock:
            self.tokens = (self.tokens[0] + tokens[0], self.tokens[1] + tokens[1])
            for track_id in self._alike[key]:
                (self.captions if caption else self.left_out)[track_id] = caption or reason
