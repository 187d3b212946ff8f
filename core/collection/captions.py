"""Captions that were written here: which they are, setting them, and keeping them when a source is read again."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

TABLE = "table"
"""``caption_from`` of a caption that came with the source."""


def is_from_source(origin: str) -> bool:
    """Tell whether a caption came with the source: "table", or "table: …" where the source itself says what wrote it."""
    return origin == TABLE or origin.startswith(f"{TABLE}: ")


def mark_source(tracks: pd.DataFrame) -> pd.DataFrame:
    """Return tracks that were just read with their own word of ``caption_from`` marked as the source's."""
    if "caption_from" not in tracks:
        return tracks
    said = tracks["caption_from"].fillna("").astype(str)
    return tracks.assign(caption_from=[word if not word or is_from_source(word) else f"{TABLE}: {word}" for word in said])


def caption_origins(tracks: pd.DataFrame) -> np.ndarray:
    """Return where each track's caption is from: "" (there is none), "table" (the source), or what wrote it here."""
    written = tracks["caption_from"].fillna("").to_numpy(object) if "caption_from" in tracks else np.full(len(tracks), "", object)
    has_one = tracks["caption"].fillna("").str.strip().to_numpy(object) != ""
    return np.where(has_one, np.where(written == "", TABLE, written), "").astype(object)


def set_captions(tracks: pd.DataFrame, captions: Mapping[str, str], caption_from: str) -> pd.DataFrame:
    """Return the tracks with captions by track id; one that came with the source is never replaced."""
    origins, texts = caption_origins(tracks), tracks["caption"].to_numpy(object).copy()
    for row, track_id in enumerate(tracks["track_id"]):
        if track_id in captions and not is_from_source(origins[row]):
            texts[row], origins[row] = captions[track_id], caption_from
    return tracks.assign(caption=texts, caption_from=origins)


def carry_captions(fresh: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Give tracks that were read again the captions that were written for them before.

    A caption goes along where the track and its lyrics are the same and the source brings none of its own; about other
    words it would be wrong.
    """
    origins = caption_origins(earlier)
    written = np.array([origin != "" and not is_from_source(origin) for origin in origins], bool)
    if not written.any():
        return fresh
    rows = earlier[written].assign(caption_from=origins[written])
    known = {row["track_id"]: row for row in rows[["track_id", "lyrics", "caption", "caption_from"]].to_dict("records")}
    if "caption" not in fresh:
        fresh = fresh.assign(caption="")
    lyrics = fresh["lyrics"].fillna("") if "lyrics" in fresh else pd.Series("", index=fresh.index)
    texts, origins = fresh["caption"].fillna("").to_numpy(object).copy(), caption_origins(fresh)
    for row, (track_id, words) in enumerate(zip(fresh["track_id"], lyrics)):
        before = known.get(track_id)
        if before and before["lyrics"] == words and not origins[row]:
            texts[row], origins[row] = before["caption"], before["caption_from"]
    return fresh.assign(caption=texts, caption_from=origins)
