"""The choice of a model's input: an extractor, or audio and text, and others side by side with it."""

import streamlit as st

from core.collection import Collection
from core.errors import ConfigError
from core.features import EXTRACTORS
from core.features.encoders.obtained import list_obtained
from core.inputs.input_names import (
    default_input,
    has_input,
    match_input,
    modalities_of,
    parts_of,
    side_by_side,
)
from core.inputs.weighted_parts import JOIN
from core.models.model_entry import ModelSpec
from core.ui.library.collection_panel import describe_text_sources
from core.ui.shared.fields.beside_choice import choose_beside
from core.ui.shared.fields.wording import name_encoder, read_input, title_of_input, words_of
from core.ui.shared.frame import plain_markdown
from core.ui.shared.url_state import choose_option


def choose_input(collection: Collection, spec: ModelSpec) -> str:
    """Choose what a model is trained on; returns its name, see :mod:`core.inputs.input_names`.

    Raises
    ------
    ConfigError
        When the collection has no input for this model.
    CollectionError
        When the text encoder is a folder that may not be opened from the browser.
    """
    inputs = inputs_of(spec, collection)
    reads = choose_option(
        f"{spec.name}.input",
        "Input",
        inputs,
        default_input(collection, spec.inputs),
        read=lambda text: read_input(text, inputs),
        omit_default=True,
        disabled=len(inputs) == 1,
        format_func=title_of_input,
        help="The **features** that the model is trained on.",
    )
    reads = _join_beside(collection, spec, reads)
    if "text" in modalities_of(reads):
        st.caption("Text: " + plain_markdown(describe_text_sources(collection.text_sources())))
    return name_encoder(spec.name, reads)


def inputs_of(spec: ModelSpec, collection: Collection) -> list[str]:
    """Return the inputs of a model that a collection has data for; then those with encoders that were got."""
    plain = [name for name in spec.inputs if has_input(collection, name)]
    named = [
        JOIN.join(one.rep if part == one.rep.split(":")[0] else part for part in parts_of(name).values())
        for one in list_obtained()
        for name in plain
        if ":" in one.rep and one.rep.split(":")[0] in parts_of(name).values()
    ]
    return plain + named


def _join_beside(collection: Collection, spec: ModelSpec, reads: str) -> str:
    """Choose further extractors that stand side by side with those of an input; return all joined."""
    offers = list_beside(collection, spec, reads)
    if not offers:
        return reads
    beside = choose_beside(
        f"{spec.name}.beside",
        "Further inputs side by side",
        offers,
        split=side_by_side,
        title_of=lambda other: words_of(EXTRACTORS[other]).title,
        help="Vectors of the same modality that the model reads beside the first, each with the same share "
        "of the input's energy, whatever its number of dimensions.",
    )
    return match_input(spec.inputs, JOIN.join([reads, *beside]), spec.input_ndim) or reads


def list_beside(collection: Collection, spec: ModelSpec, reads: str) -> list[str]:
    """Return the extractors that a model can read side by side with those of an input."""
    return [
        name
        for name, extractor in EXTRACTORS.items()
        if extractor.has_vectors
        and extractor.modality in modalities_of(reads)
        and has_input(collection, name)
        and _fits(spec, reads, name)
    ]


def _fits(spec: ModelSpec, reads: str, other: str) -> bool:
    """Return whether a model can read another extractor side by side with an input."""
    try:
        return match_input(spec.inputs, JOIN.join((reads, other)), spec.input_ndim) is not None
    except ConfigError:  # it is in the input already, or the input is no vector
        return False
