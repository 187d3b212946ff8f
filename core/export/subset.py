"""Which tracks of a map are exported: all, one cluster, a saved selection, the hits of a search, a filter."""

from dataclasses import dataclass, replace

import numpy as np

from core import store
from core.collection import Collection
from core.errors import CollectionError, ConfigError
from core.export.taken import Taken, take
from core.pipeline.choice import Choice
from core.pipeline.kept_map import Keep
from core.progress import Progress, silent
from core.search import find_track, search
from core.search.containing import tracks_containing

LIMIT = 20
"""Hits of a search by default."""


@dataclass(frozen=True)
class Subset:
    """Which tracks; at most one of the first five, none of them is the whole map. JSON values.

    Attributes
    ----------
    cluster : int or None
        As the pages number it, from 1.
    selection : str
        A selection as the address of Explore names it (``group=s…``).
    phrase, like : str
        A search by a phrase, or by the id or title of a track.
    containing : str
        Words that occur in title, artist, label or text.
    limit : int
        Hits of a search.
    """

    cluster: int | None = None
    selection: str = ""
    phrase: str = ""
    like: str = ""
    containing: str = ""
    limit: int = LIMIT

    def __post_init__(self):
        given = [
            name
            for name in ("cluster", "selection", "phrase", "like", "containing")
            if getattr(self, name) not in (None, "")
        ]
        if len(given) > 1:
            raise ConfigError(f"choose one of {' and '.join(given)}: each says which tracks are exported")

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole map."""
        return self == Subset(limit=self.limit)

    def take(
        self,
        collection: Collection,
        choice: Choice,
        *,
        numbering: list[int] | None = None,
        keep: Keep = "",
        progress: Progress = silent,
    ) -> Taken:
        """Return these tracks of a choice.

        Raises
        ------
        ConfigError
            When the cluster or the selection doesn't exist.
        CollectionError
            When no track is left.
        """
        if self.cluster is None:
            track_ids, is_ranked = self.track_ids(collection, choice, progress)
            return take(
                collection,
                choice,
                track_ids,
                is_ranked=is_ranked,
                numbering=numbering,
                keep=keep,
                progress=progress,
            )
        whole = take(collection, choice, numbering=numbering, keep=keep, progress=progress)
        return take_cluster(whole, self.cluster)

    def track_ids(
        self, collection: Collection, choice: Choice, progress: Progress = silent
    ) -> tuple[list[str] | None, bool]:
        """Return the ids, None for all, and whether they are ranked."""
        if self.selection:
            return read_selection(self.selection)
        if self.containing:
            has_words = tracks_containing(collection, self.containing)
            ids = collection.tracks["track_id"][has_words].tolist()
            if not ids:
                raise CollectionError(f"no track of {collection.name} has {self.containing!r} in its texts")
            return ids, False
        if self.phrase or self.like:
            like = find_track(collection, self.like) if self.like else None
            found = search(
                collection,
                self.phrase or None,
                like,
                choice=choice if like else None,
                limit=self.limit,
                progress=progress,
            )
            if found.table.empty:
                raise CollectionError(f"the search for {self.phrase or self.like!r} found nothing to export")
            return found.table["track_id"].tolist(), True
        return None, False


def read_selection(group: str) -> tuple[list[str], bool]:
    """Return the track ids of a saved selection, and whether they are ranked.

    Raises
    ------
    ConfigError
        When none is stored under that name.
    """
    key = group.removeprefix("s")
    saved = store.load_owned("selections", key) if key.isalnum() else None
    if saved is None or not saved.get("track_ids"):
        raise ConfigError(
            f"no selection {group!r} is stored here; it is what the address of Explore names after group=, "
            "such as s1f0c2a…"
        )
    return list(saved["track_ids"]), bool(saved.get("ranked"))


def take_cluster(whole: Taken, number: int) -> Taken:
    """Return the tracks of one cluster, numbered from 1 as on the pages.

    Raises
    ------
    ConfigError
        When there is no such cluster; lists those there are.
    """
    existing = sorted({int(label) + 1 for label in whole.labels if label >= 0})
    if number not in existing:
        raise ConfigError(
            f"cluster {number} doesn't exist; "
            + (f"choose from {', '.join(map(str, existing))}" if existing else "all tracks are noise")
        )
    return replace(whole, members=np.flatnonzero(whole.labels == number - 1), reasons=())
