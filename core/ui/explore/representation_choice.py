"""The controls of Explore that choose modality, representations and text field."""

from dataclasses import dataclass

import streamlit as st

from core.access.rules import has_every_right
from core.collection import Collection
from core.features import SENTENCE
from core.pipeline.first_choice import default_choice
from core.representation.side_by_side import JOIN, split_parts
from core.ui.shared.fields.beside_choice import choose_beside
from core.ui.shared.fields.text_field_choice import choose_text_field
from core.ui.shared.fields.wording import Words, list_representations, resolve_model
from core.ui.shared.url_state import choose_option, record, type_text

MODALITIES = {"audio": "Audio", "text": "Text", "fused": "Fused"}
OTHER_ENCODER = Words(
    "Other sentence encoder …",
    "**Sentence embedding** by any sentence-transformers model, by its name or folder. *Reimers & Gurevych "
    "2019*",
)


@dataclass(frozen=True)
class Representations:
    """What tracks are compared by; ``title`` lists it, a modality without a representation has None."""

    audio: str | None
    text: str | None
    text_field: str | None
    title: str


def list_offers(collection: Collection) -> dict[str, dict[str, Words]]:
    """Return the representations of each modality."""
    return {modality: list_representations(collection, modality) for modality in ("audio", "text")}


def choose_modality(collection: Collection, offers: dict[str, dict[str, Words]]) -> str:
    """Choose the modality, where there is more than one."""
    available = [m for m in MODALITIES if (all(offers.values()) if m == "fused" else offers[m])]
    modality = default_choice(collection).modality
    if len(available) > 1:
        modality = choose_option(
            "look",
            "Modality",
            available,
            modality,
            draw=st.segmented_control,
            format_func=MODALITIES.get,
            required=True,
            width="stretch",
            help="What tracks are compared by: their **audio**, their **text**, or both **fused** into one "
            "representation.",
        )
    return record("look", modality)


def choose_representation(
    collection: Collection, modality: str, offers: dict[str, dict[str, Words]]
) -> Representations:
    """Choose the representations of a modality, and the text field."""
    opening = default_choice(collection)
    chosen = {
        m: _choose_offer(m, offers[m], getattr(opening, m))
        for m in ("audio", "text")
        if modality in (m, "fused")
    }
    field = choose_text_field(collection, "words") if chosen.get("text") else None
    titles = [
        offers[m][part.rep].title if part.rep in offers[m] else part.rep
        for m, name in chosen.items()
        for part in split_parts(name)
    ]
    return Representations(chosen.get("audio"), chosen.get("text"), field, " + ".join(titles))


def _choose_offer(modality: str, offers: dict[str, Words], opening: str | None) -> str:
    """Choose a representation of one modality; ``opening`` is what the collection opens with, if anything."""
    first, *further = (part.rep for part in split_parts(opening or next(iter(offers))))
    if modality == "text" and has_every_right():
        offers = {**offers, SENTENCE: OTHER_ENCODER}
    chosen = choose_option(
        modality,
        f"{modality.capitalize()} representation",
        list(offers),
        first,
        format_func=lambda name: offers[name].title,
        help=lambda name: f"The vectors that tracks are compared by.\n\n{offers[name].help}",
    )
    if chosen == SENTENCE:
        chosen = _choose_encoder(first, offers[first].title)
    others = {name: words for name, words in offers.items() if name not in (chosen, SENTENCE)}
    beside = [name for name in further if name in others] if chosen == first else []
    if not others:
        return chosen
    beside = choose_beside(
        f"{modality}-beside",
        f"Further {modality} representations",
        list(others),
        beside,
        split=split_parts,
        title_of=lambda name: others[name].title,
        help="Side by side with the first: each at the same share of squared distances, whatever its number "
        "of dimensions.",
    )
    return JOIN.join([chosen, *beside])


def _choose_encoder(default: str, title: str) -> str:
    """Let the user name any sentence-transformers model; ``default`` applies until there is a name.

    Raises
    ------
    CollectionError
        When it is a folder that may not be opened from the browser.
    """
    model = type_text(
        "encoder",
        "Model name or folder",
        placeholder="paraphrase-multilingual-MiniLM-L12-v2",
        help="A **sentence-transformers** model: a folder that `model.save(FOLDER)` wrote, or a name on the "
        "Hugging Face hub, from which it is downloaded once if it is not on this machine.",
    )
    if not model:
        st.caption(f"Until a model is named, {title} is used.")
        return default
    return f"{SENTENCE}{resolve_model(model)}"
