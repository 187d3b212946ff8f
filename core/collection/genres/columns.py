"""Which genres the tracks of a collection carry: from which column, which is the main one, which coarse groups they make."""

from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from core.collection.genres.coarse import group_genres, read_map, shipped_map
from core.collection.genres.label_source import FROM_TAGS
from core.collection.genres.main_genre import choose_main
from core.collection.genres.splitting import as_text, read_genres
from core.collection.tables.join import known_columns, resolve_label
from core.errors import CollectionError

MAJORITY = "genres, majority rule"
"""Where labels come from that :func:`core.collection.genres.main_genre.choose_main` found."""
NO_GENRES = "none"
GENRES, GENRE, COARSE = "genres", "genre", "coarse_genres"
_NAMED = 12  # genres without a group that are named


@dataclass(frozen=True)
class GenreChoice:
    """What a user says of genres.

    Attributes
    ----------
    genres : str or None
        The column that holds them; "tags" (those in the files' tags); "none": a cell is one genre, whatever
        stands in it.
    main_genres : str or None
        The main ones, parted by commas.
    genre_map : str or None
        A table with the columns genre and coarse, in place of the shipped one.
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
        """Return the main genres that are named."""
        return tuple(
            dict.fromkeys(
                filter(None, (" ".join(word.split()) for word in (self.main_genres or "").split(",")))
            )
        )

    @property
    def is_given(self) -> bool:
        """Say whether anything is said."""
        return any(asdict(self).values())


def choose_genres(
    tracks: pd.DataFrame, choice: GenreChoice, columns: dict[str, str], labels: dict
) -> tuple[pd.DataFrame, dict, dict | None]:
    """Return the tracks with their genres, what is known of the labels, and what is known of the genres.

    Genres come from the column that was named, else from ``genres``, for tracks without any there from
    ``genre`` (of a folder: the tags). Where no cell holds several and nothing was said about genres,
    everything stays as it is: the collection has one label per track. Else ``genres`` holds them all,
    ``coarse_genres`` their groups (the main one first), and the main genre by the majority rule becomes the
    label, unless the label was taken from elsewhere: a column of its own ("label", or a single ``genre``
    beside ``genres``), or folders.

    Parameters
    ----------
    tracks : DataFrame
        With ``label`` as chosen so far.
    columns : dict
        What the columns of a joined table became in ``tracks``.
    labels : dict
        "asked" and "from" of the labels so far, see :func:`core.collection.genres.label_source.choose_labels`.

    Returns
    -------
    tracks : DataFrame
    labels : dict
        Besides the counts, where the rule decided: "words" (the main genres), "found" (not given),
        "n_without".
    told : dict or None
        "from", "n_genres", "n_several" (tracks with two and more), "n_with" (with one and more), "coarse"
        {"from", "n_listed", "by_word", "unknown" (some of them), "n_unknown", "n_without", "group" (by genre,
        "" for none)}; None where there is but one label per track.

    Raises
    ------
    CollectionError
        When a column or table is not there, or holds no genre.
    """
    source, read = _read(tracks, choice, columns)
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
    decides = choice.words or (several and free)
    tracks = tracks.assign(**{GENRES: [as_text(some) for some in read]})
    if decides:
        main = choose_main(read, choice.words)
        if choice.words and not any(main.labels):
            raise CollectionError(
                f"no genre here has {', '.join(choice.words)} in its name; there are {_some(read)}"
            )
        tracks = tracks.assign(label=main.labels)
        named = [label for label in main.labels if label]
        labels = {
            "asked": labels["asked"],
            "from": MAJORITY,
            "n_labelled": len(named),
            "n_labels": len(set(named)),
            "words": list(main.words),
            "found": main.found,
            "n_without": main.n_without,
        }
    table = read_map(choice.genre_map) if choice.genre_map else shipped_map()
    coarse = group_genres(read, table, list(tracks["label"]))
    tracks = tracks.assign(**{COARSE: [as_text(groups) for groups in coarse.groups]})
    told = {
        "from": source,
        "n_genres": len({genre for some in read for genre in some}),
        "n_with": sum(map(bool, read)),
        "n_several": sum(len(some) > 1 for some in read),
        "coarse": {
            "from": Path(choice.genre_map).name if choice.genre_map else "shipped",
            "n_listed": len(coarse.listed),
            "by_word": len(coarse.by_word),
            "unknown": list(coarse.unknown[:_NAMED]),
            "n_unknown": len(coarse.unknown),
            "n_without": coarse.n_without,
            "group": coarse.group,
        },
    }
    return tracks, labels, told


def _with_one_each(tracks: pd.DataFrame, choice: GenreChoice) -> pd.DataFrame:
    """Return tracks that have one genre each; a column of that name holds it, or is none of ours where genres are not read."""
    if GENRES not in tracks:
        return tracks
    if not (tracks[GENRES] != "").any():
        return tracks.drop(columns=GENRES)
    if choice.genres == NO_GENRES:
        return tracks.rename(columns={GENRES: f"table_{GENRES}"})
    return tracks.assign(**{GENRES: [as_text(some) for some in read_genres(list(tracks[GENRES]))]})


def _read(
    tracks: pd.DataFrame, choice: GenreChoice, columns: dict[str, str]
) -> tuple[str, list[tuple[str, ...]]]:
    """Return the column that genres come from, "" where there is none, and each track's."""
    nothing = pd.Series("", index=tracks.index)
    every, one = (tracks.get(name, nothing).fillna("").astype(str) for name in (GENRES, GENRE))
    if choice.genres not in (None, FROM_TAGS, NO_GENRES):
        column = resolve_label(choice.genres, columns, tracks)
        return column, read_genres(list(tracks[column].fillna("").astype(str)))
    read = read_genres([*every, *one])  # one column: a genre is spelt alike in both
    first, second = read[: len(tracks)], read[len(tracks) :]
    both = [some or other for some, other in zip(first, second)]
    source = GENRES if any(first) else GENRE if any(second) else ""
    if (
        not source and choice.genre_map and (tracks["label"] != "").any()
    ):  # the labels are the genres, folders for example
        return "label", read_genres(list(tracks["label"]))
    return source, both


def _some(read: list[tuple[str, ...]]) -> str:
    """Name a few of the genres that there are."""
    names = list(dict.fromkeys(genre for some in read for genre in some))
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
