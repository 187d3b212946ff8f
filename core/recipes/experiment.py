"""A run in progress: the collection, its progress, and the steps that recipes share, each resumable.

Trained checkpoints lie in the store under the hash of what they were trained from, and every other step is
cached by content, so a run that was interrupted continues where it was and recomputes nothing.
"""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core import collection as collections
from core import store
from core.checkpoints.checkpoint_files import read_printable_meta
from core.collection import Collection
from core.collection.collection import GENRE_COLUMNS
from core.collection.pooling import pool
from core.inputs.input_names import default_input
from core.models import model_spec
from core.models.collapse import find_collapse
from core.progress import Progress, silent
from core.store.hashing.source import source_hash
from core.training.train_collection import train_on


@dataclass(frozen=True)
class Training:
    """A model to be trained on the collection, whose latents are a representation.

    Attributes
    ----------
    model, reads : str
        Registered model, and its input; "" for the model's default one on this collection.
    settings : tuple of (str, str)
        As ``train --set`` takes them; the others keep the model's defaults.
    text_field : str or None
    folds : int
        Of a cross-validation before the training; 0 for none.
    start : Training or None
        The pretraining whose checkpoint the model starts from.
    pooled : tuple of str
        Saved collections whose tracks are trained on too.
    """

    model: str
    reads: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    text_field: str | None = None
    folds: int = 0
    start: "Training | None" = None
    pooled: tuple[str, ...] = ()


@dataclass
class Experiment:
    """The collection of a run and what its steps share.

    Attributes
    ----------
    collection : Collection
    progress : callable
    n_steps, done : int
        Steps that the run announced with :meth:`plan`, and those begun, for the progress.
    trained : set of str
        Files of the checkpoints that :meth:`train` returned.
    """

    collection: Collection
    progress: Progress = silent
    n_steps: int = 1
    done: int = 0
    trained: set[str] = field(default_factory=set)

    def plan(self, n_steps: int) -> None:
        """Announce the number of steps of the run."""
        self.n_steps, self.done = max(1, n_steps), 0

    def step(self, note: str) -> Progress:
        """Begin the next step; return the progress of what it does."""
        before, total = self.done, self.n_steps
        self.done += 1
        self.progress(min(before, total), total, note)

        def report(done: int, of: int, detail: str = "", **_figures) -> None:
            share = f" {done} of {of}" if of > 1 else ""
            self.progress(min(before, total), total, f"{note}: {detail}{share}" if detail else note)

        return report

    def train(self, training: Training, progress: Progress = silent) -> str:
        """Return the file of the trained checkpoint, as a representation; trains it if it isn't there."""
        collection = pool([self.collection, *map(collections.load, training.pooled)])
        reads = training.reads or default_input(collection, model_spec(training.model).inputs)
        started = {"start": self.train(training.start, progress)} if training.start else {}
        labels = ["track_id", "label", *(name for name in GENRE_COLUMNS if name in collection.tracks)]
        key = store.key_of(
            collection.key_of_columns(*labels),
            collection.key_of_texts(training.text_field),
            collection.key_of_table,
            dataclasses.replace(training, reads=reads),
            [Path(path).stem for path in started.values()],
            source_hash(train_on, model_spec(training.model).factory),
        )
        path = store.folder("recipe-checkpoints") / f"{training.model}-{key[:16]}.safetensors"
        with store.lock(f"recipe-{key}"):
            if not path.exists():
                train_on(
                    collection,
                    f"{training.model}:{reads}",
                    dict(training.settings) | started,
                    out=str(path),
                    text_field=training.text_field,
                    folds=training.folds,
                    progress=progress,
                )
        self.trained.add(str(path))
        return str(path)

    def represent(self, rep: "str | Training | None", progress: Progress = silent) -> str | None:
        """Return the name of a representation; a training becomes its checkpoint's file."""
        return self.train(rep, progress) if isinstance(rep, Training) else rep

    def is_collapsed(self, *reps: str | None) -> bool:
        """Return whether the latents of a trained representation collapsed."""
        return any(find_collapse(self.figures(rep)) is not None for rep in reps)

    def figures(self, rep: str | None) -> dict:
        """Return the diagnostics of a trained representation; {} for others."""
        return self._meta(rep).get("figures", {})

    def history(self, rep: str | None) -> list[dict]:
        """Return the epochs of a trained representation, each a dictionary of losses; [] for others."""
        return self._meta(rep).get("history", {}).get("rows", [])

    def folds(self, rep: str | None) -> dict:
        """Return the cross-validation of a trained representation, see :mod:`core.training.folds`."""
        return self._meta(rep).get("folds") or {}

    def _meta(self, rep: str | None) -> dict:
        """Return the metadata of a trained representation's checkpoint."""
        return read_printable_meta(Path(rep)) if rep and rep in self.trained else {}


def colour_groups(labels: list[str]) -> list[tuple[str, np.ndarray]]:
    """Return each label with the positions of its tracks, the most frequent first."""
    names = np.asarray(labels, dtype=object)
    found, counts = np.unique([str(name) for name in names], return_counts=True)
    return [(str(found[i]), np.flatnonzero(names == found[i])) for i in np.argsort(-counts, kind="stable")]
