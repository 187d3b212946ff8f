"""The runs that were kept: choose one to read, or two to compare."""

import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from core.messages.quantities import format_duration
from core.messages.recipe_messages import format_comparison
from core.recipes import RECIPES
from core.recipes.stored_runs import compare_runs, import_run, list_runs, load_run
from core.ui.papers.run_figures import thumbnail
from core.ui.papers.run_view import show_run
from core.ui.shared.frame import friendly, lazy_section
from core.ui.shared.url_state import choose_option, put

MOST_THUMBNAILS = 24
"""Runs, the newest first, whose figure is drawn for the list."""
_IMPORTED = "papers-imported"


def show_runs() -> None:
    """Show the runs, newest first; the chosen one below."""
    runs = [run for run in list_runs() if run["recipe"] in RECIPES]
    if not runs:
        st.caption("No run yet. The experiment above with *Quick try* is a good first one.")
        _offer_import()
        return
    st.subheader("Runs", anchor=False)
    table = pd.DataFrame([_row(run, has_figure=i < MOST_THUMBNAILS) for i, run in enumerate(runs)])
    columns = {"Figure": st.column_config.ImageColumn(width="small", help="The first figure of the run.")}
    st.dataframe(table, hide_index=True, column_config=columns, row_height=56, key="papers-runs")
    _offer_import()
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


def _offer_import() -> None:
    """Show the field that takes a run that someone else shared."""

    def show() -> None:
        about = "`recipe report` writes it."
        file = st.file_uploader("A run as JSON", type="json", key="papers-import", help=about)
        if file is None or st.session_state.get(_IMPORTED) == file.file_id:
            return
        with tempfile.TemporaryDirectory() as folder, friendly():
            path = Path(folder) / "run.json"
            path.write_bytes(file.getvalue())
            run = import_run(path)
            st.session_state[_IMPORTED] = file.file_id
            put("run", run["id"])
            st.rerun()

    lazy_section("Import a run", "upload", "papers-import-section", show)


def _row(run: dict, *, has_figure: bool) -> dict:
    """Return one row of the list."""
    return {
        "Figure": thumbnail(run["id"]) if has_figure else None,
        "Run": run["id"],
        "Experiment": RECIPES[run["recipe"]].title,
        "Collection": run["collection"]["name"],
        "Tracks": run["collection"]["n_tracks"],
        "Quick": run["quick"],
        "Made": run["created"].replace("T", " "),
        "Took": format_duration(run["seconds"]),
    }
