"""Genres of tracks: their column, the main genre, coarse groups."""

from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from core.collection.genres.coarse import Coarse, group_genres, read_map, shipped_map
from core.collection.genres.label_source import FROM_TAGS
from core.collection.genres.main_genre import Majority, choose_main
from core.collection.genres.splitting import join_genres, read_genres
from core.collection.tables.join import known_columns, resolve_label
from core.errors import CollectionError

MAJORITY = "genres, majority rule"
"""Origin of labels by :func:`core.collection.genres.main_genre.choose_main`."""
NO_GENRES = "none"
GENRES, GENRE, COARSE = "genres", "genre", "coarse_genres"
_NAMED = 12  # most genres without a group that are listed


@dataclass(frozen=True)
class GenreChoice:
    """Options of a user on genres.

    Attributes
    ----------
    genres : str or None
        Their column; "tags" (the files' tags); "none": a cell is always one genre.
    main_genres : str or None
        The main genres, separated by commas.
    genre_map : str or None
        A table with the columns genre and coarse, instead of the shipped one.
    """

    genres: str | None = None
    main_genres: str | None = None
    genre_map: str | None = None

    def __post_init__(self):
        if self.main_genres is not None and not self.words:
            raise CollectionError(
                f"main_genres={self.main_genres!r} names no genre; write them with commas: country, hip "
                "hop, rock"
            )
        if self.genres == NO_GENRES and (self.main_genres or self.genre_map):
            raise CollectionError(
                "genres='none' leaves nothing to find a main genre or a coarse group in; leave it out"
            )

    @property
    def words(self) -> tuple[str, ...]:
        """The given main genres."""
        return tuple(
            dict.fromkeys(
                filter(None, (" ".join(word.split()) for word in (self.main_genres or "").split(",")))
            )
        )

    @property
    def is_given(self) -> bool:
        """Whether any option is given."""
        return any(asdict(self).values())


def choose_genres(
    tracks: pd.DataFrame, choice: GenreChoice, columns: dict[str, str], labels: dict
) -> tuple[pd.DataFrame, dict, dict | None]:
    """Return the tracks with their genres, details of the labels, and details of the genres.

    Genres come from the given column, else from ``genres``, or ``genre`` for tracks without (of a folder: the
    tags). If no cell holds several and no option is given, nothing changes: the collection has one label per
    track. Else ``genres`` holds all of them, ``coarse_genres`` their groups (the main one first), and the
    main genre by the majority rule becomes the label, unless that has another origin: a column of its own
    ("label", or a single ``genre`` beside ``genres``), or folders.

    Parameters
    ----------
    tracks : DataFrame
        With ``label`` as chosen so far.
    columns : dict
        Name of each column in the joined table → in ``tracks``.
    labels : dict
        "asked" and "from" of the labels so far; see
        :func:`core.collection.genres.label_source.choose_labels`.

    Returns
    -------
    tracks : DataFrame
    labels : dict
        The counts; by the majority rule also "words" (the main genres), "found" (not given), "n_without".
    details : dict or None
        "from", "n_genres", "n_several" (tracks with two and more), "n_with" (with one and more), "coarse"
        {"from", "n_listed", "by_word", "unknown" (some of them), "n_unknown", "n_without", "group" (by genre,
        "" for none)}; None with one label per track.

    Raises
    ------
    CollectionError
        When a column or table is missing, or has no genre.
    """
    source, read = read_track_genres(tracks, choice, columns)
    several = any(len(some) > 1 for some in read)
    if choice.genres == NO_GENRES or not (several or choice.is_given):
        return _with_one_each(tracks, choice), labels, None
    if not any(read):
        where = (
            f"the column {source!r}" if source else "this source, neither a column genres nor genre nor tags"
        )
        raise CollectionError(f"there is no genre in {where}; name the column that holds them with --genres")
    origin = known_columns([labels["from"]]).get(labels["from"], labels["from"])
    free = origin in ("nothing", FROM_TAGS, source)
    if choice.words and not free and labels["asked"]:
        raise CollectionError(
            f"the main genres would be the labels, but those come from {labels['asked']!r}; leave out "
            "--main-genres or --label"
        )
    tracks = tracks.assign(**{GENRES: [join_genres(some) for some in read]})
    if choice.words or (several and free):
        main = choose_main(read, choice.words)
        if choice.words and not any(main.labels):
            raise CollectionError(
                f"no genre here has {', '.join(choice.words)} in its name; there are {_some(read)}"
            )
        tracks, labels = tracks.assign(label=main.labels), _label_details(main, labels["asked"])
    table = read_map(choice.genre_map) if choice.genre_map else shipped_map()
    coarse = group_genres(read, table, list(tracks["label"]))
    tracks = tracks.assign(**{COARSE: [join_genres(groups) for groups in coarse.groups]})
    details = {
        "from": source,
        "n_genres": len({genre for some in read for genre in some}),
        "n_with": sum(map(bool, read)),
        "n_several": sum(len(some) > 1 for some in read),
        "coarse": _coarse_details(coarse, choice.genre_map),
    }
    return tracks, labels, details


def _label_details(main: Majority, asked: str | None) -> dict:
    """Return the details of labels by the majority rule."""
    named = [label for label in main.labels if label]
    return {
        "asked": asked,
        "from": MAJORITY,
        "n_labelled": len(named),
        "n_labels": len(set(named)),
        "words": list(main.words),
        "found": main.found,
        "n_without": main.n_without,
    }


def _coarse_details(coarse: Coarse, genre_map: str | None) -> dict:
    """Return the details of coarse groups."""
    return {
        "from": Path(genre_map).name if genre_map else "shipped",
        "n_listed": len(coarse.listed),
        "by_word": len(coarse.by_word),
        "unknown": list(coarse.unknown[:_NAMED]),
        "n_unknown": len(coarse.unknown),
        "n_without": coarse.n_without,
        "group": coarse.group,
    }


def _with_one_each(tracks: pd.DataFrame, choice: GenreChoice) -> pd.DataFrame:
    """Return tracks with one genre each; a column ``genres`` is renamed if genres are not to be read."""
    if GENRES not in tracks:
        return tracks
    if not (tracks[GENRES] != "").any():
        return tracks.drop(columns=GENRES)
    if choice.genres == NO_GENRES:
        return tracks.rename(columns={GENRES: f"table_{GENRES}"})
    return tracks.assign(**{GENRES: [join_genres(some) for some in read_genres(list(tracks[GENRES]))]})


def read_track_genres(
    tracks: pd.DataFrame, choice: GenreChoice, columns: dict[str, str]
) -> tuple[str, list[tuple[str, ...]]]:
    """Return the column of the genres, "" if there is none, and the genres of each track.

    Raises
    ------
    CollectionError
        When the column of ``choice`` is missing; lists the valid names.
    """
    nothing = pd.Series("", index=tracks.index)
    every, one = (tracks.get(name, nothing).fillna("").astype(str) for name in (GENRES, GENRE))
    if choice.genres not in (None, FROM_TAGS, NO_GENRES):
        column = resolve_label(choice.genres, columns, tracks)
        return column, read_genres(list(tracks[column].fillna("").astype(str)))
    read = read_genres([*every, *one])  # together, so that a genre has one spelling in both
    first, second = read[: len(tracks)], read[len(tracks) :]
    both = [some or other for some, other in zip(first, second)]
    source = GENRES if any(first) else GENRE if any(second) else ""
    if not source and choice.genre_map and (tracks["label"] != "").any():  # genres are labels, as of folders
        return "label", read_genres(list(tracks["label"]))
    return source, both


def _some(read: list[tuple[str, ...]]) -> str:
    """List a few of the genres."""
    names = list(dict.fromkeys(genre for some in read for genre in some))
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
