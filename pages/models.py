"""Models: train one on a collection, watch it learn, keep, load and delete checkpoints."""

import sys

import streamlit as st

from core import collection as collections
from core.checkpoints.catalogue import list_checkpoints
from core.messages.latent_messages import describe_collapse
from core.ui.models.checkpoint_list import open_in_explore, show_checkpoints
from core.ui.models.loss_curves import show_job_curves
from core.ui.models.train_form import show_train_form
from core.ui.shared.frame import next_step, page
from core.ui.shared.job_panel import show_jobs
from core.ui.shared.prepare import in_words
from core.ui.shared.url_state import write_address


def main() -> None:
    """Run the page."""
    wake_torch()
    show_jobs("train", says=trained_in_words, detail=show_job_curves, then=show_trained)
    names = collections.names()
    if names:
        show_train_form(names)
        write_address()  # before the checkpoints, whose reading may take long
    else:
        st.info("A model learns from a collection, and there is none yet.", icon=":material/library_music:")
        next_step("Begin with music:", "Open the Library", to="library")
    show_checkpoints()


def wake_torch() -> None:
    """Import torch, once per server: it takes seconds, and reading a checkpoint's header or a model's settings needs it."""
    if "torch" not in sys.modules:
        with st.spinner("Starting what models run on …"):
            import torch  # noqa: F401


def trained_in_words(result: dict) -> str:
    """Say what a finished training made, and what is wrong with it where something is."""
    said = (
        f"It took {in_words(result.get('seconds', 0))}; the checkpoint is called "
        f"{result.get('checkpoint', '')}."
    )
    return f"{said} {describe_collapse(result.get('figures', {}), result.get('config', {}))}".strip()


def show_trained(result: dict) -> None:
    """Lead to the map of a finished training, while its checkpoint and its collection are there."""
    name = result.get("checkpoint", "")
    checkpoint = next((c for c in list_checkpoints() if c.name == name), None)
    on = (checkpoint.meta.get("collection") or {}).get("name") if checkpoint else None
    if on not in collections.names():
        return
    if st.button("See it in Explore", key=f"models-see-{name}", icon=":material/scatter_plot:"):
        open_in_explore(checkpoint, collections.load(on))


with page("Models", "Let a model learn a space from a collection; then see it in Explore."):
    main()
