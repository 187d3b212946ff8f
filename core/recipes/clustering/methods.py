"""The methods of a clustering table: each is represented, clustered, scored and compared with one of them."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.errors import SongscapeError
from core.pipeline.choice import Choice
from core.pipeline.comparison import comparable_kinds, compare_scores
from core.pipeline.layouts import layout
from core.pipeline.space import Space, build_space
from core.pipeline.stages import count_clusters, find_clusters, score_fully, settle_k, truth_of
from core.projection import projection_spec
from core.recipes.experiment import Experiment, Training, colour_groups
from core.recipes.findings import (
    COLLAPSED,
    SEES_LABELS,
    Cell,
    Column,
    Figure,
    Row,
    Series,
    Table,
    metric_columns,
)
from core.scoring.metric_specs import METRICS
from core.scoring.statistics.multiple_tests import holm

PUBLISHED, DEFAULTS = "as published", "defaults"
"""Variants: the configuration of the paper, and that of this project."""
ALPHA = 0.05
N_CLUSTERS = Column("n_clusters", "Clusters")


@dataclass(frozen=True)
class Method:
    """A row of a clustering table.

    Attributes
    ----------
    name, variant : str
    audio, text : str, Training or None
        Representations; None: not used.
    choice : dict
        Fields of :class:`core.pipeline.choice.Choice` besides those.
    published : dict
        The paper's value by metric.
    """

    name: str
    variant: str = ""
    audio: str | Training | None = None
    text: str | Training | None = None
    choice: dict[str, Any] = field(default_factory=dict)
    published: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Scored:
    """A method with its space, clusters of the first seed, and scores; ``error`` where it could not run."""

    method: Method
    choice: Choice | None = None
    space: Space | None = None
    labels: np.ndarray | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    error: str = ""

    @property
    def label(self) -> str:
        """Name and variant."""
        return f"{self.method.name}, {self.method.variant}" if self.method.variant else self.method.name


def score_methods(
    experiment: Experiment, methods: Sequence[Method], *, seeds: int, seed: int
) -> list[Scored]:
    """Train, represent, cluster and score each method; one that can't run is kept with the reason."""
    return [_score_method(experiment, method, seeds, seed) for method in methods]


def _score_method(experiment: Experiment, method: Method, seeds: int, seed: int) -> Scored:
    """Score one method."""
    progress = experiment.step(" ".join(filter(None, (method.name, method.variant))))
    try:
        audio = experiment.represent(method.audio, progress)
        text = experiment.represent(method.text, progress)
        choice = settle_choice(method, audio, text, seed)
        space = build_space(experiment.collection, choice, progress)
        choice = settle_k(space, choice, progress)
        labels = find_clusters(space, choice, progress)
        figures = score_fully(experiment.collection, space, choice, n_seeds=seeds, progress=progress)
    except SongscapeError as reason:
        return Scored(method, error=str(reason))
    marks = [SEES_LABELS] if space.sees_labels else []
    marks += [COLLAPSED] if experiment.is_collapsed(audio, text) else []
    return Scored(method, choice, space, labels, figures, tuple(marks))


def settle_choice(method: Method, audio: str | None, text: str | None, seed: int) -> Choice:
    """Return the choice of a method."""
    given: dict[str, Any] = {"projection": "pca", "seed": seed} | method.choice
    return Choice(audio=audio, text=text, **given)


def make_table(
    experiment: Experiment,
    scored: Sequence[Scored],
    *,
    key: str,
    title: str,
    metrics: Sequence[str],
    published_on: str = "",
    compared_with: str = "",
    seeds: int = 5,
) -> Table:
    """Return the table of scored methods.

    Every row is tested against the row ``compared_with`` (name, or name and variant) by paired resampling of
    the same tracks, in the metrics that both share; p-values are corrected for all tests of the table (Holm).
    """
    columns = (N_CLUSTERS, *metric_columns(*metrics))
    better = _find_better(experiment, scored, compared_with, metrics, seeds)
    rows = tuple(_make_row(one, metrics, better) for one in scored)
    return Table(key, title, columns, rows, published_on, compared_with)


def _make_row(scored: Scored, metrics: Sequence[str], better: set[tuple[str, str]]) -> Row:
    """Return one row."""
    method, figures = scored.method, scored.figures
    if scored.space is None or scored.labels is None:
        cells = {name: Cell(None, published=method.published.get(name)) for name in metrics}
        return Row(method.name, method.variant, cells, note=scored.error)
    cells = {"n_clusters": Cell(count_clusters(scored.labels), published=method.published.get("n_clusters"))}
    for name in metrics:
        bounds = figures["intervals"].get(name)
        cells[name] = Cell(
            figures["scores"].get(name),
            tuple(bounds) if bounds else None,
            figures["control"].get(name),
            method.published.get(name),
            (scored.label, name) in better,
        )
    n = len(scored.space.rows)
    return Row(method.name, method.variant, cells, n, figures["seeds"], scored.marks)


def _find_better(
    experiment: Experiment, scored: Sequence[Scored], name: str, metrics: Sequence[str], seeds: int
) -> set[tuple[str, str]]:
    """Return (label, metric) of the values that are better than the compared row's, after correction."""
    base = next((one for one in scored if name in (one.label, one.method.name) and one.space), None)
    if base is None or base.space is None or base.choice is None:
        return set()
    differences, p_values = {}, {}
    for one in scored:
        if one is base or one.space is None or one.choice is None:
            continue
        sides = (one.space, one.choice), (base.space, base.choice)
        if not comparable_kinds(*sides):
            continue
        found = compare_scores(experiment.collection, *sides, n_seeds=seeds)
        for metric in set(metrics) & set(found["difference"]):
            differences[one.label, metric] = found["difference"][metric]
            p_values[one.label, metric] = found["p_values"][metric]
    sign = {metric: 1 if METRICS[metric].larger_is_better else -1 for metric in metrics}
    adjusted = holm(p_values)
    return {
        key
        for key, difference in differences.items()
        if adjusted[key] < ALPHA and difference * sign[key[1]] > 0
    }


def draw_maps(
    experiment: Experiment, scored: Sequence[Scored], *, projection: str, by: Sequence[str], title: str
) -> list[Figure]:
    """Return a map per method and colouring: "label", "cluster" or a column of the tracks."""
    figures = []
    title_of = projection_spec(projection).title.partition(" (")[0]
    for one in scored:
        if one.space is None or one.choice is None or one.labels is None:
            continue
        positions = layout(
            experiment.collection, one.space, dataclasses.replace(one.choice, projection=projection)
        )
        for colouring in by:
            names = _names_by(experiment, one, colouring)
            if names is None:
                continue
            series = tuple(
                Series(name or "unknown", positions[rows, 0].tolist(), positions[rows, 1].tolist())
                for name, rows in colour_groups(names)
            )
            key = f"{one.label}-{projection}-{colouring}".lower().replace(" ", "-").replace(",", "")
            figures.append(
                Figure(
                    key,
                    f"{title}: {one.label}, by {colouring}",
                    "scatter",
                    f"{title_of} 1",
                    f"{title_of} 2",
                    series,
                )
            )
    return figures


def _names_by(experiment: Experiment, scored: Scored, colouring: str) -> list[str] | None:
    """Return what colours each track; None where nothing is known."""
    assert scored.space is not None and scored.labels is not None
    if colouring == "cluster":
        return [f"{label}" if label >= 0 else "no cluster" for label in scored.labels]
    if colouring == "label":
        return truth_of(experiment.collection, scored.space)
    tracks = experiment.collection.tracks
    if colouring not in tracks:
        return None
    return list(tracks[colouring].iloc[scored.space.rows].astype(str))


def draw_losses(experiment: Experiment, scored: Sequence[Scored], *, title: str) -> list[Figure]:
    """Return the training curves of each trained method: every part of the loss over epochs."""
    figures: list[Figure] = []
    drawn = set()
    for one in scored:
        for rep in (one.choice.audio, one.choice.text) if one.choice else ():
            rows = experiment.history(rep)
            if not rows or rep in drawn:
                continue
            drawn.add(rep)
            parts = [name for name in rows[0] if name.startswith("train_")]
            series = tuple(
                Series(
                    name.removeprefix("train_"),
                    [row["epoch"] for row in rows],
                    [row[name] for row in rows],
                )
                for name in parts
            )
            key = f"losses-{len(figures) + 1}"
            figures.append(Figure(key, f"{title}: {one.label}", "lines", "epoch", "loss", series))
    return figures
