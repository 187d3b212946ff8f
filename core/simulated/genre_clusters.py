"""Simulated tracks with several genres each.

Seven main genres have random centres, and each has subgenres ("garage rock") with centres near its own. A
track has two or three subgenres of one main genre, and 40 % of tracks have one of another, too; its features
are the mean of its genres' centres, plus noise. So the majority rule has a correct answer, and neighbours
share more than one genre.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.simulated.track_names import name_tracks

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
N_TRACKS, N_FEATURES = 280, 16
STRENGTH, OFFSET = 5.0, 2.0
"""Distance of main genres from the origin and of subgenres from theirs, where the noise has deviation 1."""
MIXED_SHARE = 0.4
"""Share of tracks that have a subgenre of another main genre, too."""


@dataclass(frozen=True, eq=False)
class GenreData:
    """Features (n, d), genres and true main genre of each track."""

    audio: np.ndarray
    genres: list[tuple[str, ...]]
    main: list[str]


def make_genres(seed: int = 0) -> GenreData:
    """Sample the dataset; the same seed gives the same tracks."""
    rng = np.random.default_rng(seed)
    mains = list(SUBGENRES)
    centres: dict[str, np.ndarray] = {}
    for main, subgenres in SUBGENRES.items():
        centre = STRENGTH * _direction(rng)
        centres |= {name: centre + (OFFSET * _direction(rng) if name != main else 0) for name in subgenres}
    audio: list[np.ndarray] = []
    genres: list[tuple[str, ...]] = []
    true_mains = []
    for i in range(N_TRACKS):
        main = mains[i % len(mains)]
        own = list(rng.choice(SUBGENRES[main], size=rng.integers(2, 4), replace=False))
        if rng.random() < MIXED_SHARE:
            other = mains[(i + rng.integers(1, len(mains))) % len(mains)]
            own.append(rng.choice(SUBGENRES[other]))
        names = tuple(str(name) for name in rng.permutation(own))
        audio.append(np.mean([centres[name] for name in names], axis=0) + rng.standard_normal(N_FEATURES))
        genres.append(names)
        true_mains.append(main)
    return GenreData(np.array(audio, np.float32), genres, true_mains)


def make_collection() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the dataset as a collection: tracks with genres as text, titled at random, and features."""
    made = make_genres()
    tracks = name_tracks("simulated-genres", N_TRACKS)
    tracks = tracks.assign(label="", genres=["; ".join(some) for some in made.genres])
    return tracks, pd.DataFrame(made.audio, columns=[f"audio_{i:02}" for i in range(N_FEATURES)])


def _direction(rng: np.random.Generator) -> np.ndarray:
    """Sample a random unit vector."""
    x = rng.standard_normal(N_FEATURES)
    return x / np.linalg.norm(x)
