"""Paper C: what pretraining, modalities and settings of the masked autoencoder contribute to genres."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from core.config import setting
from core.recipes.experiment import Experiment, Training
from core.recipes.findings import Cell, Claim, Column, Figure, Findings, Row, Series, Table
from core.recipes.masked.cross_validated import (
    Classifier,
    Validated,
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

    def pretrain(self, *more: tuple[str, str]) -> Training:
        """Return a pretraining with some settings changed."""
        epochs = () if self.pretraining_epochs is None else (("epochs", str(self.pretraining_epochs)),)
        return Training("mae", "", (("preset", self.preset), ("seed", str(self.seed)), *epochs, *more))

    def fine_tune(self, start: Training | None, *more: tuple[str, str]) -> Training:
        """Return the cross-validated classifier that starts from a pretraining, or from random weights."""
        epochs = () if self.epochs is None else (("epochs", str(self.epochs)),)
        given = (("preset", self.preset), ("seed", str(self.seed)), *epochs, *more)
        return Training("mae-classifier", "", given, folds=self.folds, start=start)


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
        rows = self.classifiers()
        experiment.plan(len(rows))
        validated = validate_each(experiment, rows)
        table = make_fold_table(
            validated,
            key="ablation",
            title="Tables 6.1 and 6.2: modalities and self-supervision",
            published_on=DATA,
            compared_with=OURS,
        )
        return Findings((table,), (), (*_claims(table), _smallest(self.folds)))

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


def _smallest(folds: int) -> Claim:
    """Return that p < 0.01, as the paper states, can't come from this test with so few folds."""
    return Claim(
        "p-below-0.01-possible", smallest_p(folds) < 0.01, {"folds": folds, "least_p": smallest_p(folds)}
    )


@dataclass(frozen=True)
class ModalityImportance(Pretrained):
    """How much of a genre's average precision is lost without a modality.

    With the average precision of a genre from both modalities and from one of them,
    I_audio = (AP_both − AP_lyrics) / AP_both and I_lyrics = (AP_both − AP_audio) / AP_both.

    References
    ----------
    Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, figure 6.1.
    """

    name: ClassVar[str] = "modality-importance"

    def run(self, experiment: Experiment) -> Findings:
        """Return the importances per fine and per coarse genre, as tables and a figure."""
        ablation = SSLAblation(
            preset=self.preset,
            folds=self.folds,
            pretraining_epochs=self.pretraining_epochs,
            epochs=self.epochs,
            seed=self.seed,
        )
        rows = ablation.classifiers()[:3]
        experiment.plan(len(rows))
        both, audio, text = validate_each(experiment, rows)
        fine = _importances(both, audio, text)
        coarse = _average_by_coarse(experiment, fine)
        tables = [_importance_table("genres", "Modality importance per genre", fine)]
        figures = [_draw_importance("genres", "Modality importance per genre", fine)]
        if coarse:
            title = "Modality importance per coarse genre (figure 6.1)"
            tables.append(_importance_table("coarse", title, coarse))
            figures.append(_draw_importance("coarse", title, coarse))
        return Findings(tuple(tables), tuple(figures))


def _importances(both: Validated, audio: Validated, text: Validated) -> dict[str, tuple[float, float]]:
    """Return I_audio and I_lyrics by genre; genres that are never predicted above 0 are left out."""
    found = {}
    for genre, ap in both.folds["average_precision"].items():
        ap_audio = audio.folds["average_precision"].get(genre)
        ap_text = text.folds["average_precision"].get(genre)
        if ap and ap_audio is not None and ap_text is not None:
            found[genre] = (ap - ap_text) / ap, (ap - ap_audio) / ap
    return found


def _average_by_coarse(
    experiment: Experiment, fine: dict[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """Return the mean importances of the genres in each coarse group; {} where none is known."""
    groups: dict[str, set[str]] = {}
    collection = experiment.collection
    for genres, coarse in zip(collection.genres(), collection.coarse_genres()):
        if len(genres) == len(coarse) == 1:
            groups.setdefault(coarse[0], set()).add(genres[0])
    means = {}
    for group, genres in groups.items():
        known = [fine[genre] for genre in genres if genre in fine]
        if known:
            means[group] = tuple(sum(parts) / len(known) for parts in zip(*known))
    return means  # type: ignore[return-value]


def _importance_table(key: str, title: str, importances: dict[str, tuple[float, float]]) -> Table:
    """Return the importances and their ratio."""
    columns = (
        Column("audio", "I audio"),
        Column("lyrics", "I lyrics"),
        Column("ratio", "Audio / lyrics"),
    )
    rows = tuple(
        Row(
            genre,
            "",
            {"audio": Cell(a), "lyrics": Cell(t), "ratio": Cell(a / t if t > 0 and a > 0 else None)},
        )
        for genre, (a, t) in sorted(importances.items(), key=lambda item: -item[1][0])
    )
    return Table(key, title, columns, rows)


def _draw_importance(key: str, title: str, importances: dict[str, tuple[float, float]]) -> Figure:
    """Return both importances as bars per genre."""
    names = sorted(importances, key=lambda genre: -importances[genre][0])
    series = tuple(
        Series(name, names, [importances[genre][i] for genre in names])
        for i, name in enumerate(("audio", "lyrics"))
    )
    return Figure(key, title, "bars", "", "share of the average precision", series if names else ())


SWEEPS: dict[str, dict[str, tuple[tuple[tuple[str, str], ...], tuple[float, ...]]]] = {
    "layers": {
        "(11, 8) layers": (
            (("audio_layers", "11"), ("text_layers", "11"), ("decoder_layers", "8")),
            (32.89, 42.30, 29.85),
        ),
        "(5, 4) layers": ((("audio_layers", "5"), ("text_layers", "5"), ("decoder_layers", "4")), PUBLISHED),
        "(2, 2) layers": (
            (("audio_layers", "2"), ("text_layers", "2"), ("decoder_layers", "2")),
            (32.90, 42.48, 30.05),
        ),
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


@dataclass(frozen=True)
class Baselines(Pretrained):
    """A network of audio alone, a transformer of lyrics alone and ALNet, beside the masked autoencoder.

    The published baselines are Inception-v4 and BERT-base; the default backbones are small networks of this
    project, because those are downloaded (``audio_backbone`` and ``text_backbone`` take their names).

    References
    ----------
    Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, table 6.9.
    """

    name: ClassVar[str] = "baselines"

    audio_backbone: str = setting(
        "small", title="Audio backbone", help="small, or a network of timm such as inception_v4."
    )
    text_backbone: str = setting(
        "small", title="Text backbone", help="small, or a name or folder such as bert-base-uncased."
    )

    def run(self, experiment: Experiment) -> Findings:
        """Return the table."""
        rows = self.classifiers()
        experiment.plan(len(rows))
        table = make_fold_table(
            validate_each(experiment, rows),
            key="table-6.9",
            title="Table 6.9: baselines",
            published_on=DATA,
            compared_with=OURS,
        )
        return Findings((table,), (), (_smallest(self.folds),))

    def classifiers(self) -> list[Classifier]:
        """Return the rows."""
        audio, text = ("audio_backbone", self.audio_backbone), ("text_backbone", self.text_backbone)
        epochs = () if self.epochs is None else (("epochs", str(self.epochs)),)
        given = (("seed", str(self.seed)), *epochs)
        return [
            Classifier(OURS, self.fine_tune(self.pretrain()), PUBLISHED),
            Classifier(
                "Audio network",
                Training("audio-cnn", "fbank", (*given, audio), folds=self.folds),
                (34.33, 44.08, 31.03),
            ),
            Classifier(
                "Lyrics transformer",
                Training("lyrics-transformer", "wordpieces", (*given, text), folds=self.folds),
                (27.94, 35.67, 20.34),
            ),
            Classifier(
                "ALNet",
                Training("alnet", "fbank+wordpieces", (*given, audio, text), folds=self.folds),
                (35.58, 45.27, 32.82),
            ),
        ]
