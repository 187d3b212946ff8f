"""The matrix of representations by clusterings: the job that computes it, and its newest result."""

import pandas as pd
import streamlit as st

from core.clustering import CLUSTERERS
from core.collection import Collection
from core.export.recipes.representation_matrix import RECIPE, latest_run, make_matrix, metrics_of
from core.jobs import job as jobs
from core.messages.quantities import format_duration
from core.messages.recipe_messages import describe_table
from core.recipes import recipe_spec
from core.recipes.findings import Table
from core.recipes.recipe import lacks
from core.recipes.run import estimate_run
from core.scoring import METRICS
from core.ui.compare.board_view import offer_table
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.job_panel import show_jobs
from core.ui.shared.url_state import choose_option


def show_matrix(collection: Collection) -> None:
    """Show the form that starts the job, running jobs, and the newest matrix."""
    spec = recipe_spec(RECIPE)
    if missing := lacks(spec, collection):
        st.info(
            plain_markdown(f"The matrix needs {' and '.join(missing)}, and {collection.name} has none."),
            icon=":material/info:",
        )
        return
    _choose_and_start(collection)
    show_jobs("recipe", describe=lambda result: f"is done; kept as {result.get('id', '')}.")
    run = latest_run(collection.name)
    if run is None:
        st.caption("No matrix yet. The job scores every representation under every clustering.")
        return
    with friendly():
        _show_run(run)


def _choose_and_start(collection: Collection) -> None:
    """Choose representations and clusterings, and start the job."""
    spec = recipe_spec(RECIPE)
    config = spec.load()()
    with st.expander("Representations and clusterings", key="compare-matrix-settings"):
        chosen = {
            name: st.multiselect(title, options, default=default, key=f"compare-matrix-{name}")
            for name, title, options, default in (
                ("audio", "Audio representations", list(config.audio), list(config.audio)),
                ("text", "Text representations", list(config.text), list(config.text)),
                ("clusterers", "Clusterings", list(CLUSTERERS), list(config.clusterers)),
            )
        }
    settings = {name: ",".join(values) for name, values in chosen.items() if values}
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Compute", type="primary", icon=":material/play_arrow:", key="compare-matrix-run"):
            title = f"{spec.title} on {collection.name}"
            jobs.start(
                "recipe", title, recipe=RECIPE, collection=collection.name, settings=settings, quick=False
            )
            st.rerun()
        seconds = format_duration(estimate_run(spec, collection, quick=False))
        st.caption(f"About {seconds}. You can leave the page.", width="content")


def _show_run(run: dict) -> None:
    """Show a matrix in one score, sortable by each clustering, with its files."""
    known = metrics_of(run)
    first = "adjusted_rand" if "adjusted_rand" in known else known[0]
    metric = choose_option(
        "metric", "Score", known, first, format_func=lambda name: METRICS[name].title, width=280
    )
    table = make_matrix(run, metric)
    st.markdown(f"**{plain_markdown(table.title)}**")
    config = {column.title: st.column_config.NumberColumn(format="%.3f") for column in table.columns}
    st.dataframe(matrix_frame(table), hide_index=True, column_config=config, key="compare-matrix")
    st.caption(plain_markdown(" ".join(["Intervals are in the files.", *describe_table(table)])))
    offer_table(table, f"{run['collection']['name']} {metric}", "compare-matrix-file")


def matrix_frame(table: Table) -> pd.DataFrame:
    """Return the values of a matrix, one row per representation."""
    return pd.DataFrame(
        [
            {"Representation": row.name}
            | {
                column.title: row.cells[column.key].value
                for column in table.columns
                if column.key in row.cells
            }
            for row in table.rows
        ]
    )
