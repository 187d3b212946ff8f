"""How well nearest neighbours predict each track's genres, where tracks have several."""

from concurrent.futures import Future

import streamlit as st

from core import store
from core.collection import Collection
from core.errors import SongscapeError
from core.pipeline.space import Space
from core.pipeline.stages import score_genres
from core.ui.explore.scores.measure_table import Row, measure_table
from core.ui.shared.results import results, version_of, within

TITLES = {
    "mean_average_precision": (
        "Mean average precision",
        "Mean over genres of the average precision when tracks are ranked by the share of the genre among "
        "their neighbours.",
    ),
    "f1": ("F1", "Mean over tracks of 2 |both| / (|true| + |predicted|)."),
    "accuracy": (
        "Accuracy",
        "Mean over tracks of the Jaccard index: genres both true and predicted, over genres either true or "
        "predicted.",
    ),
}
"""The rows; the command line also reports precision and recall."""


def show_genre_scores(collection: Collection, space: Space, seed: int) -> list[Future]:
    """Show the table, or that it follows; return what is pending."""
    if not collection.has_several_genres:
        return []
    key = ("genres", *version_of(collection.name), store.key_of(space.key), seed)
    future = results().kept_or_begin(key, lambda: score_genres(collection, space, seed), "scores")
    try:
        found = within(future, 0.02)
    except SongscapeError as reason:
        st.caption(f"Genres could not be predicted from neighbours: {reason}.")
        return []
    if found is None and not future.done():
        st.caption("Predicting each track's genres from its neighbours …")
        return [future]
    if found:
        st.html(genre_table(found, sees_labels=space.sees_labels))
        st.caption(describe_genre_scores(found))
    return []


def genre_table(found: dict, *, sees_labels: bool = False) -> str:
    """Return the table as HTML."""
    rows = [
        Row(
            title,
            help_text,
            found["scores"][name],
            found["intervals"][name],
            found["control"][name],
            is_marked=sees_labels,
        )
        for name, (title, help_text) in TITLES.items()
    ]
    return measure_table(
        "Genres by neighbours",
        "Each track’s genres, predicted from its nearest neighbours in the full representation, itself "
        "excluded.",
        "The same score with the sets of genres shuffled over the tracks.",
        rows,
    )


def describe_genre_scores(found: dict) -> str:
    """Describe what the scores are computed on."""
    parts = [
        f"{found['n_genres']:,} genres on {found['n_tracks']:,} tracks",
        f"{found['k']} neighbours",
        f"{found['n_genres_left_out']:,} rarer genres left out" if found["n_genres_left_out"] else "",
        f"predicted for {found['n_sampled']:,} of them" if found["n_sampled"] < found["n_tracks"] else "",
        "95\u00a0% intervals",
    ]
    return " · ".join(filter(None, parts))
