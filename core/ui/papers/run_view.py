"""A run on the page: claims, tables with published values, figures, and the files to take along."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import streamlit as st

from core import store
from core.export.recipes.draw_figure import draw
from core.export.recipes.run_report import to_html, to_zip
from core.messages.recipe_messages import describe_cell, describe_claim, describe_row, describe_table
from core.recipes import recipe_spec
from core.recipes.findings import Cell, Figure, Table
from core.recipes.stored_runs import delete_run, findings_of
from core.store.source import source_hash
from core.ui.shared.frame import offer_deletion, plain_markdown

MOST_FIGURES = 12
"""Figures that are drawn at once."""


def show_run(run: dict) -> None:
    """Show a run."""
    spec, findings = recipe_spec(run["recipe"]), findings_of(run)
    st.subheader(spec.title, anchor=False)
    name, n_tracks = run["collection"]["name"], run["collection"]["n_tracks"]
    made = run["created"].replace("T", " ")
    st.caption(plain_markdown(f"{spec.source}. On {name}, {n_tracks:,} tracks, {made}."))
    if run["quick"]:
        st.info("A quick try: no number is comparable with a published one.", icon=":material/speed:")
    for table in findings.tables:
        show_table(table)
    if findings.claims:
        st.markdown("**Published claims**")
        st.markdown("\n".join(f"- {plain_markdown(describe_claim(claim))}" for claim in findings.claims))
    show_figures(findings.figures)
    with st.container(horizontal=True):
        _offer_files(run)
        offer_deletion(
            run["id"],
            "Deletes this run with its tables and figures. Collections and checkpoints stay.",
            f"papers-delete-{run['id']}",
            lambda: delete_run(run["id"]),
        )


def show_table(table: Table) -> None:
    """Show a table: value, interval and published value per cell, and its notes."""
    st.markdown(f"**{plain_markdown(table.title)}**")
    rows = [
        {"Method": describe_row(row)}
        | {column.title: describe_cell(row.cells.get(column.key, Cell(None))) for column in table.columns}
        for row in table.rows
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key=f"papers-table-{table.key}")
    for row in table.rows:
        if row.note:
            st.caption(plain_markdown(f"{describe_row(row)}: {row.note}"))
    for sentence in describe_table(table):
        st.caption(plain_markdown(sentence))


def show_figures(figures: tuple[Figure, ...]) -> None:
    """Show the first figures in two columns, the others in an expander."""
    columns = st.columns(2)
    for position, figure in enumerate(figures[:MOST_FIGURES]):
        with columns[position % 2]:
            st.image(_drawn(figure), caption=None)
    if len(figures) > MOST_FIGURES:
        with st.expander(f"{len(figures) - MOST_FIGURES} more figures", key="papers-more-figures"):
            for figure in figures[MOST_FIGURES:]:
                st.image(_drawn(figure))


def _drawn(figure: Figure) -> bytes:
    """Return a figure as PNG, drawn once."""
    key = store.key_of(asdict(figure), source_hash(draw))
    return store.cached("figures", key, lambda: np.frombuffer(draw(figure, "png"), np.uint8)).tobytes()


def _offer_files(run: dict) -> None:
    """Show the downloads of a run, made when they are asked for."""
    for label, suffix, make, mime in (
        ("Report", "html", lambda: to_html(run).encode(), "text/html"),
        ("Everything", "zip", lambda: to_zip(run), "application/zip"),
    ):
        st.download_button(
            label,
            data=make,
            file_name=f"{run['id']}.{suffix}",
            mime=mime,
            icon=":material/download:",
            key=f"papers-download-{suffix}-{run['id']}",
            help="One HTML file with tables and figures."
            if suffix == "html"
            else "The report, the run as JSON, tables as CSV and LaTeX, figures as SVG and PNG.",
        )
