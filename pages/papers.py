"""Papers: run a published experiment on a collection, and read its table beside the published numbers."""

import streamlit as st

from core import collection as collections
from core.ui.papers.recipe_form import show_recipe_form
from core.ui.papers.run_list import show_runs
from core.ui.shared.frame import page, show_link_notice
from core.ui.shared.job_panel import show_jobs
from core.ui.shared.url_state import put


def main() -> None:
    """Run the page."""
    notice = st.container()
    show_recipe_form(collections.names())
    show_jobs("recipe", describe=describe_run, then=show_result)
    show_runs()
    with notice:
        show_link_notice()


def describe_run(result: dict) -> str:
    """Describe a finished run."""
    return f"is done; kept as {result.get('id', '')}."


def show_result(result: dict) -> None:
    """Show the button that opens a finished run below."""
    if st.button("Show", key=f"papers-show-{result.get('id', '')}", icon=":material/table_chart:"):
        put("run", result.get("id", ""))
        st.rerun()


with page("Papers", "Run a published experiment on your music, and read its table beside the published one."):
    main()
