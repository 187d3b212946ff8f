"""Retrieval between audio and text of held-out tracks, and labels chosen by their names."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from core.checkpoints.catalogue import get_checkpoint
from core.checkpoints.checkpoint import load_checkpoint
from core.collection.sampling import take_rows
from core.config import setting
from core.errors import ConfigError
from core.inputs.input_arrays import read_input
from core.recipes.experiment import Experiment, Training
from core.recipes.findings import Cell, Claim, Column, Findings, Row, Table
from core.recipes.recipe import Recipe
from core.scoring.ranking import ranks_of, same_rows, unit_rows
from core.search.cross_modal import trained_towers

COLUMNS = (
    Column("recall_1", "Recall@1", True),
    Column("recall_5", "Recall@5", True),
    Column("recall_10", "Recall@10", True),
    Column("median_rank", "Median rank", False),
    Column("map_10", "mAP@10", True),
)
N_SHUFFLES, N_BOOT = 200, 500
LEAST_PAIRS = 10


@dataclass(frozen=True)
class Retrieval(Recipe):
    """Text to audio and audio to text, and labels chosen by their names, on a held-out fifth.

    A track's own text (or audio) is ranked by cosine among those of all held-out tracks; equal texts count as
    its own. The control permutes the pairs. Intervals are bootstraps over queries. A label is predicted
    without training: the one whose name is nearest to the audio.

    References
    ----------
    Sideras, Multimodal Pretraining for Music Audio, section 6.2 (future work).
    """

    name: ClassVar[str] = "retrieval"
    quick: ClassVar[dict[str, Any]] = {"epochs": 2, "seeds": 1}

    reads: str = setting(
        "musicnn+passages",
        title="Input",
        help="Audio and text of the towers, such as clip-270+passages (the paper's audio).",
        advanced=False,
    )
    objective: str = setting("scl", title="Objective", help="1-text, is, scl, stl or smm.")
    epochs: int = setting(30, low=1, title="Epochs", help="Of the towers.")
    held_out: float = setting(
        0.2, above=0, below=1, title="Held-out share", help="Of the tracks with audio and text."
    )

    def run(self, experiment: Experiment) -> Findings:
        """Return recall in both directions, and the accuracy of labels chosen by their names."""
        experiment.plan(4)
        collection = experiment.collection
        data = read_input(collection, self.reads, progress=experiment.step("reading audio and text"))
        pairs = np.flatnonzero(data.rows(needs_both=True))
        order = np.random.default_rng([self.seed, 6]).permutation(pairs)
        n_held = round(len(pairs) * self.held_out)
        test, training = np.sort(order[:n_held]), np.sort(order[n_held:])
        if len(test) < LEAST_PAIRS:
            raise ConfigError(
                f"{collection.name} has {len(pairs)} tracks with audio and text, of which {len(test)} would "
                f"be held out; {LEAST_PAIRS} are needed"
            )
        part = replace(experiment, collection=take_rows(collection, training))
        settings = (("objective", self.objective), ("epochs", str(self.epochs)), ("seed", str(self.seed)))
        path = part.train(Training("contrastive", self.reads, settings), experiment.step("training towers"))
        experiment.step("retrieval")
        held_out = data.take(test)
        audio, text = self._encode(path, held_out)
        same = same_rows(held_out["text"])
        rows = [
            _row("Text to audio", text @ audio.T, same, self.seed),
            _row("Audio to text", audio @ text.T, same.T, self.seed),
        ]
        table = Table("retrieval", f"Retrieval among {len(test)} held-out tracks", COLUMNS, tuple(rows))
        progress = experiment.step("labels by their names")
        zero_shot = self._name_labels(experiment, path, test, progress)
        recall = rows[0].cells["recall_10"]
        assert recall.interval is not None and recall.control is not None
        claim = Claim(
            "retrieval-above-chance",
            recall.interval[0] > recall.control,
            {"recall_10": recall.value, "shuffled": recall.control},
        )
        return Findings((table, *([zero_shot] if zero_shot else [])), (), (claim,))

    def _encode(self, path: str, data: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return unit vectors of audio and text in the shared space."""
        from core.training.encode import encode

        model, _ = load_checkpoint(Path(path))
        audio, text = (encode(model, data[m], modality=m, shared=True) for m in ("audio", "text"))
        return unit_rows(audio), unit_rows(text)

    def _name_labels(self, experiment: Experiment, path: str, test: np.ndarray, progress) -> Table | None:
        """Return the accuracy of the label whose name is nearest to the audio; None without labels."""
        collection = experiment.collection
        labels = np.array(collection.labels(), dtype=object)
        known = test[labels[test] != ""]
        names = collection.label_names()
        checkpoint = get_checkpoint(path)
        if len(names) < 2 or not len(known) or checkpoint is None:
            return None
        towers = trained_towers(collection, checkpoint, progress)
        cosines = np.stack([towers.compare(name)[known] for name in names], axis=1)
        truth = np.array([names.index(label) for label in labels[known]])
        nearest, rng = cosines.argmax(1), np.random.default_rng([self.seed, 7])
        right = truth == nearest
        control = np.mean([(rng.permutation(truth) == nearest).mean() for _ in range(N_SHUFFLES)])
        cell = Cell(float(right.mean()), _bootstrap(right.astype(float), self.seed), float(control))
        column = Column("accuracy", "Accuracy", True)
        row = Row(f"Nearest of {len(names)} label names", "", {"accuracy": cell}, len(known), 1)
        return Table("zero-shot", "Labels without training, by their names", (column,), (row,))


def _row(name: str, similarity: np.ndarray, same: np.ndarray, seed: int) -> Row:
    """Return the measures of one direction, shape of ``similarity``: (n_queries, n_targets)."""
    rng = np.random.default_rng([seed, 8])
    found = measures(ranks_of(similarity, same))
    shuffled = [measures(ranks_of(similarity[rng.permutation(len(same))], same)) for _ in range(N_SHUFFLES)]
    cells = {}
    for column in COLUMNS:
        values = found[column.key]
        if column.key == "median_rank":
            value, interval = float(np.median(values)), _bootstrap(values, seed, np.median)
            control = float(np.mean([np.median(one[column.key]) for one in shuffled]))
        else:
            value, interval = float(values.mean()), _bootstrap(values, seed)
            control = float(np.mean([one[column.key].mean() for one in shuffled]))
        cells[column.key] = Cell(value, interval, control)
    return Row(name, "", cells, len(same), 1)


def measures(ranks: np.ndarray) -> dict[str, np.ndarray]:
    """Return each measure per query, from ranks from 0; the average precision at 10 is 1 / (rank + 1)."""
    ranks = ranks + 1
    return {
        **{f"recall_{k}": (ranks <= k).astype(float) for k in (1, 5, 10)},
        "median_rank": ranks.astype(float),
        "map_10": np.where(ranks <= 10, 1 / ranks, 0.0),
    }


def _bootstrap(values: np.ndarray, seed: int, statistic=np.mean) -> tuple[float, float]:
    """Return the 95 % percentile interval over queries."""
    rng = np.random.default_rng([seed, 9])
    draws = statistic(values[rng.integers(0, len(values), (N_BOOT, len(values)))], axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(low), float(high)
