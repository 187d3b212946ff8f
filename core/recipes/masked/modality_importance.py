"""Figure 6.1 of paper C: the importance of audio and of lyrics per genre."""

from dataclasses import dataclass
from typing import ClassVar

from core.recipes.experiment import Experiment
from core.recipes.findings import Cell, Column, Figure, Findings, Row, Series, Table
from core.recipes.masked.cross_validated import Validated, validate_each
from core.recipes.masked.pretraining import Pretrained, SSLAblation


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
        rows, experiment = ablation.classifiers()[:3], self.sampled(experiment)
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
    for group, members in groups.items():
        known = [fine[genre] for genre in members if genre in fine]
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
