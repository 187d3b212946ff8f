"""What a recipe finds: tables, figures and claims, as data that pages, reports and exports render."""

from dataclasses import dataclass, field
from typing import Any, Literal

from core.scoring.metric_specs import METRICS, REPRESENTATION

SEES_LABELS = "sees labels"
COLLAPSED = "collapsed"
HOLM, BY_INTERVAL = "holm", "interval"
"""What makes a cell better: p < 0.05 after Holm's correction, or a 95 % interval that excludes 0."""


@dataclass(frozen=True)
class Cell:
    """One measured number of a table.

    Attributes
    ----------
    value : float or None
        Mean over seeds or folds; None where it is undefined.
    interval : (float, float) or None
        95 %; None where the spread is unknown.
    control : float or None
        The same measure with shuffled labels, or without structure.
    published : float or None
        The paper's number.
    is_better : bool
        Better than the row that the table compares with, by the table's test.
    """

    value: float | None
    interval: tuple[float, float] | None = None
    control: float | None = None
    published: float | None = None
    is_better: bool = False


@dataclass(frozen=True)
class Row:
    """A method of a table.

    Attributes
    ----------
    name, variant : str
        The method, and its configuration ("as published", "defaults"), "" where there is one.
    cells : dict of Cell
        By column.
    n : int or None
        Number of tracks.
    seeds : int
        Runs that the values are means of.
    marks : tuple of str
        :data:`SEES_LABELS`, :data:`COLLAPSED`.
    note : str
        Why a row has no numbers; "" otherwise.
    """

    name: str
    variant: str
    cells: dict[str, Cell]
    n: int | None = None
    seeds: int = 1
    marks: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table: key, title, and whether larger is better (None: neither)."""

    key: str
    title: str
    larger_is_better: bool | None = None


@dataclass(frozen=True)
class Table:
    """A table of a run.

    Attributes
    ----------
    key, title : str
        The title names the table of the paper.
    published_on : str
        The data of the published numbers; "" for none.
    compared_with : str
        Name of the row that the others are tested against; "" for none.
    test : str
        :data:`HOLM` or :data:`BY_INTERVAL`.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    published_on: str = ""
    compared_with: str = ""
    test: str = HOLM


@dataclass(frozen=True)
class Series:
    """A named series of a figure: x and y of equal length, or an image in ``y`` (rows of numbers)."""

    name: str
    x: list[Any]
    y: list[Any]


Kind = Literal["scatter", "lines", "bars", "boxes", "image"]


@dataclass(frozen=True)
class Figure:
    """A figure of a run, as numbers.

    Attributes
    ----------
    key, title : str
        The title names the figure of the paper.
    kind : str
        scatter (points coloured by series), lines, bars (grouped by series), boxes (the distribution of y at
        each x), image (one series).
    log_x : bool
        Whether the x axis is logarithmic.
    """

    key: str
    title: str
    kind: Kind
    x_title: str
    y_title: str
    series: tuple[Series, ...]
    log_x: bool = False


@dataclass(frozen=True)
class Claim:
    """A published claim, and whether the numbers measured here agree with it.

    Attributes
    ----------
    key : str
        See :mod:`core.messages.recipe_messages` for its sentence.
    holds : bool or None
        None where the numbers don't decide it.
    figures : dict
        The numbers that decide it.
    """

    key: str
    holds: bool | None
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Findings:
    """Everything that a run found."""

    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    claims: tuple[Claim, ...] = ()


def metric_columns(*names: str) -> tuple[Column, ...]:
    """Return the columns of registered metrics."""
    metrics = METRICS | REPRESENTATION
    return tuple(Column(name, metrics[name].title, metrics[name].larger_is_better) for name in names)


def findings_of(run: dict) -> Findings:
    """Return the findings of a stored run, which holds their :func:`dataclasses.asdict`."""
    return Findings(
        tuple(_read_table(table) for table in run["tables"]),
        tuple(
            Figure(**{**figure, "series": tuple(Series(**series) for series in figure["series"])})
            for figure in run["figures"]
        ),
        tuple(Claim(**claim) for claim in run["claims"]),
    )


def _read_table(table: dict) -> Table:
    """Return a stored table."""
    rows = tuple(
        Row(
            **{
                **row,
                "marks": tuple(row["marks"]),
                "cells": {key: _read_cell(cell) for key, cell in row["cells"].items()},
            }
        )
        for row in table["rows"]
    )
    return Table(**{**table, "columns": tuple(Column(**c) for c in table["columns"]), "rows": rows})


def _read_cell(cell: dict) -> Cell:
    """Return a stored cell."""
    return Cell(**{**cell, "interval": tuple(cell["interval"]) if cell["interval"] else None})
