"""The button that puts the present setting on the board of Compare."""

import streamlit as st

from core.collection import Collection
from core.export.saved_view import pin_choice
from core.ui.explore.live import Shown
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.url_state import address_entries


def show_pin(collection: Collection, shown: Shown) -> None:
    """Show the button; it saves the view under a name that describes the setting."""
    is_pinned = st.button(
        "Pin",
        key="explore-pin",
        disabled=not shown.is_settled or shown.fusing is not None,  # another setting is shown meanwhile
        icon=":material/keep:",
        help="Saves this setting as a view; Compare shows the scores of all saved views on one board.",
    )
    if is_pinned:
        with friendly():
            view = pin_choice(collection.name, address_entries(), shown.choice)
            st.toast(f"{plain_markdown(view.name)} is on the board of Compare.")
