"""Made-up tracks with several genres each: numbers in which every genre has its place, and genres as listeners write them.

Seven main genres lie at random directions. Each has specifications ("garage rock") a little off its own
place. A track has two or three specifications of one main genre, its planted one, and two in five tracks have
one of another, too; it stands at the weighted mean of its genres' places, plus noise. So the majority rule
has a right answer, and neighbours know more genres than one.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

SPECIFICATIONS = {
    "country": ("country", "country road", "outlaw country", "texas country"),
    "hip hop": ("hip hop", "east coast hip hop", "southern hip hop", "jazz hip hop"),
    "indie": ("indie", "sheffield indie", "bedroom indie", "norwegian indie"),
    "metal": ("metal", "doom metal", "alternative metal", "folk metal"),
    "pop": ("pop", "dance pop", "art pop", "dutch pop"),
    "punk": ("punk", "skate punk", "street punk", "horror punk"),
    "rock": ("rock", "garage rock", "hard rock", "modern rock"),
}
"""Genres by the main one that they name."""


@dataclass(frozen=True, eq=False)
class Several:
    """What :func:`make_genres` returns: audio (n, d), each track's genres, and the planted main one."""

    audio: np.ndarray
    genres: list[tuple[str, ...]]
    main: list[str]


def make_genres(
    seed: int = 0, n: int = 280, d: int = 16, strength: float = 5.0, offset: float = 2.0, mixed: float = 0.4
) -> Several:
    """Draw the dataset; the same seed gives the same tracks.

    Parameters
    ----------
    n, d : int
        Tracks, and numbers per track.
    strength, offset : float
        How far main genres lie from the middle, and specifications from their main genre; the noise has a
        standard deviation of 1.
    mixed : float in [0, 1]
        Share of tracks that have a genre of another main one, too.
    """
    rng = np.random.default_rng(seed)
    mains = list(SPECIFICATIONS)
    place = {}
    for main, specifications in SPECIFICATIONS.items():
        middle = strength * _direction(rng, d)
        place |= {
            name: middle + (offset * _direction(rng, d) if name != main else 0) for name in specifications
        }
    audio, genres, planted = [], [], []
    for i in range(n):
        main = mains[i % len(mains)]
        own = list(rng.choice(SPECIFICATIONS[main], size=rng.integers(2, 4), replace=False))
        if rng.random() < mixed:
            other = mains[(i + rng.integers(1, len(mains))) % len(mains)]
            own.append(rng.choice(SPECIFICATIONS[other]))
        own = tuple(str(name) for name in rng.permutation(own))
        audio.append(np.mean([place[name] for name in own], axis=0) + rng.standard_normal(d))
        genres.append(own)
        planted.append(main)
    return Several(np.array(audio, np.float32), genres, planted)


def make_collection(seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the dataset as a collection: tracks with their genres as text, in no order that would tell them, and their numbers."""
    made = make_genres(seed)
    n = len(made.main)
    ids = [
        hashlib.blake2b(f"simulated-genres {seed} {i}".encode(), digest_size=16).hexdigest() for i in range(n)
    ]
    titles = [f"Track {number + 1:03}" for number in np.random.default_rng([seed, 1]).permutation(n)]
    tracks = pd.DataFrame(
        {"track_id": ids, "title": titles, "label": "", "genres": ["; ".join(some) for some in made.genres]}
    )
    return tracks, pd.DataFrame(made.audio, columns=[f"audio_{i:02}" for i in range(made.audio.shape[1])])


def _direction(rng: np.random.Generator, d: int) -> np.ndarray:
    """Draw a vector of length 1."""
    x = rng.standard_normal(d)
    return x / np.linalg.norm(x)
