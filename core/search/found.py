"""Results of a search: ranked tracks, the reason for each, and a report of what was searched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from core.collection import Collection


class Match(NamedTuple):
    """The reason that a track was found.

    Attributes
    ----------
    kind : str
        "name" (title or artist), "field" (a text), "similar" (to a track), "contrastive" or "clap" (a
        two-tower model), or "none".
    source : str
        What matched: "title", "artist" or "title and artist"; the field; the modality; "audio" or "table".
    is_exact : bool
        Whether the name equals the phrase.
    quote : str
        The text that matched.
    """

    kind: str
    source: str = ""
    is_exact: bool = False
    quote: str = ""


class Skipped(NamedTuple):
    """A text field that was left out because computing it would take long."""

    field: str
    rep: str = ""
    n_missing: int = 0


@dataclass(frozen=True)
class SearchReport:
    """What was searched, and by which model.

    Attributes
    ----------
    kind : str
        "text", "similar", "contrastive" or "clap".
    model : str
        The text encoder, the two-tower model, or the representations.
    sources : tuple of str
        The text fields; of the other kinds the modality, or "table".
    fusion : str
        The fusion of a search by similarity in the fused space.
    is_script_supported : bool
        Whether the text encoder was trained on the script of the phrase.
    has_name_matches : bool
        Whether tracks whose title or artist matches come first.
    is_tied : bool
        Whether all results have the same score.
    skipped : tuple of Skipped
    recall : float
        Share of the nearest tracks that the search finds, measured on a sample; 1 where all are compared.
    """

    kind: str
    model: str
    sources: tuple[str, ...]
    fusion: str = ""
    is_script_supported: bool = True
    has_name_matches: bool = False
    is_tied: bool = False
    skipped: tuple[Skipped, ...] = ()
    recall: float = 1.0


@dataclass(frozen=True, eq=False)
class Found:
    """Result of a search.

    Attributes
    ----------
    table : DataFrame
        ``track_id, title, artist, score``, best first. ``score`` is a cosine, 1 for a matching name.
    matches : list of Match
        The reason for each row.
    report : SearchReport
    rep : str
        The model, as in ``through`` and ``--audio``.
    """

    table: pd.DataFrame
    matches: list[Match]
    report: SearchReport
    rep: str


def rank_tracks(
    collection: Collection,
    scores: np.ndarray,
    matches: Sequence[Match],
    report: SearchReport,
    rep: str,
    *,
    limit: int,
    tie_scores: np.ndarray | None = None,
    name_rows: Iterable[int] = (),
) -> Found:
    """Rank tracks by score, and tracks of equal score by ``tie_scores``.

    Parameters
    ----------
    scores : ndarray, shape=(n_tracks,)
        -inf for tracks to leave out.
    name_rows : iterable of int
        Rows that matched by name; if one of them is among the results, equal scores aren't reported.
    """
    rows = np.flatnonzero(np.isfinite(scores))
    if len(rows) > limit:  # the best, and what is tied with the last of them
        rows = rows[scores[rows] >= np.partition(scores[rows], len(rows) - limit)[len(rows) - limit]]
    ties = np.zeros(len(rows)) if tie_scores is None else -tie_scores[rows]
    order = [int(row) for row in rows[np.lexsort((ties, -scores[rows]))][:limit]]
    ranked = scores[order].astype(float).round(4)
    is_tied = len(ranked) > 1 and np.ptp(ranked) == 0 and not set(order) & set(name_rows)
    table = collection.tracks.iloc[order][["track_id", "title", "artist"]].reset_index(drop=True)
    return Found(
        table.assign(score=ranked), [matches[i] for i in order], replace(report, is_tied=bool(is_tied)), rep
    )
