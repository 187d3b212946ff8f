"""Few-shot genre classification after contrastive pretraining, on tracks that pretraining never saw."""

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from core import store
from core.collection import Collection
from core.collection.sampling import take_rows
from core.config import setting
from core.errors import ConfigError
from core.inputs.input_arrays import Input, read_input
from core.inputs.input_names import parts_of
from core.recipes.contrastive.label_samples import (
    macro_f1,
    predict_labels,
    sample_rows,
    split_rows,
)
from core.recipes.experiment import Experiment, Training
from core.recipes.findings import Cell, Claim, Column, Figure, Findings, Row, Series, Table
from core.recipes.recipe import Recipe
from core.scoring.statistics.multiple_tests import holm
from core.scoring.statistics.paired_tests import t_test_above
from core.scoring.statistics.t_interval import interval_of
from core.store.hashing.source import source_hash
from core.training.fit import fit_model

BASELINE = "No pretraining"
METHODS = {"1-text": "1-Text", "is": "IS", "scl": "SCL", "stl": "STL", "smm": "SMM"}
COUNTS = (48, 160, 400, 800, 1600, 3200)
PUBLISHED = {
    BASELINE: (0.08, 0.21, 0.27, 0.26, 0.32, 0.35),
    "1-Text": (0.35, 0.41, 0.44, 0.45, 0.43, 0.41),
    "IS": (0.25, 0.42, 0.40, 0.45, 0.45, 0.45),
    "SCL": (0.33, 0.32, 0.37, 0.44, 0.46, 0.52),
    "STL": (0.15, 0.25, 0.27, 0.29, 0.33, 0.36),
    "SMM": (0.31, 0.37, 0.40, 0.40, 0.44, 0.44),
}
"""Macro F1 by label count (tables 3 to 6)."""
N_SHUFFLES = 20
LEAST_TEST = 10


@dataclass(frozen=True)
class FewShot(Recipe):
    """Macro F1 of a genre classifier on a pretrained audio tower, against the number of labelled tracks.

    Half of the labelled tracks are for pretraining (without their labels), the other half for the classifier;
    a fixed fifth of these is the test set, stratified by label, as are the training samples, of which each
    seed draws its own. Differences to no pretraining are tested over seeds by one-sided paired t-tests with
    Holm's correction for all cells.

    References
    ----------
    Sideras, Multimodal Pretraining for Music Audio, sections 4.3 and 5, tables 3 to 6.
    """

    name: ClassVar[str] = "few-shot"
    quick: ClassVar[dict[str, Any]] = {
        "seeds": 2,
        "objectives": ("scl",),
        "counts": (20, 40),
        "pretraining_epochs": 2,
        "epochs": 2,
        "reads": "musicnn+passages",
    }

    reads: str = setting(
        "clip-270+passages",
        title="Input",
        help="Audio and text of the towers: clip-270+passages (the paper's 270 s), clip+passages, "
        "musicnn+passages.",
        advanced=False,
    )
    objectives: tuple[str, ...] = setting(
        tuple(METHODS), title="Objectives", help="1-text, is, scl, stl, smm; joined by commas."
    )
    counts: tuple[int, ...] = setting(
        COUNTS, low=2, title="Label counts", help="Those that the collection doesn't have are left out."
    )
    pretraining_epochs: int = setting(30, low=1, title="Pretraining epochs", help="Of the towers.")
    epochs: int = setting(30, low=1, title="Epochs", help="Of the classifier.")
    test_share: float = setting(
        0.206, above=0, below=1, title="Test share", help="Of the classifier's half; 1,038 of 5,038 there."
    )

    def run(self, experiment: Experiment) -> Findings:
        """Return the table of macro F1, its line plot and its box plot."""
        collection = experiment.collection
        pretraining, training, test = split_rows(collection.labels(), self.test_share, self.seed)
        counts = [count for count in self.counts if count <= len(training)]
        if len(test) < LEAST_TEST or not counts:
            raise ConfigError(
                f"{collection.name} has {len(training)} labelled tracks for the classifier and {len(test)} "
                f"for its test; the smallest count is {min(self.counts)}"
            )
        experiment.plan(1 + len(self.objectives) + len(counts) * (1 + len(self.objectives)))
        data = read_input(
            collection, parts_of(self.reads)["audio"], progress=experiment.step("reading audio")
        )
        starts = {BASELINE: ""} | {
            METHODS[name]: self._pretrain(experiment, pretraining, name) for name in self.objectives
        }
        scores: dict[tuple[str, int], list[dict]] = {}
        for count in counts:
            for method, start in starts.items():
                experiment.step(f"{method}, {count} labels")
                scores[method, count] = [
                    self._score(collection, data, start, training, test, count, seed)
                    for seed in range(self.seed, self.seed + self.seeds)
                ]
        return Findings(
            (self._table(scores, list(starts), counts, len(test)),),
            _draw(scores, list(starts), counts),
            _claims(scores, counts),
        )

    def _pretrain(self, experiment: Experiment, rows: np.ndarray, objective: str) -> str:
        """Return the checkpoint of towers that were trained on some rows."""
        part = dataclasses.replace(experiment, collection=take_rows(experiment.collection, rows))
        settings = (
            ("objective", objective),
            ("epochs", str(self.pretraining_epochs)),
            ("seed", str(self.seed)),
        )
        progress = experiment.step(f"pretraining {METHODS[objective]}")
        return part.train(Training("contrastive", self.reads, settings), progress)

    def _score(
        self,
        collection: Collection,
        data: Input,
        start: str,
        training: np.ndarray,
        test: np.ndarray,
        count: int,
        seed: int,
    ) -> dict:
        """Return macro F1 on the test rows after training with ``count`` labels, and its control."""
        labels = collection.labels()
        rows = sample_rows(labels, training, count, seed)
        settings = {"epochs": str(self.epochs), "seed": str(seed)} | ({"start": start} if start else {})
        key = store.key_of(
            data.key, labels, rows, test, settings, source_hash(fit_model, predict_labels, macro_f1)
        )

        def make() -> dict:
            names = sorted({labels[row] for row in training})
            numbers = np.array([names.index(labels[row]) for row in rows])
            model, _ = fit_model(
                "genre-head",
                data.take(rows)["x"],
                input_extractor=data.details,
                labels=numbers,
                label_names=names,
                settings=settings,
            )
            truth = np.array([names.index(labels[row]) for row in test])
            predicted = predict_labels(model, data.take(test)["x"])
            rng = np.random.default_rng(seed)
            shuffled = [macro_f1(rng.permutation(truth), predicted) for _ in range(N_SHUFFLES)]
            return {"f1": macro_f1(truth, predicted), "control": float(np.mean(shuffled))}

        return store.cached("scores", key, make)

    def _table(
        self, scores: dict[tuple[str, int], list[dict]], methods: list[str], counts: list[int], n_test: int
    ) -> Table:
        """Return macro F1 by method and label count."""
        values = {key: np.array([one["f1"] for one in found]) for key, found in scores.items()}
        p_values = {
            (method, count): t_test_above(values[method, count] - values[BASELINE, count])
            for method in methods
            if method != BASELINE
            for count in counts
        }
        adjusted = holm(p_values)
        rows = []
        for method in methods:
            cells = {}
            for count in counts:
                sample = values[method, count]
                published = dict(zip(COUNTS, PUBLISHED[method])).get(count)
                cells[str(count)] = Cell(
                    float(sample.mean()),
                    interval_of(sample) if len(sample) > 1 else None,
                    float(np.mean([one["control"] for one in scores[method, count]])),
                    published,
                    adjusted.get((method, count), 1.0) < 0.05,
                )
            rows.append(Row(method, "", cells, n_test, self.seeds))
        columns = tuple(Column(str(count), f"{count} labels", True) for count in counts)
        data = "3,200 to 48 of 4,000 songs in 7 genres, test on 1,038"
        return Table("macro-f1", "Macro F1 against labelled tracks", columns, tuple(rows), data, BASELINE)


def _draw(
    scores: dict[tuple[str, int], list[dict]], methods: list[str], counts: list[int]
) -> tuple[Figure, ...]:
    """Return macro F1 against label count, and its distribution at the most labels."""
    lines = tuple(
        Series(
            method, list(counts), [float(np.mean([one["f1"] for one in scores[method, c]])) for c in counts]
        )
        for method in methods
    )
    boxes = tuple(Series(method, [], [one["f1"] for one in scores[method, counts[-1]]]) for method in methods)
    return (
        Figure("lines", "Macro F1 (figure 12)", "lines", "labelled tracks", "macro F1", lines, log_x=True),
        Figure("boxes", f"Macro F1 with {counts[-1]} labels over seeds", "boxes", "", "macro F1", boxes),
    )


def _claims(scores: dict[tuple[str, int], list[dict]], counts: list[int]) -> tuple[Claim, ...]:
    """Return whether supervised contrastive pretraining is above none at the fewest labels."""
    if ("SCL", counts[0]) not in scores:
        return ()
    values = {
        name: float(np.mean([one["f1"] for one in scores[name, counts[0]]])) for name in ("SCL", BASELINE)
    }
    figures = {"labels": counts[0], "scl": values["SCL"], "without": values[BASELINE]}
    return (Claim("pretraining-helps-few", values["SCL"] > values[BASELINE], figures),)
