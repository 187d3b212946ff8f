"""The demo collection that lies in ``assets/demo``: one table, and a sound file for each of its rows."""

from pathlib import Path

import pandas as pd

from core.collection.folder import read_folder
from core.collection.join import join_text
from core.collection.walk import Problem
from core.errors import CollectionError
from core.progress import Progress, silent

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "demo"
LABEL = "tradition"
"""The demo's column that is its label."""


def read_demo(progress: Progress = silent) -> tuple[pd.DataFrame, list[Problem], dict]:
    """Read the demo: sound from ``audio/``, everything else from ``tracks.csv``.

    Raises
    ------
    CollectionError
        When the checkout lacks it.
    """
    if not (ASSETS / "tracks.csv").is_file():
        raise CollectionError(f"the demo is not there: {ASSETS / 'tracks.csv'} is missing, so this checkout is not whole")
    tracks, problems, counts = read_folder(ASSETS / "audio", progress)
    joined = join_text(tracks, ASSETS / "tracks.csv", on="file")
    tracks = joined.tracks.assign(label=joined.tracks[joined.columns.get(LABEL, LABEL)])
    labels = tracks.loc[tracks["label"] != "", "label"]
    told = {"asked": None, "from": LABEL, "n_labelled": len(labels), "n_labels": int(labels.nunique())}
    return tracks, problems + joined.problems, {**counts, "text_join": joined.counts, "labels": told}


def to_saved(path: str) -> str:
    """Return a path of the demo as it is saved, below :data:`ASSETS`, so that a checkout may be moved."""
    return Path(path).relative_to(ASSETS).as_posix() if path and Path(path).is_relative_to(ASSETS) else path


def from_saved(path: str) -> str:
    """Return a saved path of the demo as it lies on this machine now."""
    return str(ASSETS / path) if path and not Path(path).is_absolute() else path
