"""The names of clusters: a field for one, and the suggested names for all that have none."""

import streamlit as st

from core.access.audit import audited
from core.access.rules import check_change, may_change
from core.collection import Collection
from core.errors import AccessError, ConfigError
from core.explain.cluster_names import LONGEST, save_cluster_name
from core.ui.explore.live import Shown
from core.ui.explore.slow_results import rerun_page
from core.ui.shared.frame import plain_markdown

_KEY = "explore-name"
_REFUSED = "explore-name-refused"


def show_naming(collection: Collection, shown: Shown, cluster: int, suggested: str) -> None:
    """Show the field that names a cluster, to those who may change the collection.

    It holds the present name or the suggested one.
    """
    if not may_change(collection.name):
        return
    present = shown.names.get(cluster, "")
    key = f"{_KEY}-{shown.labels_key}-{cluster}-{present}"
    with (
        st.form(f"{_KEY}-form", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(
            "Name of this cluster",
            value=present or suggested[:LONGEST],
            key=key,
            max_chars=LONGEST,
            help="Shown on the map in place of the number, and exported. It stays with these tracks when "
            "settings change. Empty: the number again.",
        )
        st.form_submit_button(
            "Save name",
            icon=":material/label:",
            on_click=lambda: _save(collection, shown, {cluster: st.session_state[key]}),
        )
    if refused := st.session_state.pop(_REFUSED, ""):
        st.error(plain_markdown(refused))


def offer_suggested(collection: Collection, shown: Shown, suggested: dict[int, str]) -> None:
    """Show the button that names all clusters that have no name yet."""
    missing = {cluster: name for cluster, name in suggested.items() if name and cluster not in shown.names}
    if missing and may_change(collection.name):
        st.button(
            "Use the suggested names",
            key=f"{_KEY}-all",
            icon=":material/label:",
            on_click=lambda: _save(collection, shown, missing),
            help="Names the clusters that have no name yet. Select a cluster to change its name.",
        )


def _save(collection: Collection, shown: Shown, names: dict[int, str]) -> None:
    """Save names, and rerun the page: the map shows them."""
    ids = collection.tracks["track_id"].to_numpy()[shown.space.rows]
    try:
        with audited("name clusters", collection.name):
            check_change(collection.name)
            save_cluster_name(ids, shown.labels, names)
    except (AccessError, ConfigError) as reason:
        st.session_state[_REFUSED] = str(reason)
    rerun_page()
