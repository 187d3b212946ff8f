"""A collection: tracks, their numeric columns, and what could not be used."""

from collections import Counter
from collections.abc import Callable
from copy import copy, deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from core import store
from core.collection.genres.coarse import group_genres, shipped_map
from core.collection.genres.splitting import matrix_of, parse_genres
from core.collection.texts.track_texts import choose_texts
from core.errors import CollectionError

TEXT_COLUMNS = ("track_id", "path", "title", "artist", "label", "language", "lyrics", "caption")
"""Columns of every collection; "" where unknown."""

GENRE_COLUMNS = ("genres", "coarse_genres")
"""Columns of collections whose tracks have several genres; lists joined to text."""


def no_problems() -> pd.DataFrame:
    """Return an empty table of problems."""
    return pd.DataFrame({"path": [], "reason": [], "kind": []}, dtype=str)


@dataclass(frozen=True, eq=False)
class Collection:
    """An immutable, ordered set of tracks; derived values are cached.

    Attributes
    ----------
    name : str
    tracks : DataFrame
        One row per track: the text columns above, ``duration_s`` (seconds, NaN where unknown) and other
        columns of the source. ``track_id`` is the BLAKE2b-128 hash of the file's bytes, or of the row's
        content without audio. ``title_from`` is the origin of a title: "tags", "table", "file name", "row" or
        "display" (no text unless asked for).
        ``genres`` and ``coarse_genres`` exist where tracks have several genres (see
        :mod:`core.collection.genres.columns`).
    table : DataFrame or None
        Numeric columns of the source, in the order of ``tracks``; NaN where a cell holds no number.
    problems : DataFrame
        ``path``, ``reason`` and ``kind``: "error" for what could not be used, "duplicate" for repeated
        content, "note" for what was used in part.
    info : dict
        Source, arguments and counts of what was joined; JSON.

    Raises
    ------
    CollectionError
        When two tracks share an id, or the table has another length than the tracks.
    """

    name: str
    tracks: pd.DataFrame
    table: pd.DataFrame | None = None
    problems: pd.DataFrame = field(default_factory=no_problems)
    info: dict = field(default_factory=dict)
    _cache: dict[tuple, Any] = field(default_factory=dict, init=False, repr=False)
    """Values derived from the tracks, which take a while where there are many; shared by copies."""

    def __post_init__(self):
        tracks = self.tracks.reset_index(drop=True).copy()
        for column in (*TEXT_COLUMNS, *(name for name in GENRE_COLUMNS if name in tracks)):
            known = tracks[column] if column in tracks else pd.Series("", index=tracks.index)
            tracks[column] = known.fillna("").astype(str)
        durations = tracks.get("duration_s", np.nan)
        tracks["duration_s"] = pd.Series(durations, index=tracks.index, dtype=float)
        object.__setattr__(self, "tracks", tracks)
        twice = tracks.loc[tracks["track_id"].duplicated(), "track_id"]
        if len(twice):
            raise CollectionError(
                f"{self.name}: {len(twice)} tracks share an id with another, {twice.iloc[0]} for one"
            )
        if self.table is not None:
            if len(self.table) != len(tracks):
                raise CollectionError(
                    f"{self.name}: {len(self.table)} rows of numeric columns for {len(tracks)} tracks"
                )
            object.__setattr__(self, "table", self.table.reset_index(drop=True))

    @property
    def n_tracks(self) -> int:
        """Number of tracks."""
        return len(self.tracks)

    @property
    def labelled(self) -> np.ndarray:
        """Mask of the tracks with a label, shape=(n_tracks,), bool."""
        return (self.tracks["label"] != "").to_numpy(bool)

    def labels(self) -> list[str]:
        """Return each track's label, "" where it has none."""
        return self.tracks["label"].tolist()

    def label_names(self) -> list[str]:
        """Return the labels that occur, sorted."""
        return sorted(set(self.labels()) - {""})

    def genres(self) -> list[tuple[str, ...]]:
        """Return all genres of each track, () where unknown.

        Without the column ``genres``, that is ``genre``, or the label where more tracks have a label than a
        genre.
        """
        if self._filled("genres"):
            return [parse_genres(text) for text in self.tracks["genres"]]
        column = "genre" if self._filled("genre") >= max(1, self.labelled.sum()) else "label"
        return [(name,) if name else () for name in self.tracks[column].fillna("").astype(str)]

    @cached_property
    def has_several_genres(self) -> bool:
        """Whether any track has more than one genre."""
        return "genres" in self.tracks and any(len(parse_genres(text)) > 1 for text in self.tracks["genres"])

    @cached_property
    def groups_genres(self) -> bool:
        """Whether the source was read into two or more coarse groups."""
        return "coarse_genres" in self.tracks and len(set(self.coarse_labels()) - {""}) > 1

    def genre_matrix(self) -> tuple[list[str], np.ndarray]:
        """Return all genres, most frequent first, and a mask of each track's, shape=(n_tracks, n_genres)."""
        names, has = self.once(("genre matrix",), lambda: matrix_of(self.genres()))
        return list(names), has.copy()

    def coarse_genres(self) -> list[tuple[str, ...]]:
        """Return the coarse groups of each track's genres, its main one first, () where there is none.

        By the table that the collection was added with, else the shipped one; see
        :mod:`core.collection.genres.coarse`.
        """
        if "coarse_genres" in self.tracks:
            return self.once(
                ("coarse genres",), lambda: [parse_genres(text) for text in self.tracks["coarse_genres"]]
            )
        return self.once(
            ("coarse genres",), lambda: group_genres(self.genres(), shipped_map(), self.labels()).groups
        )

    def coarse_labels(self) -> list[str]:
        """Return each track's main coarse group, "" where it has none."""
        return [next(iter(groups), "") for groups in self.coarse_genres()]

    def _filled(self, column: str) -> int:
        """Count the tracks with text in a column, 0 where it is missing."""
        return int((self.tracks[column].fillna("") != "").sum()) if column in self.tracks else 0

    def audio_paths(self) -> list[str]:
        """Return each track's audio file, "" where it has none."""
        return self.tracks["path"].tolist()

    def texts(self, field: str | None = None) -> list[str]:
        """Return each track's text, "" where it has none.

        Parameters
        ----------
        field : str, optional
            A column of ``tracks``, or "metadata" for "title – artist". By default lyrics, else caption, else
            "title – artist".

        Raises
        ------
        ConfigError
            When there is no such column; lists the valid ones.
        """
        return [text for text, _ in self._texts(field)]

    def text_sources(self, field: str | None = None) -> dict[str, int]:
        """Count the texts by origin: {"lyrics": 120, "title – artist": 30, "nothing": 3}."""
        return dict(Counter(self.text_origins(field)).most_common())

    def text_origins(self, field: str | None = None) -> list[str]:
        """Return the origin of each track's text.

        One of "lyrics", "lyrics (transcribed)", "caption", "title – artist", "file name", a field, "nothing".
        """
        return [origin for _, origin in self._texts(field)]

    def text_keys(self, field: str | None = None) -> list[str]:
        """Return the content key of each track's text, "" where it has none."""
        return list(
            self.once(
                ("text keys", field),
                lambda: [store.key_of(text) if text else "" for text in self.texts(field)],
            )
        )

    def key_of_texts(self, field: str | None = None) -> str:
        """Return the content key of all texts and their origins, in the order of the tracks."""
        return self.once(
            ("texts key", field), lambda: store.key_of(self.text_keys(field), self.text_origins(field))
        )

    def key_of_columns(self, *names: str) -> str:
        """Return the content key of columns of ``tracks``."""
        return self.once(
            ("columns key", *names),
            lambda: store.key_of({name: list(self.tracks[name].astype(str)) for name in names}),
        )

    @cached_property
    def key_of_table(self) -> str:
        """Content key of the numeric columns."""
        return store.key_of(self.table)

    def shared(self) -> "Collection":
        """Return a copy that shares cached values, but not changes to its tables."""
        other = copy(self)
        for name in ("tracks", "table", "problems"):
            frame = getattr(self, name)
            object.__setattr__(other, name, None if frame is None else frame.copy(deep=False))
        object.__setattr__(other, "info", deepcopy(self.info))
        return other

    def once(self, what: tuple, find: Callable[[], Any]) -> Any:
        """Return what ``find`` derives from the tracks or the table, computed once per collection."""
        if what not in self._cache:
            self._cache[what] = find()
        return self._cache[what]

    def _texts(self, field: str | None) -> list[tuple[str, str]]:
        """Return (text, origin) per track."""
        return self.once(("texts", field), lambda: choose_texts(self.tracks, field, self.name))
