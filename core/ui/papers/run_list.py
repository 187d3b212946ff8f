"""The runs that were kept: choose one to read, or two to compare."""

import pandas as pd
import streamlit as st

from core.messages.quantities import format_duration
from core.messages.recipe_messages import format_comparison
from core.recipes import RECIPES
from core.recipes.stored_runs import compare_runs, list_runs, load_run
from core.ui.papers.run_view import show_run
from core.ui.shared.frame import friendly
from core.ui.shared.url_state import choose_option


def show_runs() -> None:
    """Show the runs, newest first; the chosen one below."""
    runs = [run for run in list_runs() if run["recipe"] in RECIPES]
    if not runs:
        st.caption("No run yet. The experiment above with *Quick try* is a good first one.")
        return
    st.subheader("Runs", anchor=False)
    st.dataframe(pd.DataFrame([_row(run) for run in runs]), hide_index=True, key="papers-runs")
    ids = [run["id"] for run in runs]
    left, right = st.columns(2)
    with left:
        chosen = choose_option("run", "Run", ids, ids[0])
    with right:
        others = ["none", *(other for other in ids if other != chosen)]
        other = choose_option("with", "Compare with", others, "none", omit_default=True)
    with friendly():
        run = load_run(chosen)
        if other != "none":
            st.code(format_comparison(compare_runs(load_run(other), run)), language=None)
        show_run(run)


def _row(run: dict) -> dict:
    """Return one row of the list."""
    return {
        "Run": run["id"],
        "Experiment": RECIPES[run["recipe"]].title,
        "Collection": run["collection"]["name"],
        "Tracks": run["collection"]["n_tracks"],
        "Quick": run["quick"],
        "Made": run["created"].replace("T", " "),
        "Took": format_duration(run["seconds"]),
    }
