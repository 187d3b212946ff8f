"""Beside the scores of clusters: how well nearest neighbours know each track's genres, where tracks have several."""

from concurrent.futures import Future
from html import escape

import streamlit as st

from core import store
from core.collection import Collection
from core.errors import SongscapeError
from core.pipeline.stages import score_genres
from core.ui.explore.live import Shown
from core.ui.explore.scores import STYLE, digits_for, number
from core.ui.shared.results import results, version_of, within

TITLES = {
    "mean_average_precision": (
        "Average precision",
        "Mean over genres: how far tracks of a genre stand before all others when they are ranked by the "
        "share of the genre among their neighbours.",
    ),
    "f1": ("F1", "Mean over tracks of 2 |both| / (|true| + |guessed|)."),
    "accuracy": (
        "Accuracy",
        "Mean over tracks of the genres that are both true and guessed, over those that are either "
        "(Jaccard).",
    ),
}
"""The rows; precision and recall stand on the command line."""


def show_genre_scores(collection: Collection, shown: Shown) -> list[Future]:
    """Show the table, or that it follows; return what is waited for."""
    if not collection.has_several_genres:
        return []
    key = ("genres", *version_of(collection.name), store.key_of(shown.space.key), shown.choice.seed)
    future = results().kept_or_begin(
        key, lambda: score_genres(collection, shown.space, shown.choice.seed), "scores"
    )
    try:
        found = within(future, 0.02)
    except SongscapeError as reason:
        st.caption(f"Genres could not be guessed from neighbours: {reason}.")
        return []
    if found is None and not future.done():
        st.caption("Guessing each track's genres from its neighbours …")
        return [future]
    if found:
        st.html(genre_table(found, sees_labels=shown.space.sees_labels))
        st.caption(in_words(found))
    return []


def genre_table(found: dict, *, sees_labels: bool = False) -> str:
    """Return the table as HTML."""
    heads = "".join(
        f'<th scope="col"{told}>{head}</th>'
        for head, told in (
            (
                "Genres by neighbours",
                ' title="Each track’s genres, guessed from its nearest neighbours on the full '
                'representation, itself left out."',
            ),
            ("Now", ""),
            ("Chance", ' title="What the same score gives where whole sets of genres are dealt out anew."'),
        )
    )
    mark = "<sup>✱</sup>" if sees_labels else ""
    rows = []
    for name, (title, told) in TITLES.items():
        value, interval = found["scores"][name], found["intervals"][name]
        digits = digits_for(value, interval)
        spread = f"{number(interval[0], digits)} – {number(interval[1], digits)}" if interval else "–"
        rows.append(
            f'<tr><th scope="row" title="{escape(told)}">{title}{mark} <i title="higher is better">↑</i></th>'
            f"<td><b>{number(value, digits)}</b><small>{spread}</small></td><td>{number(found['control'][name], digits)}</td></tr>"
        )
    return (
        STYLE + f'<table class="scores"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def in_words(found: dict) -> str:
    """Say what the scores rest on."""
    parts = [f"{found['n_genres']:,} genres on {found['n_tracks']:,} tracks", f"{found['k']} neighbours"]
    parts += [f"{found['n_genres_left_out']:,} rarer genres left out"] if found["n_genres_left_out"] else []
    parts += [f"guessed for {found['n_sampled']:,} of them"] if found["n_sampled"] < found["n_tracks"] else []
    return " · ".join([*parts, "95\u00a0% intervals"])
