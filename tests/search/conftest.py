"""A collection of features and texts in three groups."""

import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from tests.search.songs import collection_of


@pytest.fixture
def numbers() -> Collection:
    group = np.arange(12) % 3
    rng = np.random.default_rng(0)
    table = pd.DataFrame(4 * np.eye(3)[group] + 0.1 * rng.standard_normal((12, 3)), columns=list("abc"))
    tracks = pd.DataFrame(
        {
            "title": [f"row {i}" for i in range(12)],
            "lyrics": np.array(["rain river", "gold sun", "drum night"])[group],
        }
    )
    return collection_of(tracks, "numbers", table=table)
