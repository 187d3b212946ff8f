"""Table 6.9 of paper C: supervised baselines beside the masked autoencoder."""

from dataclasses import dataclass
from typing import ClassVar

from core.recipes.experiment import Experiment, Training
from core.recipes.findings import Findings
from core.recipes.masked.cross_validated import Classifier, make_fold_table, validate_each
from core.recipes.masked.pretraining import DATA, OURS, PUBLISHED, Pretrained, claim_smallest_p


@dataclass(frozen=True)
class Baselines(Pretrained):
    """A network of audio alone, a transformer of lyrics alone and ALNet, beside the masked autoencoder.

    With a published preset the baselines are Inception-v4, BERT-base and both under a fusion layer of width
    768 with 12 heads, which are downloaded; with the preset *tiny* they are small networks of this project.

    References
    ----------
    Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, table 6.9.
    """

    name: ClassVar[str] = "baselines"

    def run(self, experiment: Experiment) -> Findings:
        """Return the table."""
        rows, experiment = self.classifiers(), self.sampled(experiment)
        experiment.plan(len(rows))
        table = make_fold_table(
            validate_each(experiment, rows),
            key="table-6.9",
            title="Table 6.9: baselines",
            published_on=DATA,
            compared_with=OURS,
        )
        return Findings((table,), (), (claim_smallest_p(self.folds),))

    def classifiers(self) -> list[Classifier]:
        """Return the rows."""
        preset = ("preset", "small" if self.preset == "tiny" else "published")
        epochs = () if self.epochs is None else (("epochs", str(self.epochs)),)
        given = (preset, ("seed", str(self.seed)), *epochs)
        return [
            Classifier(OURS, self.fine_tune(self.pretrain()), PUBLISHED),
            Classifier(
                "Audio network",
                Training("audio-cnn", "fbank", given, folds=self.folds),
                (34.33, 44.08, 31.03),
            ),
            Classifier(
                "Lyrics transformer",
                Training("lyrics-transformer", "wordpieces", given, folds=self.folds),
                (27.94, 35.67, 20.34),
            ),
            Classifier(
                "ALNet",
                Training("alnet", "fbank+wordpieces", given, folds=self.folds),
                (35.58, 45.27, 32.82),
            ),
        ]
