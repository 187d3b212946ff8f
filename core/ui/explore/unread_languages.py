"""A warning where the chosen encoder was not trained on the language of most texts."""

from collections import Counter

import numpy as np
import streamlit as st

from core import store
from core.collection import Collection
from core.collection.languages import languages_of
from core.features.pretrained.encoder_languages import count_unsupported
from core.representation.resolve import resolve_parts
from core.store.hashing.source import source_hash

N_DETECTED = 300
"""Texts whose language is detected: less than a second in all, and enough to estimate the majority."""


def show_unread_languages(collection: Collection, text: str, text_field: str | None) -> None:
    """Show the warning for a text representation, where it applies."""
    for extractor, _ in resolve_parts(collection, text, "text"):
        if not extractor.encoder_name:
            continue
        line = describe_unread(_languages(collection, text_field), extractor.encoder_name)
        if line:
            st.caption(line)


def describe_unread(languages: list[str], model: str) -> str:
    """Describe how many texts an encoder was not trained for; "" unless most of those of known language."""
    known = sum(bool(code) for code in languages)
    unread = Counter(count_unsupported(languages, model))
    if 2 * unread.total() <= known:
        return ""
    most = ", ".join(code for code, _ in unread.most_common(3)) + (" …" if len(unread) > 3 else "")
    return (
        f"{unread.total():,} of {known:,} texts of known language are in a language that this encoder was "
        f"not trained on ({most}); TF-IDF reads any language."
    )


def _languages(collection: Collection, text_field: str | None) -> list[str]:
    """Return the texts' languages, cached by the texts and the collection's own language column."""
    columns = collection.key_of_columns("language", "lyrics", "caption")
    key = store.key_of(columns, collection.key_of_texts(text_field), N_DETECTED, source_hash(languages_of))
    return store.cached(
        "languages", key, lambda: np.array(languages_of(collection, text_field, N_DETECTED), dtype=str)
    ).tolist()
