"""Tables 6.3 to 6.8 of paper C: what the pretraining is given, and its settings, one at a time."""

from dataclasses import dataclass
from typing import Any, ClassVar

from core.config import setting
from core.errors import ConfigError
from core.recipes.experiment import Experiment, Training
from core.recipes.findings import Figure, Findings, Series
from core.recipes.masked.cross_validated import Classifier, make_fold_table, validate_each
from core.recipes.masked.pretraining import DATA, PUBLISHED, Pretrained
from core.recipes.recipe import Recipe


@dataclass(frozen=True)
class Variant:
    """A row of a study: what differs from the published configuration, and the published values.

    Attributes
    ----------
    name : str
    published : tuple of float
        Accuracy, F1 and mAP in percent.
    settings : tuple of (str, str)
        Of the pretraining.
    reads : str
        Input of pretraining and fine-tuning; "" for the default one.
    is_pooled : bool
        Whether the further collections are pretrained on, too.
    """

    name: str
    published: tuple[float, ...]
    settings: tuple[tuple[str, str], ...] = ()
    reads: str = ""
    is_pooled: bool = False


@dataclass(frozen=True)
class Study:
    """A table of the paper."""

    title: str
    variants: tuple[Variant, ...]


STUDIES = {
    "audio": Study(
        "Table 6.3: length of the audio",
        tuple(
            Variant(f"{seconds} s of audio", published, reads=f"fbank@n_frames={frames}+wordpieces")
            for seconds, frames, published in (
                ("10", 1024, (32.05, 42.16, 29.13)),
                ("5", 512, PUBLISHED),
                ("2.5", 256, (31.43, 40.86, 27.35)),
            )
        ),
    ),
    "tokens": Study(
        "Table 6.4: length of the lyrics",
        tuple(
            Variant(f"{n} tokens", published, reads=f"fbank+wordpieces@n_tokens={n}")
            for n, published in (
                (256, PUBLISHED),
                (128, (30.10, 39.23, 25.58)),
                (64, (29.67, 38.71, 24.97)),
            )
        ),
    ),
    "data": Study(
        "Table 6.5: more data for the pretraining",
        (
            Variant("This collection", PUBLISHED),
            Variant("With further collections", (33.38, 43.61, 31.60), is_pooled=True),
        ),
    ),
    "layers": Study(
        "Table 6.6: layers of encoders and decoder",
        tuple(
            Variant(
                f"({encoder}, {decoder}) layers",
                published,
                (("audio_layers", encoder), ("text_layers", encoder), ("decoder_layers", decoder)),
            )
            for encoder, decoder, published in (
                ("11", "8", (32.89, 42.30, 29.85)),
                ("5", "4", PUBLISHED),
                ("2", "2", (32.90, 42.48, 30.05)),
            )
        ),
    ),
    "batch": Study(
        "Table 6.7: batch size",
        tuple(
            Variant(f"batch {n}", published, (("batch_size", n),))
            for n, published in (
                ("144", (33.54, 43.18, 30.85)),
                ("48", PUBLISHED),
                ("16", (32.32, 41.92, 29.19)),
            )
        ),
    ),
    "mask": Study(
        "Table 6.8: masking ratio",
        tuple(
            Variant(f"mask {m}", published, (("audio_mask_ratio", m), ("text_mask_ratio", m)))
            for m, published in (
                ("0.3", (32.92, 43.09, 30.78)),
                ("0.5", (33.57, 43.86, 32.07)),
                ("0.65", (33.33, 43.61, 31.37)),
                ("0.75", PUBLISHED),
                ("0.85", (32.31, 42.43, 29.78)),
            )
        ),
    ),
}
"""By name; the rows in the order of the paper."""


@dataclass(frozen=True)
class SSLSweeps(Pretrained):
    """Audio length, tokens, data, layers, batch size and masking ratio of the pretraining, one at a time.

    The study "data" needs further collections: the paper pools Music4All with lyrics of the Million Song
    Dataset. Without any it is left out.

    References
    ----------
    Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, tables 6.3 to 6.8.
    """

    name: ClassVar[str] = "ssl-sweeps"
    quick: ClassVar[dict[str, Any]] = Pretrained.quick | {"studies": ("mask",), "most_rows": 2}

    studies: tuple[str, ...] = setting(
        tuple(STUDIES),
        title="Studies",
        help="audio, tokens, data, layers, batch, mask; joined by commas.",
        advanced=False,
    )
    further: tuple[str, ...] = setting(
        (), title="Further collections", help="Pretrained on in the study *data*; joined by commas."
    )
    most_rows: int = setting(9, low=1, title="Rows per study", help="The first of each.")

    def __post_init__(self):
        Recipe.__post_init__(self)
        if unknown := sorted(set(self.studies) - set(STUDIES)):
            raise ConfigError(f"there is no study {unknown[0]!r}; choose from {', '.join(STUDIES)}")

    def run(self, experiment: Experiment) -> Findings:
        """Return one table and one figure per study."""
        chosen = {
            name: STUDIES[name].variants[: self.most_rows]
            for name in self.studies
            if name != "data" or self.further
        }
        experiment = self.sampled(experiment)
        experiment.plan(sum(map(len, chosen.values())))
        tables, figures = [], []
        for name, variants in chosen.items():
            title = STUDIES[name].title
            validated = validate_each(experiment, [self._classifier(variant) for variant in variants])
            table = make_fold_table(validated, key=name, title=title, published_on=DATA)
            tables.append(table)
            names = [row.name for row in table.rows]
            cells = [row.cells["mean_average_precision"] for row in table.rows]
            series = (
                Series("measured", names, [cell.value for cell in cells]),
                Series("published", names, [cell.published for cell in cells]),
            )
            figures.append(Figure(name, title, "lines", "", "mAP", series))
        return Findings(tuple(tables), tuple(figures))

    def _classifier(self, variant: Variant) -> Classifier:
        """Return a variant's pretraining and fine-tuning."""
        pooled = self.further if variant.is_pooled else ()
        start: Training = self.pretrain(*variant.settings, reads=variant.reads, pooled=pooled)
        return Classifier(variant.name, self.fine_tune(start), variant.published)
