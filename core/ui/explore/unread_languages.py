"""One line where most of a collection's texts are in a language that the chosen encoder was not trained on."""

from collections import Counter

import numpy as np
import streamlit as st

from core import store
from core.collection import Collection
from core.collection.languages import languages_of
from core.features.pretrained.encoder_languages import count_unsupported
from core.representation.resolve import resolve
from core.store.source import source_hash

LOOKED_AT = 300
"""Texts that are detected, under a second in all: enough to tell what most of them are."""


def say_unread(collection: Collection, text: str, text_field: str | None) -> None:
    """Draw the line for a text representation, where there is a reason."""
    extractor, _ = resolve(collection, text, "text")
    if extractor.encoder_name:
        line = unread_line(_languages(collection, text_field), extractor.encoder_name)
        if line:
            st.caption(line)


def unread_line(languages: list[str], model: str) -> str:
    """Say how many texts an encoder can't read, "" where that is not most of those whose language is known."""
    known = sum(bool(code) for code in languages)
    unread = Counter(count_unsupported(languages, model))
    if 2 * unread.total() <= known:
        return ""
    most = ", ".join(code for code, _ in unread.most_common(3)) + (" …" if len(unread) > 3 else "")
    return (
        f"{unread.total():,} of {known:,} texts whose language is known are in one that this encoder does "
        f"not know ({most}); "
        "TF-IDF reads any language."
    )


def _languages(collection: Collection, text_field: str | None) -> list[str]:
    """Return the texts' languages, kept in the store by the texts and what the collection says of them."""
    said = collection.key_of_columns("language", "lyrics", "caption")
    key = store.key_of(said, collection.key_of_texts(text_field), LOOKED_AT, source_hash(languages_of))
    return store.cached(
        "languages", key, lambda: np.array(languages_of(collection, text_field, LOOKED_AT), dtype=str)
    ).tolist()
