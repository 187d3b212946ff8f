"""Join a folder of audio files to the rows of a table."""

from pathlib import Path

import pandas as pd

from core.collection.problem import Problem
from core.collection.sources.folder import read_folder
from core.collection.tables.join import best_key
from core.progress import Progress

TAG_COLUMNS = ("artist", "lyrics", "language", "genres", "genre")
"""Columns that a file's tags fill where the table has no value."""


def join_audio(
    sheet: pd.DataFrame,
    tracks: pd.DataFrame,
    *,
    table: Path,
    audio: str | Path,
    on: str | None,
    progress: Progress,
) -> tuple[pd.DataFrame, list[Problem], dict]:
    """Assign to each row the audio file that its key names.

    Parameters
    ----------
    sheet : DataFrame
        The table as read.
    tracks : DataFrame
        Its tracks, in the same order.
    table : Path
        The table's file, for errors.
    audio : path
        The folder of the audio files.
    on : str, optional
        The column that names the audio file.

    Returns
    -------
    tracks : DataFrame
        With ``path``, ``duration_s`` and ``sound_file``; the file's id, unless rows share the file; and tags
        where the table has no value.
    problems : list of Problem
    counts : dict
    """
    files, problems, counts = read_folder(audio, progress)
    key, match = best_key(sheet, files, table, on)
    tracks, has_file = tracks.copy(), match.target >= 0
    joined = files.iloc[match.target[has_file]].set_index(tracks.index[has_file])
    shared = joined["track_id"].duplicated(keep=False).to_numpy()
    tracks["path"] = joined["path"].reindex(tracks.index).fillna("")
    tracks["duration_s"] = joined["duration_s"].reindex(tracks.index)
    # Not ``file``, which holds the row's own key: another table may be joined by that.
    tracks["sound_file"] = joined["file"].reindex(tracks.index).fillna("")
    tracks.loc[tracks.index[has_file][~shared], "track_id"] = joined["track_id"].to_numpy()[~shared]
    tracks = _fill_from_tags(tracks, joined)
    return (
        tracks,
        problems,
        {
            "folder": str(audio),
            "on": key,
            "matched_by": match.by,
            "n_files": counts["n_files"],
            "rows_with_sound": int(has_file.sum()),
            "rows_without_sound": int((~has_file).sum()),
            "rows_naming_several_files": int(match.ambiguous.sum()),
            "files_without_row": int(len(files) - len(set(match.target[has_file]))),
            "rows_sharing_a_file": int(shared.sum()),
        },
    )


def _fill_from_tags(tracks: pd.DataFrame, joined: pd.DataFrame) -> pd.DataFrame:
    """Return the tracks with empty cells filled from the tags of their files."""
    for column in TAG_COLUMNS:
        old = tracks[column] if column in tracks else pd.Series("", index=tracks.index)
        new = joined[column].reindex(tracks.index).fillna("")
        if column == "genres" and "genre" in tracks:  # the table's one genre goes before several of the tags
            new = new.where(tracks["genre"] == "", "")
        tracks[column] = old.where(old != "", new)
    if not (tracks["title_from"] == "table").any():
        from_tags = (joined["title_from"] == "tags").reindex(tracks.index, fill_value=False)
        titles = joined["title"].reindex(tracks.index)
        tracks["title"] = titles.where(from_tags, tracks["title"])
        tracks["title_from"] = tracks["title_from"].mask(from_tags, "tags")
    return tracks
