"""Main genre of a track with several: a majority vote of its subgenres.

Genre tags are mostly subgenres of a few main ones: "alternative metal", "doom metal" and "metal" are all
metal. Each of a track's genres votes for every main genre whose name it contains as whole words.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.collection.genres.splitting import normalize_genre

PUBLISHED = ("country", "hip hop", "indie", "metal", "pop", "punk", "rock")
"""The main genres of the published experiment (see :func:`choose_main`)."""
LEAST_TRACKS = 2
"""Fewest tracks of a main genre that is found, not given: a single track is not a class."""
FEW_SEVERAL = 0.2
"""Share of tracks with several genres below which a track with one keeps it as its label."""
_LONGEST = 8  # words in a main genre's name


@dataclass(frozen=True, eq=False)
class Majority:
    """Main genre of each track, and the main genres of the collection.

    Attributes
    ----------
    labels : list of str, length n_tracks
        "" where a track has no genre, or none that contains a main genre's name.
    words : tuple of str
        The main genres, most frequent first.
    found : bool
        Whether they were found in the collection, not given.
    n_without : int
        Number of tracks with genres, but without a main one.
    """

    labels: list[str]
    words: tuple[str, ...]
    found: bool
    n_without: int


def choose_main(genres: Sequence[Sequence[str]], words: Sequence[str] = ()) -> Majority:
    """Assign to each track the main genre that most of its genres contain.

    Ties are resolved in favour of a genre that the track has by itself ("rock" beside "garage rock"), then
    the one of more tracks, then the first in the track's list; within one genre the last, its head ("country
    rock" is rock).

    By default the main genres are found: the genres that contain no other genre of the collection ("rock" is
    one; "garage rock" is a subgenre) and that at least :data:`LEAST_TRACKS` tracks have, by themselves or in
    a subgenre. But where fewer than :data:`FEW_SEVERAL` of the tracks have several genres, the column is one
    of labels: a track with one genre keeps it, and only those with several are decided by the majority.

    Parameters
    ----------
    genres : sequence of sequence of str, length n_tracks
    words : sequence of str, optional
        The main genres, for example :data:`PUBLISHED`, in the spelling to show.

    References
    ----------
    Diploma thesis on contrastive audio–lyrics pre-training, section 4.2, table 2: specifications are mapped
    to main genres "by counting the occurrences" of each and taking the majority. It does not say what is done
    with ties.
    """
    normalized = {genre: normalize_genre(genre) for some in genres for genre in some}
    given = {normalize_genre(word): word for word in words}
    mains = given or _find_mains(genres, normalized)
    hits = {genre: _contained(text, mains) for genre, text in normalized.items()}
    carried = Counter(main for some in genres for main in {main for genre in some for main, _ in hits[genre]})
    if not given:
        mains = {main: name for main, name in mains.items() if carried[main] >= LEAST_TRACKS}
        hits = {genre: [hit for hit in some if hit[0] in mains] for genre, some in hits.items()}
    labels = [_majority(some, hits, normalized, mains, carried) for some in genres]
    if not given and _have_mostly_one(genres):
        labels = [
            some[0] if len(some) == 1 or (some and not main) else main for some, main in zip(genres, labels)
        ]
        mains |= {label: label for label in labels if label and label not in mains.values()}
    got = Counter(filter(None, labels))
    order = sorted(mains.values(), key=lambda name: (-got[name], name))
    return Majority(
        labels, tuple(order), not given, sum(bool(some) and not label for some, label in zip(genres, labels))
    )


def _have_mostly_one(genres: Sequence[Sequence[str]]) -> bool:
    """Return whether a few tracks have several genres, and nearly all have one."""
    n_several = sum(len(some) > 1 for some in genres)
    return 0 < n_several < FEW_SEVERAL * sum(map(bool, genres))


def _majority(
    some: Sequence[str], hits: dict, normalized: dict, mains: dict[str, str], carried: Counter
) -> str:
    """Return one track's main genre, "" if there is none."""
    counts: Counter = Counter()
    place: dict[str, tuple[int, int]] = {}
    for at, genre in enumerate(some):
        for main, end in hits[genre]:
            counts[main] += 1
            place.setdefault(main, (-at, end))
    itself = {normalized[genre] for genre in some}
    best = max(
        counts,
        key=lambda main: (counts[main], main in itself, carried[main], place[main], len(main)),
        default="",
    )
    return mains[best] if best else ""


def _find_mains(genres: Sequence[Sequence[str]], normalized: dict[str, str]) -> dict[str, str]:
    """Return the genres that contain no other one: normalised name → spelling."""
    names = dict.fromkeys(normalized.values())
    return {
        text: genre
        for genre, text in normalized.items()
        if {main for main, _ in _contained(text, names)} == {text}
    }


def _contained(text: str, names: dict) -> list[tuple[str, int]]:
    """Return the names that a genre contains as whole words, and after how many words each ends."""
    words = text.split()
    return [
        (part, end)
        for end in range(1, len(words) + 1)
        for start in range(max(0, end - _LONGEST), end)
        if (part := " ".join(words[start:end])) in names
    ]
