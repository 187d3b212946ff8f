"""The choice of a pretrained text encoder by name or folder."""

import os
from pathlib import Path

from core.collection.sources.roots import resolve_within
from core.inputs.input_names import JOIN, parts_of
from core.ui.shared.url_state import type_text

WITH_ENCODER = ("sentence", "passages", "tokens", "wordpieces")
"""Inputs that take any text encoder (``sentence:NAME_OR_FOLDER``)."""


def name_encoder(model: str, reads: str) -> str:
    """Choose the text encoder of a model's input; empty for the packaged one.

    Parameters
    ----------
    model : str
        Registered name of the model that is trained.
    reads : str
        Its input, see :mod:`core.inputs.input_names`.

    Returns
    -------
    str
        The input, with the encoder's name if one was given.

    Raises
    ------
    CollectionError
        When it is a folder that may not be opened from the browser.
    """
    parts = parts_of(reads)
    if not set(parts.values()) & set(WITH_ENCODER):
        return reads
    typed = type_text(
        f"{model}.encoder",
        "Text encoder",
        placeholder="packaged",
        help="Any **BERT**, **RoBERTa** or **sentence-transformers** model: a folder on this machine, or a "
        "name on the Hugging Face hub, from which it is downloaded once. Its weights are frozen and its "
        "vectors stored, except for inputs of tokens, where it is fine-tuned.",
    )
    if not typed:
        return reads
    return JOIN.join(
        f"{part}:{resolve_model(typed)}" if part in WITH_ENCODER else part for part in parts.values()
    )


def resolve_model(typed: str) -> str:
    """Return a model's name as typed, or its folder if that may be opened from the browser."""
    is_folder = typed.startswith(("~", ".")) or Path(typed).is_absolute() or os.path.isdir(typed)
    return str(resolve_within(typed)) if is_folder else typed
