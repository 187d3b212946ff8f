"""Tables 6.6 to 6.8 of paper C: layers, batch size and masking ratio of the pretraining."""

from dataclasses import dataclass
from typing import Any, ClassVar

from core.config import setting
from core.recipes.experiment import Experiment
from core.recipes.findings import Figure, Findings, Series
from core.recipes.masked.cross_validated import Classifier, make_fold_table, validate_each
from core.recipes.masked.pretraining import DATA, PUBLISHED, Pretrained

SWEEPS: dict[str, dict[str, tuple[tuple[tuple[str, str], ...], tuple[float, ...]]]] = {
    "layers": {
        f"({encoder}, {decoder}) layers": (
            (("audio_layers", encoder), ("text_layers", encoder), ("decoder_layers", decoder)),
            published,
        )
        for encoder, decoder, published in (
            ("11", "8", (32.89, 42.30, 29.85)),
            ("5", "4", PUBLISHED),
            ("2", "2", (32.90, 42.48, 30.05)),
        )
    },
    "batch": {
        "batch 144": ((("batch_size", "144"),), (33.54, 43.18, 30.85)),
        "batch 48": ((("batch_size", "48"),), PUBLISHED),
        "batch 16": ((("batch_size", "16"),), (32.32, 41.92, 29.19)),
    },
    "mask": {
        f"mask {ratio}": ((("audio_mask_ratio", ratio), ("text_mask_ratio", ratio)), published)
        for ratio, published in {
            "0.3": (32.92, 43.09, 30.78),
            "0.5": (33.57, 43.86, 32.07),
            "0.65": (33.33, 43.61, 31.37),
            "0.75": PUBLISHED,
            "0.85": (32.31, 42.43, 29.78),
        }.items()
    },
}
"""Settings of the pretraining and published accuracy, F1 and mAP in percent, by study and row."""


@dataclass(frozen=True)
class SSLSweeps(Pretrained):
    """Layers, batch size and masking ratio of the pretraining, one at a time.

    References
    ----------
    Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, tables 6.6 to 6.8.
    """

    name: ClassVar[str] = "ssl-sweeps"
    quick: ClassVar[dict[str, Any]] = Pretrained.quick | {"studies": ("mask",), "most_rows": 2}

    studies: tuple[str, ...] = setting(
        ("layers", "batch", "mask"),
        title="Studies",
        help="layers, batch, mask; joined by commas.",
        advanced=False,
    )
    most_rows: int = setting(9, low=1, title="Rows per study", help="The first of each.")

    def run(self, experiment: Experiment) -> Findings:
        """Return one table per study."""
        chosen = {study: list(SWEEPS[study].items())[: self.most_rows] for study in self.studies}
        experiment.plan(sum(map(len, chosen.values())))
        titles = {
            "layers": "Table 6.6: layers of encoders and decoder",
            "batch": "Table 6.7: batch size",
            "mask": "Table 6.8: masking ratio",
        }
        tables, figures = [], []
        for study, rows in chosen.items():
            classifiers = [
                Classifier(name, self.fine_tune(self.pretrain(*changes)), published)
                for name, (changes, published) in rows
            ]
            validated = validate_each(experiment, classifiers)
            table = make_fold_table(validated, key=study, title=titles[study], published_on=DATA)
            tables.append(table)
            names = [row.name for row in table.rows]
            measured = [row.cells["mean_average_precision"].value for row in table.rows]
            printed = [row.cells["mean_average_precision"].published for row in table.rows]
            series = (Series("measured", names, measured), Series("published", names, printed))
            figures.append(Figure(study, titles[study], "lines", "", "mAP", series))
        return Findings(tuple(tables), tuple(figures))
