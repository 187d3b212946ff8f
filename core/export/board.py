"""A board of settings: every score, interval and mark of each saved view, and paired differences to one.

Two views are compared only by metrics that have a common scale: internal ones within one space, external
ones for the same tracks and labels. A row is better where the 95 % interval of the paired difference says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.collection import Collection
from core.errors import Cancelled, SongscapeError
from core.export.saved_view import SavedView
from core.pipeline.choice import Choice
from core.pipeline.comparison import comparable_kinds, compare_scores
from core.pipeline.space import Space, build_space
from core.pipeline.stages import (
    count_clusters,
    find_clusters,
    rank_representations,
    score,
    score_fully,
    settle_k,
)
from core.progress import Progress, silent
from core.recipes.findings import (
    BY_INTERVAL,
    COLLAPSED,
    SEES_LABELS,
    Cell,
    Column,
    Row,
    Table,
    metric_columns,
)
from core.scoring.metric_specs import SHOWN
from core.scoring.statistics.paired_difference import judge_difference

METRICS = SHOWN
"""The columns of a board."""
N_CLUSTERS = Column("n_clusters", "Clusters")


@dataclass(frozen=True)
class BoardRow:
    """A setting with its scores.

    Attributes
    ----------
    name : str
        Of the saved view.
    n_tracks, n_labelled, n_clusters : int
    noise_share : float
        0 to 1.
    seeds : int
        Runs that the scores are means of.
    scores, intervals, control : dict
        By metric: mean over seeds, [low, high], and the value without structure; None where undefined.
    marks : tuple of str
        "sees labels", "collapsed".
    kinds : tuple of {"internal", "external"}
        The kinds of metric that are comparable with the reference row; () for that row itself.
    differences : dict
        By comparable metric: this row minus the reference row.
    difference_intervals : dict
        Paired 95 % interval [low, high] of each difference.
    error : str
        Why there are no scores; "" otherwise.
    """

    name: str
    n_tracks: int = 0
    n_labelled: int = 0
    n_clusters: int = 0
    noise_share: float = 0.0
    seeds: int = 0
    scores: dict[str, Any] = field(default_factory=dict)
    intervals: dict[str, Any] = field(default_factory=dict)
    control: dict[str, Any] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    differences: dict[str, float] = field(default_factory=dict)
    difference_intervals: dict[str, list[float]] = field(default_factory=dict)
    error: str = ""

    def verdict(self, metric: str) -> str:
        """Return "better", "worse", "same" or "unclear" than the reference row; "" if not compared."""
        return judge_difference(metric, self.difference_intervals.get(metric))


@dataclass(frozen=True, eq=False)
class _Side:
    """A row with what it is compared by; no space where it could not be computed."""

    row: BoardRow
    choice: Choice | None = None
    space: Space | None = None


def make_board(
    collection: Collection,
    views: Sequence[SavedView],
    against: str = "",
    *,
    n_seeds: int = 5,
    progress: Progress = silent,
) -> list[BoardRow]:
    """Score saved views of a collection, and compare each with the view ``against`` (by name; "": none).

    A view that can't be computed keeps its row, with the reason.
    """
    sides = []
    for done, view in enumerate(views):
        step = _step(progress, done, 2 * len(views), f"scoring {view.name}")
        sides.append(_score_view(collection, view, n_seeds, step))
    base = next((side for side in sides if side.row.name == against and side.space), None)
    if base is None:
        return [side.row for side in sides]
    rows = []
    for done, side in enumerate(sides, start=len(sides)):
        step = _step(progress, done, 2 * len(views), f"comparing {side.row.name} with {against}")
        rows.append(side.row if side is base else _compare(collection, side, base, n_seeds, step))
    return rows


def board_table(collection: Collection, rows: Sequence[BoardRow], against: str = "") -> Table:
    """Return a board as a table that :mod:`core.export.recipes.table_files` writes as CSV and LaTeX."""
    return Table(
        "board",
        f"Settings on {collection.name}, {collection.n_tracks:,} tracks",
        (N_CLUSTERS, *metric_columns(*METRICS)),
        tuple(map(_make_row, rows)),
        compared_with=against,
        test=BY_INTERVAL,
    )


def _step(progress: Progress, done: int, total: int, note: str) -> Progress:
    """Report a step; return the progress of what it does, which reports the same step."""
    progress(done, total, note)
    return lambda *_, **__: progress(done, total, note)


def _score_view(collection: Collection, view: SavedView, n_seeds: int, progress: Progress) -> _Side:
    """Score one view."""
    try:
        choice = view.read_choice()
        space = build_space(collection, choice, progress)
        choice = settle_k(space, choice, progress)
        labels = find_clusters(space, choice, progress)
        first = score(collection, space, labels, choice.seed, choice.label_by)
        full = score_fully(collection, space, choice, n_seeds=n_seeds, progress=progress)
        ranks = rank_representations(collection, choice, progress).values()
    except Cancelled:
        raise
    except SongscapeError as reason:
        return _Side(BoardRow(view.name, error=str(reason)))
    marks = [SEES_LABELS] if space.sees_labels else []
    marks += [COLLAPSED] if any(rank["is_collapsed"] for rank in ranks) else []
    row = BoardRow(
        view.name,
        first["n_tracks"],
        first["n_labelled"],
        count_clusters(labels),
        first["noise_share"],
        full["seeds"],
        full["scores"],
        full["intervals"],
        full["control"],
        tuple(marks),
    )
    return _Side(row, choice, space)


def _compare(collection: Collection, side: _Side, base: _Side, n_seeds: int, progress: Progress) -> BoardRow:
    """Return a row with its differences to the reference row."""
    if side.space is None or side.choice is None or base.space is None or base.choice is None:
        return side.row
    sides = (side.space, side.choice), (base.space, base.choice)
    found = compare_scores(collection, *sides, n_seeds=n_seeds, progress=progress)
    return replace(
        side.row,
        kinds=comparable_kinds(*sides),
        differences=found["difference"],
        difference_intervals=found["intervals"],
    )


def _make_row(row: BoardRow) -> Row:
    """Return one row of the table."""
    if row.error:
        return Row(row.name, "", {}, note=row.error)
    cells = {"n_clusters": Cell(row.n_clusters)}
    for name in METRICS:
        bounds = row.intervals.get(name)
        cells[name] = Cell(
            row.scores.get(name),
            tuple(bounds) if bounds else None,
            row.control.get(name),
            is_better=row.verdict(name) == "better",
        )
    return Row(row.name, "", cells, row.n_tracks, row.seeds, row.marks)
