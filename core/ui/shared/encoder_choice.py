"""The name or the folder of a pretrained text encoder, typed on a page."""

import os
from pathlib import Path

import streamlit as st

from core.collection.sources.roots import resolve_within
from core.inputs.input_names import JOIN, parts_of
from core.ui.shared.url_state import record, start_widget

ABLE = ("sentence", "passages", "tokens", "wordpieces")
"""Inputs that read with any text encoder (``sentence:NAME_OR_FOLDER``)."""


def name_encoder(model: str, reads: str) -> str:
    """Let the user name the text encoder of what a model reads; left empty, the packaged one reads.

    Parameters
    ----------
    model : str
        Registered name of the model that is trained.
    reads : str
        Its input, see :mod:`core.inputs.input_names`.

    Returns
    -------
    str
        The input, with the encoder's name where one was typed.

    Raises
    ------
    CollectionError
        When it is a folder that may not be opened from the browser.
    """
    parts = parts_of(reads)
    if not set(parts.values()) & set(ABLE):
        return reads
    typed = st.text_input(
        "Text encoder",
        key=start_widget(f"{model}.encoder", None, ""),
        placeholder="the packaged one",
        help="Any **BERT**, **RoBERTa** or **sentence-transformers** model: a folder on this machine, or a "
        "name on the Hugging Face hub, from "
        "which it is fetched once. It stays as it is and its vectors are stored, except where the words go "
        "in as tokens: then it learns along.",
    ).strip()
    record(f"{model}.encoder", typed)
    if not typed:
        return reads
    return JOIN.join(f"{part}:{resolve_model(typed)}" if part in ABLE else part for part in parts.values())


def resolve_model(typed: str) -> str:
    """Return a model's name as typed, or the folder it means where that may be opened from the browser."""
    is_folder = typed.startswith(("~", ".")) or Path(typed).is_absolute() or os.path.isdir(typed)
    return str(resolve_within(typed)) if is_folder else typed
