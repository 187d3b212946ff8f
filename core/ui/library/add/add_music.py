"""Adding music: the button at the top of the Library, and the form that it opens. Each form ends in a job."""

import streamlit as st

from core.ui.library.add.add_fields import IN_ADDRESS, IS_OPEN, close_form, start_adding
from core.ui.library.add.add_forms import add_files, add_folder, add_simulated, add_table
from core.ui.shared.frame import friendly
from core.ui.shared.url_state import choose_option, get

FORMS = {"folder": add_folder, "table": add_table, "files": add_files, "made-up": add_simulated}
TITLES = {
    "folder": "Folder",
    "table": "Table of features",
    "files": "Upload files",
    "made-up": "Simulated data",
}
TITLES_IN_0_1 = {
    "A folder": "folder",
    "A table of numbers": "table",
    "Files from this computer": "files",
    "Something made up": "made-up",
}
"""Titles that addresses of version 0.1.0 hold."""


def show_add_buttons(names: list[str]) -> None:
    """Show the buttons that open the form and the demo.

    Parameters
    ----------
    names : list of str
        The collections of the library; without any, the form is open and needs no button.
    """
    if "demo" not in names and st.button(
        "Open the demo",
        icon=":material/play_arrow:",
        key="library-demo",
        help="Short pieces from several traditions, rendered from public-domain scores, some with lyrics.",
    ):
        start_adding("Open the demo", "demo", source="demo")
    if names:
        is_open = is_form_open(names)
        st.button(
            "Close form" if is_open else "Add music",
            icon=":material/close:" if is_open else ":material/add:",
            key="library-add-toggle",
            on_click=close_form if is_open else _open_form,
        )


def is_form_open(names: list[str]) -> bool:
    """Return whether the form is open: by its button, by a field in the address, or in an empty library."""
    return st.session_state.get(IS_OPEN, False) or not names or any(map(get, ("add", *IN_ADDRESS)))


def show_add_form(names: list[str]) -> None:
    """Show the form, where it is open."""
    if not is_form_open(names):
        return
    st.session_state[IS_OPEN] = True  # until it is closed, whatever the address holds
    with st.container(border=True, key="library-add-form"):
        name = choose_option(
            "add",
            "Add music from",
            list(FORMS),
            "folder",
            draw=st.segmented_control,
            read=lambda text: TITLES_IN_0_1.get(text, text),
            omit_default=True,
            format_func=TITLES.get,
            required=True,
        )
        with friendly():
            FORMS[name]()


def _open_form() -> None:
    """Open the form."""
    st.session_state[IS_OPEN] = True
