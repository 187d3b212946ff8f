"""What everything after reading works on: tracks, their own numbers, and what could not be used."""

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
from core.collection.genres.splitting import from_text, matrix_of
from core.collection.written import is_made_here, origins_of
from core.errors import CollectionError, ConfigError

TEXT_COLUMNS = ("track_id", "path", "title", "artist", "label", "language", "lyrics", "caption")
"""Columns that every collection has; "" where a track's is unknown."""

GENRE_COLUMNS = ("genres", "coarse_genres")
"""Columns of collections whose tracks have several genres; lists as text."""

TRANSCRIBED = "lyrics (transcribed)"
"""Where a text comes from that was written down from the sound."""

METADATA = "metadata"
"""The text field that stands for "title – artist"."""


def no_problems() -> pd.DataFrame:
    """Return an empty table of problems."""
    return pd.DataFrame({"path": [], "reason": [], "kind": []}, dtype=str)


@dataclass(frozen=True, eq=False)
class Collection:
    """An ordered set of tracks. What is found out about them is kept with it, so nobody changes one: a change makes another.

    Attributes
    ----------
    name : str
    tracks : DataFrame
        One row a track: the text columns above, ``duration_s`` (seconds, nan where unknown) and whatever else
        the source knew. ``track_id`` is a BLAKE2b-128 of the file's bytes, or of the row's content where
        there is no sound. ``title_from`` says where a title comes from: "tags", "table", "file name" or
        "row". ``genres`` and ``coarse_genres`` are there where tracks have several genres (see
        :mod:`core.collection.genres.columns`).
    table : DataFrame or None
        Numbers that came with the source, in the order of ``tracks``; nan where a cell held none.
    problems : DataFrame
        ``path``, ``reason`` and ``kind``: "error" for what could not be used, "duplicate" for what is there
        already, "note" for what was used in part.
    info : dict
        Where it comes from and the counts of what was joined; JSON.

    Raises
    ------
    CollectionError
        When two tracks share an id, or the numbers have another length than the tracks.
    """

    name: str
    tracks: pd.DataFrame
    table: pd.DataFrame | None = None
    problems: pd.DataFrame = field(default_factory=no_problems)
    info: dict = field(default_factory=dict)

    def __post_init__(self):
        tracks = self.tracks.reset_index(drop=True).copy()
        for column in (*TEXT_COLUMNS, *(name for name in GENRE_COLUMNS if name in tracks)):
            known = tracks[column] if column in tracks else pd.Series("", index=tracks.index)
            tracks[column] = known.fillna("").astype(str)
        durations = tracks["duration_s"] if "duration_s" in tracks else np.nan
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
                    f"{self.name}: {len(self.table)} rows of numbers for {len(tracks)} tracks"
                )
            object.__setattr__(self, "table", self.table.reset_index(drop=True))

    @property
    def n_tracks(self) -> int:
        """Count the tracks."""
        return len(self.tracks)

    @property
    def labelled(self) -> np.ndarray:
        """Return where a track has a label, shape=(n_tracks,), bool."""
        return (self.tracks["label"] != "").to_numpy(bool)

    def labels(self) -> list[str]:
        """Return each track's label, "" where it has none."""
        return self.tracks["label"].tolist()

    def genres(self) -> list[tuple[str, ...]]:
        """Return every genre of each track, () where none is known.

        Where no track has several, that is the column ``genre``; where more tracks have a label than a genre,
        the label.
        """
        if self._filled("genres"):
            return [from_text(text) for text in self.tracks["genres"]]
        column = "genre" if self._filled("genre") >= max(1, self.labelled.sum()) else "label"
        return [(name,) if name else () for name in self.tracks[column].fillna("").astype(str)]

    @cached_property
    def has_several_genres(self) -> bool:
        """Say whether any track has more than one genre."""
        return "genres" in self.tracks and any(len(from_text(text)) > 1 for text in self.tracks["genres"])

    @cached_property
    def groups_genres(self) -> bool:
        """Say whether the tracks were put into two or more coarse groups when they were read."""
        return "coarse_genres" in self.tracks and len(set(self.coarse_labels()) - {""}) > 1

    def genre_matrix(self) -> tuple[list[str], np.ndarray]:
        """Return the names of all genres, the most frequent first, and which track has which, shape=(n_tracks, n_genres), bool."""
        names, has = self._genre_matrix
        return list(names), has.copy()

    @cached_property
    def _genre_matrix(self) -> tuple[list[str], np.ndarray]:
        """Find the genres once; pages ask for them at every click."""
        return matrix_of(self.genres())

    def coarse_genres(self) -> list[tuple[str, ...]]:
        """Return the coarse groups of each track's genres, its main one first, () where there is none.

        See :mod:`core.collection.genres.coarse`; by the table that the collection was added with, else by the
        shipped one.
        """
        return self._groups

    @cached_property
    def _groups(self) -> list[tuple[str, ...]]:
        """Find the coarse groups once; pages ask for them at every click."""
        if "coarse_genres" in self.tracks:
            return [from_text(text) for text in self.tracks["coarse_genres"]]
        return group_genres(self.genres(), shipped_map(), self.labels()).groups

    def coarse_labels(self) -> list[str]:
        """Return each track's main coarse group, "" where it has none."""
        return [next(iter(groups), "") for groups in self.coarse_genres()]

    def _filled(self, column: str) -> int:
        """Count the tracks with text in a column that may not be there."""
        return int((self.tracks[column].fillna("") != "").sum()) if column in self.tracks else 0

    def audio_paths(self) -> list[str]:
        """Return each track's sound file, "" where it has none."""
        return self.tracks["path"].tolist()

    def texts(self, field: str | None = None) -> list[str]:
        """Return each track's text, "" where it has none.

        Parameters
        ----------
        field : str, optional
            A column of ``tracks``, or "metadata" for "title – artist". Left out: lyrics, else caption, else
            "title – artist".

        Raises
        ------
        ConfigError
            When there is no such column; lists those there are.
        """
        return [text for text, _ in self._texts(field)]

    def text_sources(self, field: str | None = None) -> dict[str, int]:
        """Count where the texts of :func:`texts` come from: {"lyrics": 120, "title – artist": 30, "nothing": 3}."""
        return dict(Counter(self.text_origins(field)).most_common())

    def text_origins(self, field: str | None = None) -> list[str]:
        """Return where each track's text comes from: "lyrics", "lyrics (transcribed)", "caption", "title – artist", "file name", a field or "nothing"."""
        return [source for _, source in self._texts(field)]

    def text_keys(self, field: str | None = None) -> list[str]:
        """Return the content key of each track's text, "" where it has none."""
        return list(
            self._once(
                ("text keys", field),
                lambda: [store.key_of(text) if text else "" for text in self.texts(field)],
            )
        )

    def key_of_texts(self, field: str | None = None) -> str:
        """Return the content key of all texts and of where they come from, in the order of the tracks."""
        return self._once(
            ("texts key", field), lambda: store.key_of(self.text_keys(field), self.text_origins(field))
        )

    def key_of_columns(self, *names: str) -> str:
        """Return the content key of columns of ``tracks``."""
        return self._once(
            ("columns key", *names),
            lambda: store.key_of({name: list(self.tracks[name].astype(str)) for name in names}),
        )

    @cached_property
    def key_of_table(self) -> str:
        """Content key of the numbers that came with the source."""
        return store.key_of(self.table)

    def shared(self) -> "Collection":
        """Return the same collection for another caller: what one does to its tables the other doesn't see."""
        self._found  # noqa: B018  one for all of them
        other = copy(self)
        for name in ("tracks", "table", "problems"):
            frame = getattr(self, name)
            object.__setattr__(other, name, None if frame is None else frame.copy(deep=False))
        object.__setattr__(other, "info", deepcopy(self.info))
        return other

    @cached_property
    def _found(self) -> dict[tuple, Any]:
        """Hold what was found out about these tracks, which takes a while where they are many."""
        return {}

    def _once(self, what: tuple, find: Callable[[], Any]) -> Any:
        """Return what ``find`` returned the first time."""
        if what not in self._found:
            self._found[what] = find()
        return self._found[what]

    def _texts(self, field: str | None) -> list[tuple[str, str]]:
        """Return (text, where it comes from) per track."""
        return self._once(("texts", field), lambda: self._read_texts(field))

    def _read_texts(self, field: str | None) -> list[tuple[str, str]]:
        """Choose each track's text."""
        if field is None:
            lyrics_from = [
                TRANSCRIBED if is_made_here(origin) else "lyrics"
                for origin in origins_of(self.tracks, "lyrics")
            ]
            columns = zip(self.tracks["lyrics"], lyrics_from, self.tracks["caption"], self._metadata())
            return [
                _first((lyrics, origin), (caption, "caption"), meta)
                for lyrics, origin, caption, meta in columns
            ]
        if field == METADATA:
            return self._metadata()
        if field not in self.tracks or not pd.api.types.is_string_dtype(self.tracks[field]):
            able = [column for column in self.tracks if pd.api.types.is_string_dtype(self.tracks[column])]
            raise ConfigError(
                f"{self.name} has no text field {field!r}; choose from {METADATA}, {', '.join(able)}"
            )
        return [_first((text, field)) for text in self.tracks[field].fillna("")]

    def _metadata(self) -> list[tuple[str, str]]:
        """Return "title – artist" per track; a row's number is no title, and a file name is said to be one."""
        tracks = self.tracks
        origins = tracks["title_from"] if "title_from" in tracks else ["table"] * len(tracks)
        found = []
        for title, artist, origin in zip(tracks["title"], tracks["artist"], origins):
            text = " – ".join(part for part in ("" if origin == "row" else title, artist) if part)
            found.append(
                _first((text, "file name" if origin == "file name" and not artist else "title – artist"))
            )
        return found


def _first(*choices: tuple[str, str]) -> tuple[str, str]:
    """Return the first choice whose text is not blank."""
    return next(((text.strip(), source) for text, source in choices if text.strip()), ("", "nothing"))
