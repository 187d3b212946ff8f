"""The list of checkpoints: choose one, see which files are not readable, load another."""

import os
import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from core import store
from core.access.rules import has_every_right
from core.checkpoints.catalogue import Checkpoint, list_checkpoints
from core.checkpoints.checkpoint_files import delete_unreadable, is_unreadable_folder, list_unreadable
from core.checkpoints.stored_checkpoints import import_checkpoint
from core.collection.sources.roots import resolve_within
from core.collection.sources.walk import reason_of
from core.errors import CheckpointError
from core.messages.quantities import format_size
from core.models import MODELS
from core.ui.models.checkpoint_details import CHOSEN, collection_of, history_of, show_checkpoint
from core.ui.shared.fields.wording import title_of_input
from core.ui.shared.frame import friendly, offer_deletion, plain_markdown, refuse_link
from core.ui.shared.url_state import get, put


def show_checkpoints() -> None:
    """Show the list, and the checkpoint that is chosen."""
    st.subheader("Checkpoints", anchor=False)
    found = list_checkpoints()
    if found:
        show_checkpoint(_choose(found))
    else:
        st.info("No checkpoints yet. Train a model above, or load a file.", icon=":material/info:")
    for name, reason in list_unreadable().items() if has_every_right() else ():
        _show_unreadable(name, reason)
    show_import()


def _show_unreadable(name: str, reason: str) -> None:
    """Show why a file among the store's checkpoints is not readable, and offer to delete it."""
    st.warning(plain_markdown(f"{name} in the store is not readable: {reason}"), icon=":material/warning:")
    key = store.key_of(name)[:8]
    what = "folder and everything in it" if is_unreadable_folder(name) else "file"
    about = f"Deletes the {what} from the store."
    offer_deletion(name, about, f"models-delete-unreadable-{key}", lambda: delete_unreadable(name))


def _choose(found: list[Checkpoint]) -> Checkpoint:
    """Show the table and return the checkpoint of the selected row; by default the newest."""
    names = [checkpoint.name for checkpoint in found]
    wanted = get(CHOSEN)
    if wanted and wanted not in names:
        refuse_link(CHOSEN, f"There is no checkpoint “{wanted[:80]}” in this store; the newest is shown.")
        put(CHOSEN, "")
    row = names.index(wanted) if wanted in names else 0
    columns = {
        "Final loss": st.column_config.NumberColumn(format="%.3f"),
        "Epochs": st.column_config.NumberColumn(format="%d"),
    }
    state = st.dataframe(
        pd.DataFrame([_row(checkpoint) for checkpoint in found]),
        hide_index=True,
        column_config=columns,
        height=min(300, 38 + 35 * len(found)),
        key=f"models-checkpoints-{store.key_of(names)[:8]}",
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [row]}},
    )
    rows = state["selection"]["rows"]
    chosen = found[rows[0]] if rows and rows[0] < len(found) else found[row]
    # until somebody chooses, the newest is shown, also when another training ends meanwhile
    if wanted in names or chosen is not found[row]:
        put(CHOSEN, chosen.name)
    return chosen


def _row(checkpoint: Checkpoint) -> dict:
    """Return one row of the table."""
    meta = checkpoint.meta
    history = history_of(meta)
    return {
        "Name": checkpoint.name,
        "Model": MODELS[checkpoint.model].title if checkpoint.model in MODELS else checkpoint.model,
        "Input": title_of_input(checkpoint.input),
        "Collection": collection_of(checkpoint),
        "Epochs": len(history) or None,
        "Final loss": history[-1].get("train_total") if history else None,
        "Size": format_size(checkpoint.size),
        "Created": str(meta.get("created", ""))[:10],
        "Origin": "shipped" if checkpoint.is_shipped else "this machine",
    }


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
