"""Pretrained encoders on the Models page: the table, getting one as a job, and those that were got."""

import pandas as pd
import streamlit as st

from core import store
from core.access.rules import has_every_right
from core.features.encoders.encoder_table import ENCODERS, EncoderEntry
from core.features.encoders.obtained import Obtained, is_obtained, list_obtained, remove
from core.jobs import job as jobs
from core.messages.quantities import format_size
from core.ui.shared.fields.wording import resolve_model, words_of_encoder
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.job_panel import show_jobs

ABOUT = (
    "Encoders that others trained. One that you get is a representation like any other, on Explore and as a "
    "model's input. It is downloaded from the Hugging Face hub once and runs on this computer; nothing of "
    "your collections leaves it. Licences are those of the model cards."
)


def show_encoders() -> None:
    """Show the section; getting an encoder is a job."""
    st.subheader("Pretrained encoders", anchor=False)
    st.caption(ABOUT)
    show_jobs("pretrained", describe=describe_obtained)
    with friendly():
        st.dataframe(
            pd.DataFrame([_row(entry) for entry in ENCODERS.values()]), hide_index=True, key="models-encoders"
        )
        if has_every_right():
            _show_form()
        obtained = list_obtained()
        if not obtained:
            st.caption("None so far. MusiCNN and two sentence encoders come with the installation.")
        for one in obtained:
            _show_obtained(one)


def describe_obtained(result: dict) -> str:
    """Describe the result of a finished job."""
    where = " and ".join(result.get("modalities", ()))
    return f"is ready: choose {result.get('title', '')} as the {where} representation on Explore."


def _row(entry: EncoderEntry) -> dict:
    """Return one row of the table."""
    state = "ready" if is_obtained(entry) else "can't run: needs its own code" if entry.needs_code else ""
    return {
        "Encoder": entry.title,
        "Modality": entry.modality,
        "Good at": entry.help,
        "Languages": entry.languages,
        "Size": format_size(entry.size_mb * 1_000_000),
        "Licence": entry.licence,
        "State": state,
        "Name": entry.repo,
    }


def _show_form() -> None:
    """Choose an encoder of the table, or type another name or a folder, and start the job."""
    offers = [name for name, entry in ENCODERS.items() if not entry.needs_code]
    left, right = st.columns(2)
    chosen = left.selectbox(
        "Encoder",
        offers,
        format_func=lambda name: ENCODERS[name].title,
        key="models-encoder",
        help="An encoder of the table.",
    )
    typed = right.text_input(
        "Or another name or folder",
        key="models-encoder-name",
        placeholder="facebook/hubert-base-ls960",
        help="An audio encoder of the **transformers** library, a CLAP model or a **sentence-transformers** "
        "model: its name on the Hugging Face hub, or a folder on this computer.",
    ).strip()
    title = typed or ENCODERS[chosen].title
    if st.button(f"Get {plain_markdown(title)}", icon=":material/download:", key="models-get-encoder"):
        jobs.start("pretrained", f"Get {title}", name=resolve_model(typed) if typed else chosen)
        st.rerun()


def _show_obtained(one: Obtained) -> None:
    """Show an encoder that the user got, with a button that takes it off the list."""
    with st.container(horizontal=True, vertical_alignment="center"):
        words = words_of_encoder(one)
        st.markdown(
            f"**{plain_markdown(one.title)}** ({' and '.join(one.modalities)}, {format_size(one.size)}): "
            f"{words.help} `{one.rep}`",
            width="stretch",
        )
        if has_every_right() and st.button(
            "Remove",
            key=f"models-remove-encoder-{store.key_of(one.rep)[:8]}",
            type="tertiary",
            help="Takes it off the lists; its files stay in the hub's local cache or in their folder.",
        ):
            remove(one.rep)
            st.rerun()
