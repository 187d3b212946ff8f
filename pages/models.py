"""Models: train one on a collection, watch it learn, keep, load and delete checkpoints."""

import streamlit as st

from core import collection as collections
from core.ui.checkpoint_list import show_checkpoints
from core.ui.frame import next_step, page
from core.ui.job_panel import show_jobs
from core.ui.loss_curves import show_job_curves
from core.ui.train_form import show_train_form


def trained_in_words(result: dict) -> str:
    """Say what a finished training made."""
    return f"The checkpoint “{result.get('checkpoint', '')}” stands below; it took {result.get('seconds', 0):.0f} s."


def main() -> None:
    """Run the page."""
    show_jobs("train", says=trained_in_words, detail=show_job_curves)
    names = collections.names()
    if names:
        show_train_form(names)
    else:
        st.info("A model learns from a collection, and there is none yet.", icon=":material/library_music:")
        next_step("Begin with music:", "Open the Library", to="library")
    show_checkpoints()


with page("Models", "Let a model learn a space from a collection; then see it in Explore."):
    main()
