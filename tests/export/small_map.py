"""A small collection with audio files, hostile texts and two groups of vectors, to be exported."""

from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

from core.collection import Collection
from core.collection.saved import save
from core.pipeline.choice import Choice

N, SECONDS, SR = 12, 3.0, 22_050
CHOICE = Choice(audio="table", n_clusters=3, projection="pca")
FUSED = Choice(audio="table", text="tfidf", n_clusters=3, projection="pacmap")
EVIL = "</script><script>alert(1)</script> & $x$ \x07é"
FORMULA = '=HYPERLINK("http://example.org")'
WORDS = ("river rain", "drum stage", "cloud light")


def make_small(folder: Path) -> Collection:
    """Save a collection of twelve tracks in three groups; the last has no audio."""
    rng = np.random.default_rng(0)
    group = np.arange(N) % 3
    paths = []
    for number in range(N - 1):
        path = folder / "my music" / f"{number} å & b.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        t = np.arange(round(SECONDS * SR)) / SR
        soundfile.write(path, 0.3 * np.sin(2 * np.pi * (200 + 40 * number) * t), SR)
        paths.append(str(path))
    tracks = pd.DataFrame(
        {
            "track_id": [f"{number:032x}" for number in range(N)],
            "path": [*paths, ""],
            "title": [EVIL, FORMULA, *(f"Title {number}" for number in range(2, N))],
            "title_from": "tags",
            "artist": ["Somebody", "-la la", *["A/B"] * (N - 2)],
            "label": [("x", "y", "z")[g] for g in group],
            "lyrics": [f"{WORDS[g]} word{number % 5}" for number, g in enumerate(group)],
            "year": [str(1990 + number) for number in range(N)],
            "bpm": ["120.5", "", *["90"] * (N - 2)],
            "key": ["Am", *[""] * (N - 1)],
            "duration_s": SECONDS,
        }
    )
    numbers = 9 * rng.standard_normal((3, 5))[group] + rng.standard_normal((N, 5))
    table = pd.DataFrame(numbers, columns=list("abcde"))
    collection = Collection("small", tracks, table, info={"kind": "table", "source": "x"})
    save(collection)
    return collection
