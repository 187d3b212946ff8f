"""New and removed tracks after reading a source again."""

from pathlib import PurePath

import pandas as pd

EXAMPLES = 5
"""Most tracks that are listed by name."""


def changes_between(before: pd.DataFrame, after: pd.DataFrame) -> dict:
    """Compare the tracks of a collection before and after its source was read again.

    Parameters
    ----------
    before, after : DataFrame
        With ``track_id``, and ``path`` or ``title`` to name tracks by. A file that was moved keeps its id.

    Returns
    -------
    dict
        ``n_new, n_gone``, and up to :data:`EXAMPLES` names of each: ``new, gone``.
    """
    new = after[~after["track_id"].isin(before["track_id"])]
    gone = before[~before["track_id"].isin(after["track_id"])]
    return {
        "n_new": len(new),
        "n_gone": len(gone),
        "new": _names(new.head(EXAMPLES)),
        "gone": _names(gone.head(EXAMPLES)),
    }


def _names(tracks: pd.DataFrame) -> list[str]:
    """Name tracks by their file, else by their title."""
    paths, titles = (tracks[c] if c in tracks else [""] * len(tracks) for c in ("path", "title"))
    return [PurePath(path).name or title or "Untitled" for path, title in zip(paths, titles, strict=True)]
