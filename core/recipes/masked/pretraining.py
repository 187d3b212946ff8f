"""Paper C: what modalities and pretraining of the masked autoencoder contribute to genres."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from core.collection.sampling import sample_rows, take_rows
from core.config import setting
from core.recipes.experiment import Experiment, Training
from core.recipes.findings import Claim, Findings, Table
from core.recipes.masked.cross_validated import (
    Classifier,
    make_fold_table,
    smallest_p,
    validate_each,
)
from core.recipes.recipe import Recipe

DATA = "Music4All, the 50 most frequent genres"
OURS = "Audio and lyrics, both objectives"
PUBLISHED = (33.48, 43.21, 30.94)


@dataclass(frozen=True)
class Pretrained(Recipe):
    """What the recipes of paper C share: pretraining, fine-tuning and folds."""

    quick: ClassVar[dict[str, Any]] = {
        "preset": "tiny",
        "folds": 2,
        "pretraining_epochs": 1,
        "epochs": 1,
        "sample": 3,
    }

    preset: Literal["published", "published-small", "tiny"] = setting(
        "published",
        title="Preset",
        help="Sizes and schedule of the masked autoencoder: 130 million parameters, 82, or 3 (which needs no "
        "GPU).",
        advanced=False,
    )
    folds: int = setting(5, low=2, title="Folds", help="Of the cross-validation.")
    pretraining_epochs: int | None = setting(
        None, low=1, title="Pretraining epochs", help="None: those of the preset."
    )
    epochs: int | None = setting(None, low=1, title="Fine-tuning epochs", help="None: those of the preset.")
    sample: int | None = setting(
        None, low=2, title="Tracks per label", help="A random sample of the collection; none: all tracks."
    )

    def sampled(self, experiment: Experiment) -> Experiment:
        """Return the experiment on a sample of the collection, where one is asked for."""
        if self.sample is None:
            return experiment
        rows = sample_rows(experiment.collection.tracks, self.sample, self.seed)
        return replace(experiment, collection=take_rows(experiment.collection, rows))

    def pretrain(self, *more: tuple[str, str], reads: str = "", pooled: tuple[str, ...] = ()) -> Training:
        """Return a pretraining with some settings changed, on another input or on more collections."""
        epochs = () if self.pretraining_epochs is None else (("epochs", str(self.pretraining_epochs)),)
        given = (("preset", self.preset), ("seed", str(self.seed)), *epochs, *more)
        return Training("mae", reads, given, pooled=pooled)

    def fine_tune(self, start: Training | None, *more: tuple[str, str]) -> Training:
        """Return the cross-validated classifier that starts from a pretraining, or from random weights."""
        epochs = () if self.epochs is None else (("epochs", str(self.epochs)),)
        given = (("preset", self.preset), ("seed", str(self.seed)), *epochs, *more)
        reads = start.reads if start else ""
        return Training("mae-classifier", reads, given, folds=self.folds, start=start)


@dataclass(frozen=True)
class SSLAblation(Pretrained):
    """Modalities in pretraining and fine-tuning, and the two objectives of the pretraining.

    References
    ----------
    Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, tables 6.1 and 6.2.
    """

    name: ClassVar[str] = "ssl-ablation"

    def run(self, experiment: Experiment) -> Findings:
        """Return both ablations as one table."""
        rows, experiment = self.classifiers(), self.sampled(experiment)
        experiment.plan(len(rows))
        validated = validate_each(experiment, rows)
        table = make_fold_table(
            validated,
            key="ablation",
            title="Tables 6.1 and 6.2: modalities and self-supervision",
            published_on=DATA,
            compared_with=OURS,
        )
        return Findings((table,), (), (*_claims(table), claim_smallest_p(self.folds)))

    def classifiers(self) -> list[Classifier]:
        """Return the rows."""
        audio, text = ("modalities", "audio"), ("modalities", "text")
        contrastive, masked = ("reconstruction_weight", "0"), ("contrastive_weight", "0")
        return [
            Classifier(OURS, self.fine_tune(self.pretrain()), PUBLISHED),
            Classifier("Audio alone", self.fine_tune(self.pretrain(audio), audio), (30.36, 39.33, 24.55)),
            Classifier("Lyrics alone", self.fine_tune(self.pretrain(text), text), (23.11, 30.48, 15.90)),
            Classifier(
                "Contrastive alone", self.fine_tune(self.pretrain(contrastive)), (31.81, 41.81, 28.91)
            ),
            Classifier("Masked alone", self.fine_tune(self.pretrain(masked)), (32.86, 43.08, 30.88)),
            Classifier("No pretraining", self.fine_tune(None), (29.76, 39.27, 25.41)),
        ]


def _claims(table: Table) -> tuple[Claim, ...]:
    """Return whether both modalities and pretraining help in mAP."""
    of = {row.name: row.cells["mean_average_precision"].value for row in table.rows}
    p = {row.name: cell.value for row in table.rows if (cell := row.cells.get("p_mean_average_precision"))}
    found = []
    for key, other in (
        ("modalities-above-audio", "Audio alone"),
        ("modalities-above-lyrics", "Lyrics alone"),
        ("pretraining-helps", "No pretraining"),
    ):
        values = of[OURS], of[other]
        holds = None if None in values else values[0] > values[1]  # type: ignore[operator]
        found.append(Claim(key, holds, {"ours": of[OURS], "other": of[other], "p": p.get(other)}))
    return tuple(found)


def claim_smallest_p(folds: int) -> Claim:
    """Return that p < 0.01, as the paper states, can't come from this test with so few folds."""
    least = smallest_p(folds)
    return Claim("p-below-0.01-possible", least < 0.01, {"folds": folds, "least_p": least})
