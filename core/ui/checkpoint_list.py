"""Checkpoints on a page: what each one is, its loss curves, load another, download, delete."""

import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from core import collection as collections
from core.checkpoints import Checkpoint, delete_checkpoint, import_checkpoint, list_checkpoints, unreadable
from core.collection.roots import resolve_within
from core.models import MODELS, describe
from core.ui.frame import friendly, go_to, plain_markdown
from core.ui.library import in_bytes
from core.ui.loss_curves import draw_curves
from core.ui.memory import open_on_explore, put
from core.ui.words import EXTRACTOR_WORDS, Words


def show_checkpoints() -> None:
    """Draw the list, then the one that was chosen."""
    st.subheader("Checkpoints", anchor=False)
    found = list_checkpoints()
    if found:
        _show_one(found[_choose(found)])
    else:
        st.info("There are none yet. Train a model above, or load a file.", icon=":material/info:")
    for name, reason in unreadable().items():
        st.warning(plain_markdown(f"{name} in the store can't be used: {reason}"), icon=":material/warning:")
    _show_loading()


def _choose(found: list[Checkpoint]) -> int:
    """Draw the table and return the row that is shown below it."""
    rows = []
    for checkpoint in found:
        meta = checkpoint.meta
        history = meta.get("history", {}).get("rows", [])
        rows.append({
            "Name": checkpoint.name,
            "Model": describe(checkpoint.model).title if checkpoint.model in MODELS else checkpoint.model,
            "Learnt from": EXTRACTOR_WORDS.get(checkpoint.input, Words(checkpoint.input)).title,
            "Collection": meta.get("collection", {}).get("name", ""),
            "Epochs": len(history) or None,
            "Last loss": history[-1].get("train_total") if history else None,
            "Size": in_bytes(checkpoint.path.stat().st_size),
            "Made": str(meta.get("created", ""))[:10],
            "From": "shipped" if checkpoint.is_shipped else "this machine",
        })  # fmt: skip
    columns = {"Last loss": st.column_config.NumberColumn(format="%.3f")}
    event = st.dataframe(
        pd.DataFrame(rows), hide_index=True, column_config=columns, key="models-checkpoints", on_select="rerun", selection_mode="single-row-required",
    )  # fmt: skip
    chosen = event.get("selection", {}).get("rows", []) if hasattr(event, "get") else event.selection.rows
    return chosen[0] if chosen and chosen[0] < len(found) else 0


def _show_one(checkpoint: Checkpoint) -> None:
    """Draw what a checkpoint is, and what can be done with it."""
    meta = checkpoint.meta
    with st.container(border=True):
        st.markdown(f"**{plain_markdown(checkpoint.name)}**" + (" :orange-badge[was told the labels]" if meta.get("sees_labels") else ""))
        facts = [f"{meta.get('n_parameters', 0):,} parameters", f"{meta.get('latent_dim', '?')} dimensions", f"{meta.get('n_tracks', '?')} tracks"]
        figures = meta.get("figures") or {}
        facts += [f"{name.replace('_', ' ')} {value:.3g}" for name, value in figures.items() if isinstance(value, (int, float))]
        st.caption(plain_markdown(" · ".join(facts)))
        rows = meta.get("history", {}).get("rows", [])
        if rows:
            draw_curves(pd.DataFrame(rows), key=f"history-{checkpoint.name}")
        with st.container(horizontal=True):
            on = meta.get("collection", {}).get("name", "")
            on = "demo" if checkpoint.is_shipped else on
            if on in collections.names() and st.button("See it in Explore", type="primary", icon=":material/scatter_plot:", key="models-explore"):
                open_on_explore(on)
                put(checkpoint.modality, checkpoint.name)
                go_to("explore")
            st.download_button("Download", data=lambda: checkpoint.path.read_bytes(), file_name=checkpoint.path.name, icon=":material/download:")
            if not checkpoint.is_shipped:
                with st.popover("Delete", icon=":material/delete:"):
                    st.markdown("The file is deleted. Train again with the same settings and seed to have it back.")
                    if st.button(f"Delete {plain_markdown(checkpoint.name)}", type="primary", key="models-delete"):
                        delete_checkpoint(checkpoint)
                        st.rerun()


def _show_loading() -> None:
    """Load a checkpoint made elsewhere, by upload or by path."""
    with st.expander("Load a checkpoint from a file", icon=":material/upload:"), friendly():
        file = st.file_uploader("A .safetensors file made by Songscape", type=["safetensors"], key="models-upload")
        path = st.text_input("Or its path on this machine", key="models-path", placeholder="/path/to/model.safetensors")
        if not st.button("Load", key="models-load", disabled=not (file or path.strip())):
            return
        if file:
            with tempfile.TemporaryDirectory() as folder:
                source = Path(folder) / "upload.safetensors"
                source.write_bytes(file.getvalue())
                loaded = import_checkpoint(source, name=file.name)
        else:
            source = Path(path.strip()).expanduser()
            loaded = import_checkpoint(resolve_within(source.parent) / source.name)
        st.toast(f"{plain_markdown(loaded.name)} is loaded.", icon=":material/check_circle:")
        st.rerun()
