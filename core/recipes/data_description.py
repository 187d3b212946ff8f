"""What a collection holds: labels, languages, text lengths, genres that occur together."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from core.collection import Collection
from core.config import setting
from core.recipes.experiment import Experiment
from core.recipes.findings import Cell, Column, Figure, Findings, Row, Series, Table
from core.recipes.recipe import Recipe
from core.text.words import split_words


@dataclass(frozen=True)
class DataDescription(Recipe):
    """Distributions of labels, languages and text lengths, and genre co-occurrence.

    References
    ----------
    Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, figures 5.1 and 5.2.
    Sideras, Multimodal Pretraining for Music Audio, tables 1 and 2.
    """

    name: ClassVar[str] = "data"
    quick: ClassVar[dict[str, Any]] = {"seeds": 1}

    n_genres: int = setting(
        50, low=1, title="Genres", help="Most frequent genres that are shown; paper C keeps 50."
    )
    text_field: str | None = setting(
        None, title="Text field", help="Column to read; none: lyrics, else caption, else title."
    )

    def run(self, experiment: Experiment) -> Findings:
        """Return the counts as tables and figures."""
        experiment.plan(1)
        experiment.step("counting")
        collection = experiment.collection
        labels = Counter(label for label in collection.labels() if label)
        genres = Counter(genre for genres in collection.genres() for genre in genres)
        languages = Counter(filter(None, collection.tracks["language"].astype(str)))
        lengths = [len(split_words(text)) for text in collection.texts(self.text_field) if text]
        figures = [
            _bars("labels", "Label distribution (figure 5.1)", labels.most_common(self.n_genres)),
            _bars("languages", "Language distribution", languages.most_common()),
            _histogram(lengths),
            _co_occurrence(collection, [name for name, _ in genres.most_common(self.n_genres)]),
        ]
        return Findings(
            (_describe(collection, lengths), _count_table("genres", "Genres", genres, collection.n_tracks)),
            tuple(figure for figure in figures if figure.series),
        )


def _describe(collection: Collection, lengths: list[int]) -> Table:
    """Return the numbers of tracks with each kind of data."""
    n = collection.n_tracks
    durations = collection.tracks["duration_s"].dropna()
    counts = {
        "Tracks": n,
        "With audio": sum(1 for path in collection.audio_paths() if path),
        "With text": len(lengths),
        "With a label": int(collection.labelled.sum()),
        "Median words per text": float(np.median(lengths)) if lengths else None,
        "Median duration (s)": float(durations.median()) if len(durations) else None,
    }
    rows = tuple(Row(name, "", {"value": Cell(value)}, n) for name, value in counts.items())
    return Table("collection", "The collection", (Column("value", "Value"),), rows)


def _count_table(key: str, title: str, counts: Counter, n: int) -> Table:
    """Return counts and shares as a table."""
    columns = (Column("count", "Tracks"), Column("share", "Share"))
    rows = tuple(
        Row(name, "", {"count": Cell(count), "share": Cell(count / n)}, n)
        for name, count in counts.most_common()
    )
    return Table(key, title, columns, rows)


def _bars(key: str, title: str, counts: list[tuple[str, int]]) -> Figure:
    """Return counts as bars; without series where there are none."""
    series = (Series("tracks", [name for name, _ in counts], [count for _, count in counts]),)
    return Figure(key, title, "bars", "", "tracks", series if counts else ())


def _histogram(lengths: list[int]) -> Figure:
    """Return the distribution of words per text in up to 30 bins (figure 5.2)."""
    title = "Words per text (figure 5.2)"
    if not lengths:
        return Figure("text-lengths", title, "bars", "words", "tracks", ())
    counts, edges = np.histogram(lengths, bins=min(30, max(1, len(set(lengths)))))
    names = [f"{low:.0f}–{high:.0f}" for low, high in zip(edges, edges[1:])]
    return Figure(
        "text-lengths", title, "bars", "words", "tracks", (Series("tracks", names, counts.tolist()),)
    )


def _co_occurrence(collection: Collection, names: list[str]) -> Figure:
    """Return how often two genres are on one track, as a matrix; its diagonal is each genre's count."""
    title = "Genres that occur together (tables 1 and 2)"
    if not collection.has_several_genres:
        return Figure("co-occurrence", title, "image", "", "", ())
    genres, has = collection.genre_matrix()
    chosen = has[:, [genres.index(name) for name in names]].astype(np.int64)
    return Figure(
        "co-occurrence", title, "image", "", "", (Series("tracks", names, (chosen.T @ chosen).tolist()),)
    )
