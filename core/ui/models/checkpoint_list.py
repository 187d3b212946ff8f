"""Checkpoints on a page: what each one is, its loss curves, load another, download, delete."""

import os
import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from core import collection as collections
from core import store
from core.checkpoints.catalogue import (
    Checkpoint,
    belongs,
    delete_checkpoint,
    delete_unreadable,
    find_checkpoint,
    import_checkpoint,
    is_folder,
    list_checkpoints,
    unreadable,
)
from core.collection import Collection
from core.collection.sources.roots import resolve_within
from core.collection.sources.walk import reason_of
from core.config import Field, describe_fields
from core.errors import CheckpointError, CollectionError, SongscapeError
from core.messages.latent_messages import describe_latent_use
from core.models import MODELS, get_model
from core.models.train_config import TrainConfig
from core.ui.models.fold_results import show_folds
from core.ui.models.latent_use import show_latent_use
from core.ui.models.loss_curves import draw_curves
from core.ui.models.reconstructions import show_listening
from core.ui.shared.frame import friendly, go_to, plain_markdown
from core.ui.shared.storage import in_bytes
from core.ui.shared.url_state import get, open_on_explore, put
from core.ui.shared.wording import list_representations, title_of_input

CHOSEN = "checkpoint"
"""Name in the address for the checkpoint that is shown."""
IN_WORDS = ("latent_dim", "active_units", "effective_rank")
"""Figures that are said in words."""


def show_checkpoints() -> None:
    """Draw the list, then the one that was chosen."""
    st.subheader("Checkpoints", anchor=False)
    found = list_checkpoints()
    if found:
        _show_one(_choose(found))
    else:
        st.info("There are none yet. Train a model above, or load a file.", icon=":material/info:")
    for name, reason in unreadable().items():
        _show_unreadable(name, reason)
    _show_loading()


def _show_unreadable(name: str, reason: str) -> None:
    """Say why a file among the store's checkpoints can't be used, and offer to delete it."""
    st.warning(plain_markdown(f"{name} in the store can't be used: {reason}"), icon=":material/warning:")
    key = store.key_of(name)[:8]
    with st.popover("Delete", icon=":material/delete:", key=f"models-delete-unreadable-open-{key}"):
        st.markdown(
            f"This deletes the {'folder and everything in it' if is_folder(name) else 'file'} from the store."
        )
        if st.button(f"Delete {plain_markdown(name)}", type="primary", key=f"models-delete-unreadable-{key}"):
            delete_unreadable(name)
            st.toast(f"{plain_markdown(name)} is deleted.")
            st.rerun()


def _choose(found: list[Checkpoint]) -> Checkpoint:
    """Draw the table and return the checkpoint whose row is chosen; at first the newest."""
    names = [checkpoint.name for checkpoint in found]
    wanted = get(CHOSEN)
    row = names.index(wanted) if wanted in names else 0
    columns = {
        "Last loss": st.column_config.NumberColumn(format="%.3f"),
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
    if (
        wanted in names or chosen is not found[row]
    ):  # until somebody chooses, the newest is shown, whatever is trained meanwhile
        put(CHOSEN, chosen.name)
    return chosen


def show_newest() -> None:
    """Forget which checkpoint was chosen."""
    put(CHOSEN, "")


def _row(checkpoint: Checkpoint) -> dict:
    """Return one row of the table."""
    meta = checkpoint.meta
    history = _history(meta)
    return {
        "Name": checkpoint.name,
        "Model": MODELS[checkpoint.model].title if checkpoint.model in MODELS else checkpoint.model,
        "Learnt from": title_of_input(checkpoint.input),
        "Collection": _collection_of(checkpoint),
        "Epochs": len(history) or None,
        "Last loss": history[-1].get("train_total") if history else None,
        "Size": in_bytes(checkpoint.size),
        "Made": str(meta.get("created", ""))[:10],
        "From": "shipped" if checkpoint.is_shipped else "this machine",
    }


def _show_one(checkpoint: Checkpoint) -> None:
    """Draw what a checkpoint is, and what can be done with it."""
    meta = checkpoint.meta
    with st.container(border=True):
        st.markdown(
            f"**{plain_markdown(checkpoint.name)}**"
            + ("  :orange-badge[was told the labels]" if meta.get("sees_labels") else "")
        )
        st.caption(plain_markdown(" · ".join([*_facts(meta), f"hash {checkpoint.content_if_there[:12]}"])))
        if meta.get("started_from"):
            st.caption("Started from: " + plain_markdown(meta["started_from"]))
        history = _history(meta)
        if history:
            draw_curves(pd.DataFrame(history), key="models-history")
        elif not meta.get("training"):
            st.caption("It was made in closed form, so there are no epochs to show.")
        show_latent_use(meta)
        show_folds(meta.get("folds"))
        with st.container(horizontal=True):
            _show_way_to_explore(checkpoint)
            st.download_button(
                "Download",
                data=lambda: checkpoint.path.read_bytes(),
                file_name=checkpoint.path.name,
                icon=":material/download:",
                key="models-download",
                on_click="ignore",
            )
            if not checkpoint.is_shipped:
                with st.popover("Delete", icon=":material/delete:", key="models-delete-open"):
                    st.markdown(
                        "The file is deleted. Train again with the same settings and seed to have it back."
                    )
                    if st.button(
                        f"Delete {plain_markdown(checkpoint.name)}", type="primary", key="models-delete"
                    ):
                        delete_checkpoint(checkpoint)
                        show_newest()
                        st.toast(f"{plain_markdown(checkpoint.name)} is deleted.")
                        st.rerun()
        show_listening(checkpoint, _collection_of(checkpoint))
        _show_settings(meta)


def _facts(meta: dict) -> list[str]:
    """Say in a few words what a checkpoint is and how its training went."""
    facts = [f"{meta.get('n_parameters') or 0:,} parameters"] if meta.get("n_parameters") else []
    facts += [f"{meta.get('latent_dim', '?')} dimensions"]
    facts += (
        [f"learnt from {meta['n_tracks']:,} tracks in {meta.get('seconds') or 0:.0f} s"]
        if meta.get("n_tracks")
        else []
    )
    history = meta.get("history") or {}
    if history.get("best_epoch"):
        facts.append(f"epoch {history['best_epoch']} was the best on held-out tracks and is kept")
    figures = meta.get("figures") or {}
    said = describe_latent_use(figures)
    rest = {k: v for k, v in figures.items() if k not in IN_WORDS and isinstance(v, (int, float))}
    return (
        facts
        + [said] * bool(said)
        + [f"{name.replace('_', ' ')} {value:.3g}" for name, value in rest.items()]
    )


def _show_settings(meta: dict) -> None:
    """Fold out every setting it was made with."""
    settings = {**(meta.get("config") or {}), **(meta.get("training") or {})}
    with st.expander("How it was made", key="models-made"):
        titles = {field.name: field.setting.title for field in _fields_of(meta.get("model"))}
        rows = [
            (titles.get(name, name), name, "–" if value is None else str(value))
            for name, value in settings.items()
        ]
        st.table(
            pd.DataFrame(rows, columns=["Setting", "Name", "Value"]), hide_index=True, border="horizontal"
        )


def _fields_of(model: str) -> tuple[Field, ...]:
    """Return the fields of a model's config and of its training, () where no such model is registered."""
    return (
        (*describe_fields(get_model(model).Config), *describe_fields(TrainConfig)) if model in MODELS else ()
    )


def _show_way_to_explore(checkpoint: Checkpoint) -> None:
    """Lead to the map that this checkpoint makes of the collection it was trained on."""
    name = _collection_of(checkpoint)
    if name not in collections.names():
        return
    if st.button("See it in Explore", type="primary", icon=":material/scatter_plot:", key="models-explore"):
        open_in_explore(checkpoint, collections.load(name))


def open_in_explore(checkpoint: Checkpoint, collection: Collection) -> None:
    """Go to Explore with this checkpoint chosen.

    Raises
    ------
    CollectionError
        When the collection has nothing that this checkpoint reads.
    """
    found = {
        modality: representation_of(checkpoint, collection, modality) for modality in checkpoint.modalities
    }
    if None in found.values():
        raise CollectionError(f"{collection.name} has nothing that {checkpoint.name} reads")
    open_on_explore(collection.name)
    put("look", "fused" if len(found) == 2 else checkpoint.modalities[0], page="explore")
    for modality, rep in found.items():
        put(modality, rep, page="explore")
    go_to("explore")


def representation_of(checkpoint: Checkpoint, collection: Collection, modality: str) -> str | None:
    """Return the name under which Explore offers a checkpoint for one modality of a collection; None where it doesn't."""
    for rep in list_representations(collection, modality):
        if rep in (checkpoint.name, checkpoint.model, f"{checkpoint.model}:{checkpoint.input}"):
            try:
                if find_checkpoint(rep, collection, modality).path == checkpoint.path:
                    return rep
            except SongscapeError:
                continue
    return None


def _collection_of(checkpoint: Checkpoint) -> str:
    """Return the name of the collection that a checkpoint belongs to."""
    if checkpoint.is_shipped:
        return next(
            (n for n in collections.names() if n == "demo" and belongs(checkpoint, collections.load(n))),
            "demo",
        )
    return (checkpoint.meta.get("collection") or {}).get("name", "")


def _history(meta: dict) -> list[dict]:
    """Return the rows of a training's history, [] where there is none."""
    return (meta.get("history") or {}).get("rows") or []


def _show_loading() -> None:
    """Load a checkpoint made elsewhere, by upload or by path."""
    turn = st.session_state.get("models-load-turn", 0)
    with (
        st.expander("Load a checkpoint from a file", icon=":material/upload:", key="models-load-open"),
        friendly(),
    ):
        st.caption(
            "A .safetensors file that Songscape wrote, here or on another machine. It is looked through "
            "before it is used; anything else is refused."
        )
        file = st.file_uploader("Upload it", type=["safetensors"], key=f"models-upload-{turn}")
        path = st.text_input(
            "Or its path on this machine", key=f"models-path-{turn}", placeholder="/path/to/model.safetensors"
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
    """Return a file in a folder that may be opened here, links followed."""
    try:
        found = Path(os.path.expanduser(path)).resolve()
    except (
        OSError,
        RuntimeError,
        ValueError,
    ) as reason:  # a name too long, links in a circle or the home of nobody, NUL
        raise CheckpointError(f"{path[:200]!r} can't be read: {reason_of(reason)}") from reason
    return resolve_within(found.parent) / found.name
