"""Tracks and texts that an extractor could not use: the reasons, stored beside its rows."""

import pandas as pd

from core import store
from core.collection import Collection
from core.features.extraction.earlier import present_rows
from core.features.extractors import EXTRACTORS, get_extractor
from core.store.row_tables.rows import Rows


def read_failures(rows: Rows) -> dict[str, str]:
    """Return the reason by row id for audio or texts that an earlier run could not use.

    The same content would fail again, so it is not read again.
    """
    return store.peek("failures", rows.name) or {}


def store_failures(rows: Rows, failed: dict[str, str]) -> None:
    """Store the reason by row id; failures to open a file must be left out, as its content is unknown."""
    if failed and failed != read_failures(rows):
        store.put("failures", rows.name, failed)


def failures_of(collection: Collection) -> dict[str, str]:
    """Return the reason by track id for tracks whose audio an extractor could not use.

    Failures are recorded by :func:`core.features.extract_features`, for the present version of each
    extractor; each reason ends with the names of its extractors.
    """
    if not any(store.path_of("arrays", "failures").glob("*.json")):
        return {}
    ids = set(collection.tracks["track_id"])
    found: dict[str, dict[str, list[str]]] = {}
    for name in [name for name, spec in EXTRACTORS.items() if spec.reads == "file"]:
        for track_id, reason in read_failures(present_rows(get_extractor(name))).items():
            if track_id in ids:
                found.setdefault(track_id, {}).setdefault(reason, []).append(name)
    return {
        track_id: "; ".join(f"{reason} ({', '.join(names)})" for reason, names in reasons.items())
        for track_id, reasons in found.items()
    }


def problems_of(collection: Collection) -> pd.DataFrame:
    """Return the problems of reading the source, then those of feature extraction: path, reason, kind."""
    failed = failures_of(collection)
    tracks = collection.tracks[collection.tracks["track_id"].isin(failed)]
    if tracks.empty:
        return collection.problems
    rows = pd.DataFrame({"path": tracks["path"], "reason": tracks["track_id"].map(failed), "kind": "error"})
    return pd.concat([collection.problems, rows], ignore_index=True)
