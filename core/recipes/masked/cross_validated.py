"""Tables of cross-validated genre classifiers, tested against one of them over folds."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core.recipes.experiment import Experiment, Training
from core.recipes.findings import Cell, Column, Row, Table
from core.scoring.statistics.multiple_tests import holm
from core.scoring.statistics.paired_tests import wilcoxon_above
from core.scoring.statistics.t_interval import interval_of

METRICS = ("accuracy", "f1", "mean_average_precision")
TITLES = {"accuracy": "Accuracy", "f1": "F1", "mean_average_precision": "mAP"}
PRESETS = ("published", "published-small", "tiny")


@dataclass(frozen=True)
class Classifier:
    """A row: a training with folds, and the paper's values in percent (accuracy, F1, mAP)."""

    name: str
    training: Training
    published: tuple[float, ...] = ()
    variant: str = ""


@dataclass(frozen=True)
class Validated:
    """A classifier with the result of its cross-validation."""

    classifier: Classifier
    folds: dict = field(default_factory=dict)

    def values(self, metric: str) -> np.ndarray:
        """Return a metric per fold, nan where it is undefined."""
        return np.array([np.nan if row[metric] is None else row[metric] for row in self.folds["rows"]])


def validate_each(experiment: Experiment, classifiers: Sequence[Classifier]) -> list[Validated]:
    """Pretrain where a row asks for it, and cross-validate every classifier."""
    found = []
    for one in classifiers:
        progress = experiment.step(" ".join(filter(None, (one.name, one.variant))))
        rep = experiment.train(one.training, progress)
        found.append(Validated(one, experiment.folds(rep)))
    return found


def make_fold_table(
    validated: Sequence[Validated], *, key: str, title: str, published_on: str, compared_with: str = ""
) -> Table:
    """Return the table of means over folds.

    Where ``compared_with`` names a row, the others have the p-value of a one-sided Wilcoxon signed-rank test
    that this row is above them, for each metric apart; an asterisk marks what is *below* it after Holm's
    correction for all tests of the table. With K folds no p is below 1 / 2^K.
    """
    base = next((one for one in validated if one.classifier.name == compared_with), None)
    p_values = {
        (one.classifier.name, one.classifier.variant, metric): above(base.values(metric), one.values(metric))
        for one in validated
        for metric in METRICS
        if base is not None and one is not base
    }
    adjusted = holm(p_values)
    rows = []
    for one in validated:
        name, variant = one.classifier.name, one.classifier.variant
        cells = {metric: _cell(one, position) for position, metric in enumerate(METRICS)}
        for metric in METRICS:
            if (name, variant, metric) in p_values:
                cells[f"p_{metric}"] = Cell(p_values[name, variant, metric])
                cells[f"holm_{metric}"] = Cell(adjusted[name, variant, metric])
        n = sum(row["n_tracks"] for row in one.folds["rows"])
        rows.append(Row(name, variant, cells, n, one.folds["n_folds"]))
    columns = [Column(metric, TITLES[metric], True) for metric in METRICS]
    if base is not None:
        columns += [Column(f"p_{metric}", f"p ({TITLES[metric]})") for metric in METRICS]
        columns += [Column(f"holm_{metric}", f"p, Holm ({TITLES[metric]})") for metric in METRICS]
    return Table(key, title, tuple(columns), tuple(rows), published_on)


def _cell(one: Validated, position: int) -> Cell:
    """Return the mean of a metric over folds, with its interval, control and published value."""
    metric, values = METRICS[position], one.values(METRICS[position])
    known = values[np.isfinite(values)]
    published = one.classifier.published
    return Cell(
        float(known.mean()) if len(known) else None,
        interval_of(known) if len(known) > 1 else None,
        one.folds["control"][metric],
        published[position] / 100 if published else None,
    )


def above(first: np.ndarray, second: np.ndarray) -> float:
    """Return the exact one-sided p-value of ``first`` above ``second`` over folds where both are defined."""
    differences = first - second
    return wilcoxon_above(differences[np.isfinite(differences)], "exact")


def smallest_p(n_folds: int) -> float:
    """Return the smallest p-value that the test can give with this number of folds."""
    return 0.5**n_folds
