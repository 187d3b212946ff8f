"""One checkpoint: what it is, its loss curves and scores, and what can be done with it."""

import pandas as pd
import streamlit as st

from core import collection as collections
from core.access.rules import may_change_made
from core.checkpoints.catalogue import KIND, Checkpoint, find_checkpoint, is_trained_on, trained_on
from core.checkpoints.stored_checkpoints import delete_checkpoint
from core.collection import Collection
from core.collection.saved import read_info
from core.config import Field, describe_fields
from core.errors import CollectionError, SongscapeError
from core.messages.latent_messages import describe_latent_use
from core.messages.quantities import count, format_duration
from core.models import MODELS, get_model
from core.models.train_config import TrainConfig
from core.ui.models.fold_results import show_folds
from core.ui.models.loss_curves import show_curves, show_latent_use
from core.ui.models.reconstruction.reconstructions import show_reconstructions
from core.ui.shared.fields.wording import list_representations
from core.ui.shared.frame import go_to, offer_deletion, plain_markdown
from core.ui.shared.url_state import open_on_explore, put

CHOSEN = "checkpoint"
"""Name of the chosen checkpoint in the address."""
DESCRIBED = ("latent_dim", "active_units", "effective_rank")
"""Figures that :func:`core.messages.latent_messages.describe_latent_use` describes."""
RANDOM = "nothing: all weights were random"
"""What headers hold for a random initialisation."""


def show_newest() -> None:
    """Show the newest checkpoint instead of the one that was chosen."""
    put(CHOSEN, "")


def show_checkpoint(checkpoint: Checkpoint) -> None:
    """Show a checkpoint's facts, curves, scores, actions, reconstructions and settings."""
    meta = checkpoint.meta
    with st.container(border=True):
        st.markdown(
            f"**{plain_markdown(checkpoint.name)}**"
            + ("  :orange-badge[trained with labels]" if meta.get("sees_labels") else "")
        )
        st.caption(
            plain_markdown(" · ".join([*describe_facts(meta), f"hash {checkpoint.content_or_empty[:12]}"]))
        )
        if start := meta.get("started_from"):
            st.caption("Initialisation: " + plain_markdown("random" if start == RANDOM else start))
        if history := history_of(meta):
            show_curves(pd.DataFrame(history), key="models-history")
        elif not meta.get("training"):
            st.caption("Fitted in closed form, so it has no loss curves.")
        show_latent_use(meta)
        show_folds(meta.get("folds"))
        _show_actions(checkpoint)
        show_reconstructions(checkpoint, collection_of(checkpoint))
        _show_settings(meta)


def _show_actions(checkpoint: Checkpoint) -> None:
    """Show the buttons that open a checkpoint in Explore, download and delete it."""
    with st.container(horizontal=True):
        name = collection_of(checkpoint)
        if name in collections.names() and st.button(
            "Open in Explore", type="primary", icon=":material/scatter_plot:", key="models-explore"
        ):
            open_in_explore(checkpoint, collections.load(name))
        st.download_button(
            "Download",
            data=lambda: checkpoint.path.read_bytes(),
            file_name=checkpoint.path.name,
            icon=":material/download:",
            key="models-download",
            on_click="ignore",
        )
        if checkpoint.is_shipped or not may_change_made(KIND, checkpoint.name, trained_on(checkpoint)):
            return
        about = "Deletes the file. Training with the same settings and seed gives the same model."
        offer_deletion(checkpoint.name, about, "models-delete", lambda: _delete(checkpoint))


def _delete(checkpoint: Checkpoint) -> None:
    """Delete a checkpoint; the newest is shown then."""
    delete_checkpoint(checkpoint)
    show_newest()


def describe_facts(meta: dict) -> list[str]:
    """Describe a checkpoint and its training in a few short facts."""
    n_tracks, best_epoch = meta.get("n_tracks"), (meta.get("history") or {}).get("best_epoch")
    figures = meta.get("figures") or {}
    rest = {k: v for k, v in figures.items() if k not in DESCRIBED and isinstance(v, (int, float))}
    facts = [
        f"{meta['n_parameters']:,} parameters" if meta.get("n_parameters") else "",
        f"latent dimension {meta.get('latent_dim', '?')}",
        f"trained on {count(n_tracks, 'track')} in {format_duration(meta.get('seconds') or 0)}"
        if n_tracks
        else "",
        f"pooled with {', '.join(pooled)}" if (pooled := meta.get("collection", {}).get("pooled")) else "",
        f"text field {field}" if (field := meta.get("text_field")) else "",
        f"weights of epoch {best_epoch}, which has the lowest validation loss" if best_epoch else "",
        describe_latent_use(figures),
        *(f"{name.replace('_', ' ')} {value:.3g}" for name, value in rest.items()),
    ]
    return [fact for fact in facts if fact]


def _show_settings(meta: dict) -> None:
    """Show every setting of the model and of its training."""
    with st.expander("Settings", icon=":material/tune:", key="models-made"):
        titles = {field.name: field.setting.title for field in _fields_of(meta.get("model"))}
        rows = [
            (titles.get(name, name), name, "–" if value is None else str(value))
            for name, value in {**(meta.get("config") or {}), **(meta.get("training") or {})}.items()
        ]
        st.table(
            pd.DataFrame(rows, columns=["Setting", "Name", "Value"]), hide_index=True, border="horizontal"
        )


def _fields_of(model: str) -> tuple[Field, ...]:
    """Return the fields of a model's config and of its training; () for a model that is not registered."""
    if model not in MODELS:
        return ()
    return (*describe_fields(get_model(model).Config), *describe_fields(TrainConfig))


def open_in_explore(checkpoint: Checkpoint, collection: Collection) -> None:
    """Go to Explore with this checkpoint chosen.

    Raises
    ------
    CollectionError
        When the collection has no data for the checkpoint's input.
    """
    found = {
        modality: representation_of(checkpoint, collection, modality) for modality in checkpoint.modalities
    }
    if None in found.values():
        raise CollectionError(f"{collection.name} has no data for the input of {checkpoint.name}")
    open_on_explore(collection.name)
    put("look", "fused" if len(found) == 2 else checkpoint.modalities[0], page="explore")
    for modality, rep in found.items():
        put(modality, rep, page="explore")
    go_to("explore")


def representation_of(checkpoint: Checkpoint, collection: Collection, modality: str) -> str | None:
    """Return the name under which Explore offers a checkpoint for a modality of a collection, or None."""
    for rep in list_representations(collection, modality):
        if rep in (checkpoint.name, checkpoint.model, f"{checkpoint.model}:{checkpoint.input}"):
            try:
                if find_checkpoint(rep, collection, modality).path == checkpoint.path:
                    return rep
            except SongscapeError:
                continue
    return None


def collection_of(checkpoint: Checkpoint) -> str:
    """Return the name of the collection that a checkpoint was trained on, in the library or not."""
    was = "demo" if checkpoint.is_shipped else (checkpoint.meta.get("collection") or {}).get("name", "")
    names = collections.names()
    if was in names:
        return was
    renamed = (name for name in names if is_trained_on(checkpoint, name, read_info(name)))
    return next(renamed, was)


def history_of(meta: dict) -> list[dict]:
    """Return the rows of a training's history, [] without one."""
    return (meta.get("history") or {}).get("rows") or []
