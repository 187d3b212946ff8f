"""Models: train one on a collection, follow its loss; open, download, load and delete checkpoints."""

import sys

import streamlit as st

from core import collection as collections
from core.checkpoints.catalogue import list_checkpoints
from core.messages.latent_messages import describe_collapse
from core.messages.quantities import format_duration
from core.ui.models.checkpoint_details import collection_of, open_in_explore
from core.ui.models.checkpoint_list import show_checkpoints
from core.ui.models.loss_curves import show_job_curves
from core.ui.models.pretrained_encoders import show_encoders
from core.ui.models.train_form import show_train_form
from core.ui.shared.frame import next_step, page, show_link_notice
from core.ui.shared.job_panel import show_jobs
from core.ui.shared.url_state import write_address


def main() -> None:
    """Run the page."""
    import_torch()
    notice = st.container()
    show_jobs("train", describe=describe_training, detail=show_job_curves, then=show_trained)
    names = collections.names()
    if names:
        show_train_form(names)
        write_address()  # before the checkpoints, which may take long to read
    else:
        st.info("Training needs a collection, and the library is empty.", icon=":material/library_music:")
        next_step("Add music first:", "Open the Library", to="library")
    show_checkpoints()
    show_encoders()
    with notice:
        show_link_notice()


def import_torch() -> None:
    """Import torch, once per server: it takes seconds, and checkpoints and settings of models need it."""
    if "torch" not in sys.modules:
        with st.spinner("Loading PyTorch …"):
            import torch  # noqa: F401


def describe_training(result: dict) -> str:
    """Describe the checkpoint of a finished training, and what is wrong with its latents."""
    sentence = (
        f"Trained in {format_duration(result.get('seconds', 0))}; the checkpoint is "
        f"{result.get('checkpoint', '')}."
    )
    return f"{sentence} {describe_collapse(result.get('figures', {}), result.get('config', {}))}".strip()


def show_trained(result: dict) -> None:
    """Show the button that opens a new checkpoint in Explore, if it and its collection still exist."""
    name = result.get("checkpoint", "")
    checkpoint = next((c for c in list_checkpoints() if c.name == name), None)
    if checkpoint is None or collection_of(checkpoint) not in collections.names():
        return
    if st.button("Open in Explore", key=f"models-see-{name}", icon=":material/scatter_plot:"):
        open_in_explore(checkpoint, collections.load(collection_of(checkpoint)))


with page("Models", "Train a model on a collection, then open its latent space in Explore."):
    main()
