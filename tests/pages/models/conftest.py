from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import collection as collections


@pytest.fixture
def songs(tmp_path, monkeypatch) -> Path:
    """A table of numbers with two labels, kept as "songs"."""
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(tmp_path))
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(20, 5)).round(4), columns=list("abcde"))
    table.insert(0, "genre", ["rock", "folk"] * 10)
    table.to_csv(tmp_path / "songs.csv", index=False)
    collections.add(tmp_path / "songs.csv", "songs", label="genre")
    return tmp_path
