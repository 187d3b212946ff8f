"""Generated captions and lyrics: setting them, and preserving them when a source is read again."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

TABLE = "table"
"""Origin (``caption_from``, ``lyrics_from``) of a text that came with the source."""

WRITTEN: dict[str, dict[str, object]] = {
    "lyrics": {"lyrics_language": "", "lyrics_confidence": np.nan},
    "caption": {},
}
"""Texts that can be generated, each with its further columns and their default values.

Lyrics come first: a caption describes them, so it is preserved only with the same lyrics."""


def is_from_source(origin: str) -> bool:
    """Return whether a text came with the source: "table", or "table: …" with an origin of its own."""
    return origin == TABLE or origin.startswith(f"{TABLE}: ")


def is_made_here(origin: str) -> bool:
    """Return whether a text was generated or transcribed by this application."""
    return bool(origin) and not is_from_source(origin)


def mark_source(tracks: pd.DataFrame) -> pd.DataFrame:
    """Return newly read tracks with the origins in their own columns marked as the source's."""
    for column in (f"{name}_from" for name in WRITTEN):
        if column in tracks:
            origins = tracks[column].fillna("").astype(str)
            tracks = tracks.assign(
                **{
                    column: [
                        origin if not origin or is_from_source(origin) else f"{TABLE}: {origin}"
                        for origin in origins
                    ]
                }
            )
    return tracks


def origins_of(tracks: pd.DataFrame, column: str) -> np.ndarray:
    """Return the origin of each track's text: "" (no text), "table" (the source), or the model that made it.

    Parameters
    ----------
    column : str
        One of :data:`WRITTEN`.
    """
    name = f"{column}_from"
    origins = tracks[name].fillna("").to_numpy(object) if name in tracks else np.full(len(tracks), "", object)
    has_text = _texts(tracks, column).str.strip().to_numpy(object) != ""
    return np.where(has_text, np.where(origins == "", TABLE, origins), "").astype(object)


def set_written(
    tracks: pd.DataFrame, column: str, made: Mapping[str, Mapping[str, object]], origin: str
) -> pd.DataFrame:
    """Return the tracks with generated texts; a text that came with the source is never replaced.

    Parameters
    ----------
    made : mapping
        By track id: the text under the name of ``column``, and its further columns. An empty text removes an
        earlier generated one.
    origin : str
        The model that made them.
    """
    origins = origins_of(tracks, column)
    cells = {
        row: {**made[i], f"{column}_from": origin if made[i][column] else ""}
        for row, i in enumerate(tracks["track_id"])
        if i in made and not is_from_source(origins[row])
    }
    return _put(tracks, column, origins, cells)


def carry_written(fresh: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Return newly read tracks with the texts that were generated for them before.

    A text is carried over to the same track if the source has none of its own; a caption only with the same
    lyrics, too.
    """
    for column, beside in WRITTEN.items():
        made = np.array([is_made_here(origin) for origin in origins_of(earlier, column)], bool)
        if not made.any():
            continue
        given = [name for name in (column, f"{column}_from", *beside) if name in earlier]
        known = {
            row["track_id"]: row
            for row in earlier.loc[made, list(dict.fromkeys(["track_id", "lyrics", *given]))].to_dict(
                "records"
            )
        }
        origins, cells = origins_of(fresh, column), {}
        for row, (track_id, lyrics) in enumerate(zip(fresh["track_id"], _texts(fresh, "lyrics"))):
            old = known.get(track_id)
            if old and not origins[row] and (column == "lyrics" or old["lyrics"] == lyrics):
                cells[row] = {name: old[name] for name in given}
        fresh = _put(fresh, column, origins, cells)
    return fresh


def _put(
    tracks: pd.DataFrame, column: str, origins: np.ndarray, cells: Mapping[int, Mapping[str, object]]
) -> pd.DataFrame:
    """Return the tracks with texts, origins and further columns replaced in some rows."""
    columns = {column: _texts(tracks, column), f"{column}_from": pd.Series(origins, index=tracks.index)}
    for name, blank in WRITTEN[column].items():
        columns[name] = tracks[name] if name in tracks else pd.Series(blank, index=tracks.index)
        columns[name] = (
            columns[name].fillna("").astype(str)
            if blank == ""
            else pd.to_numeric(columns[name], errors="coerce").astype(float)
        )
    for name, values in columns.items():
        filled = values.to_numpy(object).copy()
        for row, cell in cells.items():
            filled[row] = cell.get(name, WRITTEN[column].get(name, ""))
        columns[name] = pd.Series(
            filled, index=tracks.index, dtype=float if values.dtype == float else object
        )
    return tracks.assign(**columns)


def _texts(tracks: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of texts, "" where missing."""
    return (
        tracks[column].fillna("").astype(str)
        if column in tracks
        else pd.Series("", index=tracks.index, dtype=object)
    )
