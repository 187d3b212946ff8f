"""How much room the store takes, and freeing what can be made again."""

import pandas as pd
import streamlit as st

from core import store
from core.jobs import job as jobs
from core.ui.shared.frame import friendly
from core.ui.shared.prepare import forget_prepared

NAMES = {
    "arrays": "Latents, clusters, maps, scores",
    "rows": "Features of tracks",
    "excerpts": "Sound that browsers can play",
    "numba": "Compiled code",
    "known": "What is known of files",
    "selections": "Selections",
    "collections": "Collections",
    "checkpoints": "Checkpoints",
    "uploads": "Uploaded files",
    "jobs": "Jobs",
    "training": "Trainings to go on with",
    "captions": "Captions",
    "lyrics": "Lyrics from the sound",
    "locks": "Locks",
}


def show_store() -> None:
    """Draw a fold that measures the store when it is opened: walking through a large one takes a while."""
    fold = st.expander("Storage", icon=":material/hard_drive:", key="library-storage", on_change="rerun")
    if fold.open:
        with fold:
            _show_sizes()


@st.fragment
def _show_sizes() -> None:
    """Show what takes how much, and free what can be made again."""
    with friendly(), st.spinner("Measuring …"):
        sizes = {name: size for name, size in store.sizes().items() if size}
    derived = sum(size for name, size in sizes.items() if name in store.DERIVED)
    st.markdown(f"Everything that Songscape keeps, **{in_bytes(sum(sizes.values()))}**, lies in")
    st.code(str(store.root()), language=None, wrap_lines=True)
    if sizes:
        rows = sorted(sizes.items(), key=lambda item: -item[1])
        st.table(
            pd.DataFrame(
                {
                    "What": [NAMES.get(name, name) for name, _ in rows],
                    "Size": [in_bytes(size) for _, size in rows],
                    "Made again when needed": ["yes" if name in store.DERIVED else "no" for name, _ in rows],
                }
            ),
            hide_index=True,
            border="horizontal",
        )
    busy = any(job.is_alive for job in jobs.list_jobs())
    if st.button(
        f"Free {in_bytes(derived)}" if derived else "Nothing to free",
        disabled=busy or not derived,
        key="library-free",
        help="Features, latents, maps and excerpts are deleted and computed again when they are needed. "
        "Collections, checkpoints, "
        "selections, captions, transcripts and your own files stay."
        + (" Something is being computed just now." if busy else ""),
    ):
        freed = store.clear_derived()
        forget_prepared()
        st.toast(f"{in_bytes(freed)} freed", icon=":material/check_circle:")
        st.rerun()


def in_bytes(size: float) -> str:
    """Say a size as people do: three figures at most."""
    for unit in ("bytes", "kB", "MB"):
        if size < 999.5:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 99.5 else f"{size:.2g} {unit}"
        size /= 1000
    return f"{size:.3g} GB"
