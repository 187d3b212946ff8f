"""The demo collection that lies in ``assets/demo``: one table, and a sound file for each of its rows."""

from pathlib import Path

import pandas as pd

from core.audio.decode import probe
from core.collection.problem import Problem
from core.collection.sources.folder import hash_file
from core.collection.tables.sheet import read_sheet
from core.errors import AudioError, CollectionError
from core.progress import Progress, silent

ASSETS = Path(__file__).resolve().parents[3] / "assets" / "demo"
LABEL = "tradition"
"""The demo's column that is its label."""


def read_demo(progress: Progress = silent) -> tuple[pd.DataFrame, list[Problem], dict]:
    """Read the demo: sound from ``audio/``, everything else from ``tracks.csv``.

    Its files are ours and tested, so only their headers are read here, which is what makes the first start
    quick.

    Raises
    ------
    CollectionError
        When the checkout lacks it.
    """
    if not (ASSETS / "tracks.csv").is_file():
        raise CollectionError(
            f"the demo is not there: {ASSETS / 'tracks.csv'} is missing, so this checkout is not whole"
        )
    sheet = read_sheet(ASSETS / "tracks.csv").fillna("").astype(str)
    rows, problems = [], []
    for done, row in enumerate(sheet.to_dict("records"), start=1):
        progress(done, len(sheet), "opening the demo")
        path = ASSETS / "audio" / Path(row["file"]).name
        try:
            sound = {"track_id": hash_file(path), "duration_s": probe(path).duration_s, "path": str(path)}
        except (AudioError, OSError) as reason:
            problems.append(Problem(str(path), f"{reason}; this checkout is not whole", "error"))
            continue
        rows.append({**row, **sound, "artist": row["composer"], "label": row[LABEL], "title_from": "table"})
    if not rows:
        raise CollectionError(
            f"no sound of the demo is there: {problems[0].reason if problems else 'tracks.csv is empty'}"
        )
    tracks = pd.DataFrame(rows)
    told = {
        "asked": None,
        "from": LABEL,
        "n_labelled": len(tracks),
        "n_labels": int(tracks["label"].nunique()),
    }
    return tracks, problems, {"n_files": len(sheet), "labels": told}


def to_saved(path: str) -> str:
    """Return a path of the demo as it is saved, below :data:`ASSETS`, so that a checkout may be moved."""
    return Path(path).relative_to(ASSETS).as_posix() if path and Path(path).is_relative_to(ASSETS) else path


def from_saved(path: str) -> str:
    """Return a saved path of the demo as it lies on this machine now."""
    return str(ASSETS / path) if path and not Path(path).is_absolute() else path
