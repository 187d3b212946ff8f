"""The size of the store, and deleting what can be recomputed."""

import pandas as pd
import streamlit as st

from core import store
from core.jobs import job as jobs
from core.messages.quantities import format_size
from core.ui.shared.frame import friendly, lazy_section
from core.ui.shared.prepare import forget_prepared

NAMES = {
    "arrays": "Latents, clusters, projections, scores",
    "rows": "Features",
    "excerpts": "Converted audio for browsers",
    "numba": "Compiled code (Numba)",
    "known": "Metadata of files",
    "selections": "Selections",
    "views": "Saved views",
    "cluster-names": "Names of clusters",
    "exports": "Files made for download",
    "collections": "Collections",
    "checkpoints": "Checkpoints",
    "pretrained": "List of pretrained encoders",
    "uploads": "Uploaded files",
    "jobs": "Jobs",
    "training": "Training states to resume",
    "captions": "Captions",
    "lyrics": "Transcribed lyrics",
    "versions": "Rejected versions",
    "access": "Access, audit log",
    "locks": "Locks",
}


def show_store() -> None:
    """Show a section that measures the store when it is opened: a large one takes a while."""
    lazy_section("Storage", "hard_drive", "library-storage", _show_sizes)


@st.fragment
def _show_sizes() -> None:
    """Show the size of each part of the store, and a button that deletes what can be recomputed."""
    with friendly(), st.spinner("Measuring …"):
        sizes = {name: size for name, size in store.sizes().items() if size}
    derived = sum(size for name, size in sizes.items() if name in store.DERIVED)
    st.markdown(f"Songscape stores **{format_size(sum(sizes.values()))}** in")
    st.code(str(store.root()), language=None, wrap_lines=True)
    if sizes:
        rows = sorted(sizes.items(), key=lambda item: -item[1])
        st.table(
            pd.DataFrame(
                {
                    "Content": [NAMES.get(name, name) for name, _ in rows],
                    "Size": [format_size(size) for _, size in rows],
                    "Recomputed when needed": ["yes" if name in store.DERIVED else "no" for name, _ in rows],
                }
            ),
            hide_index=True,
            border="horizontal",
        )
    busy = any(job.is_alive for job in jobs.list_jobs())
    if st.button(
        f"Free {format_size(derived)}" if derived else "Nothing to free",
        disabled=busy or not derived,
        key="library-free",
        help="Deletes features, latents, projections and converted audio, which are recomputed when needed. "
        "Collections, checkpoints, selections, captions, transcripts and your own files stay."
        + (" Not while a job is running." if busy else ""),
    ):
        freed = store.clear_derived()
        forget_prepared()
        st.toast(f"{format_size(freed)} freed", icon=":material/check_circle:")
        st.rerun()
