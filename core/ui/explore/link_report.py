"""What a link asks for and this page can't show: said at the top of the page, with what is shown instead."""

import streamlit as st

from core.ui.shared.frame import plain_markdown
from core.ui.shared.url_state import dismiss_refused, refused_values

LABELS = {
    "on": "Collection",
    "look": "Modality",
    "audio": "Audio representation",
    "text": "Text representation",
    "words": "Text field",
    "fusion": "Fusion",
    "weight": "Text weight",
    "cluster": "Clustering",
    "search": "Choose k by Silhouette",
    "k": "k",
    "map": "Projection",
    "colour": "Colour",
    "genre": "Genre",
    "compare": "Reference labels",
    "in": "Search in",
}
"""Labels of the controls by their names in the address."""


def show_refused(collection_name: str) -> None:
    """Show the values of the address that no control could take, until they are dismissed."""
    refused = refused_values()
    if not refused:
        return
    lines = [describe_refused(name, text, collection_name) for name, text in refused.items()]
    with st.container(border=True, key="explore-refused"):
        st.warning("  \n".join(plain_markdown(line) for line in lines), icon=":material/link_off:")
        st.button("Dismiss", key="explore-refused-dismiss", on_click=dismiss_refused, type="tertiary")


def describe_refused(name: str, text: str, collection_name: str) -> str:
    """Describe one value that could not be taken.

    >>> describe_refused("on", "jazz", "demo")
    'This link asks for the collection “jazz”, which is not in this library: “demo” is shown instead.'
    """
    if name == "on":
        return (
            f"This link asks for the collection “{text}”, which is not in this library: “{collection_name}” "
            "is shown instead."
        )
    return f"{LABELS.get(name, name)}: “{text}” of this link is not available here; the default is used."
