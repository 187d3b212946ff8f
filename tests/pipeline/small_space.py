"""A collection of 60 tracks in three groups, and choices over it."""

from dataclasses import replace

import numpy as np
import pandas as pd

from core.collection import Collection
from core.pipeline.choice import Choice

N = 60
GROUP = np.arange(N) % 3
WORDS = np.array(["rain river sea wave", "drum stage night crowd", "gold wheat sun field"])


def make(texts=None, labels=None) -> Collection:
    rng = np.random.default_rng(0)
    numbers = 5 * rng.standard_normal((3, 5))[GROUP] + rng.standard_normal((N, 5))
    tracks = pd.DataFrame(
        {
            "track_id": [f"{i:032x}" for i in range(N)],
            "path": "",
            "title": "",
            "artist": "",
            "language": "",
            "caption": "",
        }
    )
    tracks = tracks.assign(
        lyrics=WORDS[GROUP] if texts is None else texts,
        label=np.array(list("xyz"))[GROUP] if labels is None else labels,
    )
    tracks = tracks.assign(duration_s=np.nan)
    return Collection(
        "made",
        tracks,
        pd.DataFrame(numbers, columns=list("abcde")),
        pd.DataFrame({"path": [], "reason": []}),
        {"kind": "table"},
    )


AUDIO = Choice(audio="table", n_clusters=3, projection="pca")
BOTH = replace(AUDIO, text="tfidf")
