"""Loading a checkpoint that was made elsewhere."""

import os
import tempfile
from pathlib import Path

import streamlit as st

from core import store
from core.checkpoints.catalogue import import_checkpoint
from core.collection.sources.roots import resolve_within
from core.collection.sources.walk import reason_of
from core.errors import CheckpointError
from core.ui.models.checkpoint_details import CHOSEN
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.url_state import put


def show_import() -> None:
    """Show the form that loads a checkpoint, by upload or by path."""
    turn = st.session_state.get("models-load-turn", 0)
    with (
        st.expander("Load a checkpoint from a file", icon=":material/upload:", key="models-load-open"),
        friendly(),
    ):
        st.caption(
            "A .safetensors file written by Songscape, on this or another machine. It is validated before it "
            "is used; any other file is refused."
        )
        file = st.file_uploader("Upload", type=["safetensors"], key=f"models-upload-{turn}")
        path = st.text_input(
            "Or path on this machine", key=f"models-path-{turn}", placeholder="/path/to/model.safetensors"
        ).strip()
        if not st.button("Load", key="models-load", disabled=not (file or path)):
            return
        if file:
            with tempfile.TemporaryDirectory() as folder:
                source = Path(folder) / "upload.safetensors"
                store.publish(source, lambda temporary: temporary.write_bytes(file.getvalue()))
                loaded = import_checkpoint(source, name=file.name)
        else:
            loaded = import_checkpoint(_resolve_file(path), name=Path(path).name)
        put(CHOSEN, loaded.name)
        st.session_state["models-load-turn"] = turn + 1
        st.toast(f"{plain_markdown(loaded.name)} is loaded.", icon=":material/check_circle:")
        st.rerun()


def _resolve_file(path: str) -> Path:
    """Return a file in a folder that may be opened from the browser, links followed."""
    try:
        found = Path(os.path.expanduser(path)).resolve()
    except (OSError, RuntimeError, ValueError) as reason:  # too long, circular links, unknown ~user, NUL
        raise CheckpointError(f"{path[:200]!r} can't be read: {reason_of(reason)}") from reason
    return resolve_within(found.parent) / found.name
