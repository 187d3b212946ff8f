"""A run on the page: claims, tables with published values, figures, and the files to take along."""

import pandas as pd
import streamlit as st

from core import collection as collections
from core.access.rules import may_change_made
from core.export.recipes.run_report import to_html, to_zip
from core.jobs import job as jobs
from core.messages.recipe_messages import describe_cells, describe_claim, describe_row, describe_table
from core.recipes import recipe_spec
from core.recipes.findings import Figure, Table, findings_of
from core.recipes.run import arguments_of
from core.recipes.stored_runs import KIND, collections_of, delete_run
from core.ui.papers.run_figures import draw_once
from core.ui.shared.frame import lazy_section, offer_deletion, plain_markdown

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
    show_figures(run, findings.figures)
    with st.container(horizontal=True):
        _offer_rerun(run)
        _offer_files(run)
        if not may_change_made(KIND, run["id"], collections_of(run)):
            return
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
        | dict(zip([column.title for column in table.columns], describe_cells(table, row)))
        for row in table.rows
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key=f"papers-table-{table.key}")
    for row in table.rows:
        if row.note:
            st.caption(plain_markdown(f"{describe_row(row)}: {row.note}"))
    for sentence in describe_table(table):
        st.caption(plain_markdown(sentence))


def show_figures(run: dict, figures: tuple[Figure, ...]) -> None:
    """Show the first figures in two columns, the others in a section that is drawn when it is opened."""

    def show(chosen: tuple[Figure, ...]) -> None:
        columns = st.columns(2)
        for position, figure in enumerate(chosen):
            with columns[position % 2]:
                st.image(draw_once(run, figure))

    show(figures[:MOST_FIGURES])
    if more := figures[MOST_FIGURES:]:
        lazy_section(f"{len(more)} more figures", "image", "papers-more-figures", lambda: show(more))


def _offer_rerun(run: dict) -> None:
    """Show the button that makes the run again, with the present code and collection."""
    arguments = arguments_of(run)
    name = arguments["collection"]
    is_missing = name is not None and name not in collections.names()
    if st.button(
        "Run again",
        icon=":material/replay:",
        key=f"papers-again-{run['id']}",
        disabled=is_missing,
        help=f"{name} is not in the library." if is_missing else "With the present code and collection.",
    ):
        jobs.start(
            "recipe", f"{recipe_spec(run['recipe']).title} on {run['collection']['name']}", **arguments
        )
        st.rerun()


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
