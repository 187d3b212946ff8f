"""Simulated tracks with several genres each.

Seven main genres have random centres, and each has subgenres ("garage rock") with centres near its own. A
track has two or three subgenres of one main genre, and 40 % of tracks have one of another, too; its features
are the mean of its genres' centres, plus noise. So the majority rule has a correct answer, and neighbours
share more than one genre.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

SUBGENRES = {
    "country": ("country", "country road", "outlaw country", "texas country"),
    "hip hop": ("hip hop", "east coast hip hop", "southern hip hop", "jazz hip hop"),
    "indie": ("indie", "sheffield indie", "bedroom indie", "norwegian indie"),
    "metal": ("metal", "doom metal", "alternative metal", "folk metal"),
    "pop": ("pop", "dance pop", "art pop", "dutch pop"),
    "punk": ("punk", "skate punk", "street punk", "horror punk"),
    "rock": ("rock", "garage rock", "hard rock", "modern rock"),
}
"""Subgenres by main genre."""


@dataclass(frozen=True, eq=False)
class GenreData:
    """Features (n, d), genres and true main genre of each track."""

    audio: np.ndarray
    genres: list[tuple[str, ...]]
    main: list[str]


def make_genres(
    seed: int = 0, n: int = 280, d: int = 16, strength: float = 5.0, offset: float = 2.0, mixed: float = 0.4
) -> GenreData:
    """Sample the dataset; the same seed gives the same tracks.

    Parameters
    ----------
    n, d : int
        Numbers of tracks and of features.
    strength, offset : float
        Distance of main genres from the origin, and of subgenres from their main genre; the noise has a
        standard deviation of 1.
    mixed : float in [0, 1]
        Share of tracks that have a subgenre of another main genre, too.
    """
    rng = np.random.default_rng(seed)
    mains = list(SUBGENRES)
    centres: dict[str, np.ndarray] = {}
    for main, subgenres in SUBGENRES.items():
        centre = strength * _direction(rng, d)
        centres |= {name: centre + (offset * _direction(rng, d) if name != main else 0) for name in subgenres}
    audio: list[np.ndarray] = []
    genres: list[tuple[str, ...]] = []
    true_mains = []
    for i in range(n):
        main = mains[i % len(mains)]
        own = list(rng.choice(SUBGENRES[main], size=rng.integers(2, 4), replace=False))
        if rng.random() < mixed:
            other = mains[(i + rng.integers(1, len(mains))) % len(mains)]
            own.append(rng.choice(SUBGENRES[other]))
        names = tuple(str(name) for name in rng.permutation(own))
        audio.append(np.mean([centres[name] for name in names], axis=0) + rng.standard_normal(d))
        genres.append(names)
        true_mains.append(main)
    return GenreData(np.array(audio, np.float32), genres, true_mains)


def make_collection(seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the dataset as a collection: tracks with genres as text, titled at random, and features."""
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
    """Sample a random unit vector."""
    x = rng.standard_normal(d)
    return x / np.linalg.norm(x)
