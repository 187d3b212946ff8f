"""One main genre for a track that has several: the majority of its specifications.

Genres as listeners give them are mostly specifications of a few main ones: "alternative metal", "doom metal"
and "metal" all say metal. Each of a track's genres counts for every main genre whose name it contains as
whole words; the main genre with the most counts is the track's.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.collection.genres.splitting import fold

PUBLISHED = ("country", "hip hop", "indie", "metal", "pop", "punk", "rock")
"""The main genres of the published experiment (see :func:`choose_main`)."""
LEAST_TRACKS = 2
"""A main genre that is found, not given, is carried by at least so many tracks: what one track alone has is no class."""
_LONGEST = 8  # words in a main genre's name


@dataclass(frozen=True, eq=False)
class Majority:
    """The main genre of each track, and what the rule went by.

    Attributes
    ----------
    labels : list of str, length n_tracks
        "" where a track has no genre, or none that a main genre's name is in.
    words : tuple of str
        The main genres, those that tracks got before those that none got.
    found : bool
        True where they were found in the collection, False where they were given.
    n_without : int
        Tracks that have genres, but none with the name of a main one.
    """

    labels: list[str]
    words: tuple[str, ...]
    found: bool
    n_without: int


def choose_main(genres: Sequence[Sequence[str]], words: Sequence[str] = ()) -> Majority:
    """Give each track the main genre that most of its genres name.

    Among main genres with equally many counts the one that the track also has by itself ("rock" beside
    "garage rock") is taken, then the one that more tracks of the collection have, then the one named first in
    the track's list; within one genre the last, which is its head ("country rock" is rock).

    Where no main genres are given they are found: those genres of the collection that no other genre of it
    stands in ("rock" is one; "garage rock", which has rock in it, is a specification) and that at least
    :data:`LEAST_TRACKS` tracks carry, by themselves or in a specification.

    Parameters
    ----------
    genres : sequence of sequence of str, length n_tracks
    words : sequence of str, optional
        The main genres, :data:`PUBLISHED` for example; spelt as they shall be shown.

    References
    ----------
    Diploma thesis on contrastive audio–lyrics pre-training, section 4.2, table 2: specifications are mapped
    to main genres "by counting the occurrences" of each and taking the majority. It does not say what is done
    with ties.
    """
    folded = {genre: fold(genre) for some in genres for genre in some}
    given = {fold(word): word for word in words}
    mains = given or _find_mains(genres, folded)
    hits = {genre: _contained(text, mains) for genre, text in folded.items()}
    carried = Counter(main for some in genres for main in {main for genre in some for main, _ in hits[genre]})
    if not given:
        mains = {main: name for main, name in mains.items() if carried[main] >= LEAST_TRACKS}
        hits = {genre: [hit for hit in some if hit[0] in mains] for genre, some in hits.items()}
    labels = [_majority(some, hits, folded, mains, carried) for some in genres]
    got = Counter(filter(None, labels))
    order = sorted(mains.values(), key=lambda name: (-got[name], name))
    return Majority(
        labels, tuple(order), not given, sum(bool(some) and not label for some, label in zip(genres, labels))
    )


def _majority(some: Sequence[str], hits: dict, folded: dict, mains: dict[str, str], carried: Counter) -> str:
    """Return one track's main genre, "" where there is none."""
    counts: Counter = Counter()
    place: dict[str, tuple[int, int]] = {}
    for at, genre in enumerate(some):
        for main, end in hits[genre]:
            counts[main] += 1
            place.setdefault(main, (-at, end))
    itself = {folded[genre] for genre in some}
    best = max(
        counts,
        key=lambda main: (counts[main], main in itself, carried[main], place[main], len(main)),
        default="",
    )
    return mains[best] if best else ""


def _find_mains(genres: Sequence[Sequence[str]], folded: dict[str, str]) -> dict[str, str]:
    """Return the genres that no other is inside of, as they are compared and as they are spelt."""
    there = dict.fromkeys(folded.values())
    return {
        text: genre
        for genre, text in folded.items()
        if {main for main, _ in _contained(text, there)} == {text}
    }


def _contained(text: str, names: dict) -> list[tuple[str, int]]:
    """Return which names stand in a genre as whole words, and after how many words each ends."""
    words = text.split()
    return [
        (part, end)
        for end in range(1, len(words) + 1)
        for start in range(max(0, end - _LONGEST), end)
        if (part := " ".join(words[start:end])) in names
    ]
