"""Captions and lyrics that were made here: which they are, setting them, and keeping them when a source is read again."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

TABLE = "table"
"""What a text is from (``caption_from``, ``lyrics_from``) that came with the source."""

WRITTEN: dict[str, dict[str, object]] = {
    "lyrics": {"lyrics_language": "", "lyrics_confidence": np.nan},
    "caption": {},
}
"""The texts that can be made here, each with the columns that stand beside it and what those hold where nothing is known.

Lyrics come first: a caption is about them, so it is kept where they were."""


def is_from_source(origin: str) -> bool:
    """Tell whether a text came with the source: "table", or "table: …" where the source itself says what wrote it."""
    return origin == TABLE or origin.startswith(f"{TABLE}: ")


def is_made_here(origin: str) -> bool:
    """Tell whether a text was made here."""
    return bool(origin) and not is_from_source(origin)


def mark_source(tracks: pd.DataFrame) -> pd.DataFrame:
    """Return tracks that were just read with their own word of what their texts are from marked as the source's."""
    for column in (f"{name}_from" for name in WRITTEN):
        if column in tracks:
            said = tracks[column].fillna("").astype(str)
            tracks = tracks.assign(
                **{
                    column: [
                        word if not word or is_from_source(word) else f"{TABLE}: {word}" for word in said
                    ]
                }
            )
    return tracks


def origins_of(tracks: pd.DataFrame, column: str) -> np.ndarray:
    """Return where each track's text is from: "" (there is none), "table" (the source), or what made it here.

    Parameters
    ----------
    column : str
        One of :data:`WRITTEN`.
    """
    said = f"{column}_from"
    made = tracks[said].fillna("").to_numpy(object) if said in tracks else np.full(len(tracks), "", object)
    has_one = _texts(tracks, column).str.strip().to_numpy(object) != ""
    return np.where(has_one, np.where(made == "", TABLE, made), "").astype(object)


def set_written(
    tracks: pd.DataFrame, column: str, made: Mapping[str, Mapping[str, object]], origin: str
) -> pd.DataFrame:
    """Return the tracks with texts that were made here; one that came with the source is never replaced.

    Parameters
    ----------
    made : mapping
        By track id: the text under the name of ``column``, and what stands beside it under its names. An
        empty text takes away one that was made here before.
    origin : str
        What made them.
    """
    origins = origins_of(tracks, column)
    cells = {
        row: {**made[i], f"{column}_from": origin if made[i][column] else ""}
        for row, i in enumerate(tracks["track_id"])
        if i in made and not is_from_source(origins[row])
    }
    return _put(tracks, column, origins, cells)


def carry_written(fresh: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Give tracks that were read again the texts that were made for them before.

    A text goes along where the track is the same and the source brings none of its own; a caption only where
    the lyrics are the same, too: about other words it would be wrong.
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
            before = known.get(track_id)
            if before and not origins[row] and (column == "lyrics" or before["lyrics"] == lyrics):
                cells[row] = {name: before[name] for name in given}
        fresh = _put(fresh, column, origins, cells)
    return fresh


def _put(
    tracks: pd.DataFrame, column: str, origins: np.ndarray, cells: Mapping[int, Mapping[str, object]]
) -> pd.DataFrame:
    """Return the tracks with a text, its origin and what stands beside it, by row; the other rows keep theirs."""
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
    """Return a column of texts, "" where there is none."""
    return (
        tracks[column].fillna("").astype(str)
        if column in tracks
        else pd.Series("", index=tracks.index, dtype=object)
    )
