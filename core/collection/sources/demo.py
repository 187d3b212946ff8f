"""The demo collection in ``assets/demo``: one table, and an audio file for each of its rows."""

from pathlib import Path

import pandas as pd

from core.collection.problem import Problem
from core.collection.sources.folder import hash_file
from core.collection.tables.sheet import read_sheet
from core.collection.texts.track_texts import DISPLAY
from core.errors import AudioError, CollectionError
from core.progress import Progress, silent

ASSETS = Path(__file__).resolve().parents[3] / "assets" / "demo"
LABEL = "tradition"
"""Column of the demo's labels."""


def read_demo(progress: Progress = silent) -> tuple[pd.DataFrame, list[Problem], dict]:
    """Read the demo: audio from ``audio/``, everything else from ``tracks.csv``.

    Its files are tested, so they are not opened, which keeps the first start fast. Text means lyrics:
    titles are for display only.

    Raises
    ------
    CollectionError
        When it is missing from the checkout.
    """
    if not (ASSETS / "tracks.csv").is_file():
        raise CollectionError(
            f"the demo is missing: there is no {ASSETS / 'tracks.csv'}, so this checkout is incomplete"
        )
    sheet = read_sheet(ASSETS / "tracks.csv").fillna("").astype(str)
    rows, problems = [], []
    for done, row in enumerate(sheet.to_dict("records"), start=1):
        progress(done, len(sheet), "opening the demo")
        path = ASSETS / "audio" / Path(row["file"]).name
        try:
            audio = {"track_id": hash_file(path), "duration_s": float(row["duration_s"]), "path": str(path)}
        except (AudioError, OSError) as reason:
            problems.append(Problem(str(path), f"{reason}; this checkout is incomplete", "error"))
            continue
        rows.append({**row, **audio, "artist": row["composer"], "label": row[LABEL], "title_from": DISPLAY})
    if not rows:
        raise CollectionError(
            f"the demo has no audio: {problems[0].reason if problems else 'tracks.csv is empty'}"
        )
    tracks = pd.DataFrame(rows)
    labels = {
        "asked": None,
        "from": LABEL,
        "n_labelled": len(tracks),
        "n_labels": int(tracks["label"].nunique()),
    }
    return tracks, problems, {"n_files": len(sheet), "labels": labels}


def to_saved(path: str) -> str:
    """Return a path of the demo relative to :data:`ASSETS`, so that a checkout may be moved."""
    return Path(path).relative_to(ASSETS).as_posix() if path and Path(path).is_relative_to(ASSETS) else path


def from_saved(path: str) -> str:
    """Return the absolute path of a saved path of the demo."""
    return str(ASSETS / path) if path and not Path(path).is_absolute() else path
