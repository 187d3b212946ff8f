"""The controls of Explore that choose modality, representations and text field."""

from collections.abc import Container

import streamlit as st

from core.collection import METADATA, Collection
from core.features import SENTENCE
from core.pipeline.first_choice import default_choice
from core.representation.side_by_side import JOIN, split_parts
from core.ui.explore.unread_languages import show_unread_languages
from core.ui.shared.fields.wording import Words, list_representations, resolve_model
from core.ui.shared.url_state import choose_option, record, start_widget, type_text

NOTHING = "none"
"""In the address: no further representation, where the collection opens with some."""
MODALITIES = {"audio": "Audio", "text": "Text", "fused": "Fused"}
OTHER_ENCODER = Words(
    "Other sentence encoder …",
    "**Sentence embedding** by any sentence-transformers model, by its name or folder. *Reimers & Gurevych "
    "2019*",
)
TEXT_FIELDS = {"": "Best available", "lyrics": "Lyrics", "caption": "Captions", METADATA: "Title – artist"}


def choose_representation(collection: Collection) -> tuple[str | None, str | None, str | None]:
    """Choose the modality, its representations and the text field."""
    offers = {modality: list_representations(collection, modality) for modality in ("audio", "text")}
    available = [m for m in MODALITIES if (all(offers.values()) if m == "fused" else offers[m])]
    opening = default_choice(collection)
    modality = opening.modality
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
    record("look", modality)
    chosen = {
        m: _choose_offer(m, offers[m], getattr(opening, m))
        for m in ("audio", "text")
        if modality in (m, "fused")
    }
    field = _choose_text_field(collection) if chosen.get("text") else None
    if chosen.get("text"):
        show_unread_languages(collection, chosen["text"], field)
    return chosen.get("audio"), chosen.get("text"), field


def _choose_offer(modality: str, offers: dict[str, Words], opening: str | None) -> str:
    """Choose a representation of one modality; ``opening`` is what the collection opens with, if anything."""
    first, *further = (part.rep for part in split_parts(opening or next(iter(offers))))
    if modality == "text":
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
    return JOIN.join([chosen, *_choose_beside(modality, others, beside)]) if others else chosen


def _choose_beside(modality: str, offers: dict[str, Words], default: list[str]) -> list[str]:
    """Choose further representations of one modality, to stand beside the first."""
    key = start_widget(f"{modality}-beside", None, default, lambda text: read_names(text, offers))
    known = [name for name in st.session_state[key] if name in offers]
    if known != st.session_state[key]:  # another collection offers others
        st.session_state[key] = known
    beside = st.multiselect(
        f"Further {modality} representations",
        list(offers),
        key=key,
        format_func=lambda name: offers[name].title,
        placeholder="None",
        help="Side by side with the first: each at the same share of squared distances, whatever its number "
        "of dimensions.",
    )
    record(f"{modality}-beside", None if beside == default else JOIN.join(beside) or NOTHING)
    return beside


def read_names(text: str, options: Container[str]) -> list[str]:
    """Parse names joined by "+".

    >>> read_names("mfcc+descriptors", {"mfcc": 1, "descriptors": 2})
    ['mfcc', 'descriptors']
    """
    if text == NOTHING:
        return []
    names = [part.rep for part in split_parts(text)]
    if JOIN.join(names) != text or any(name not in options for name in names):  # weights aren't shown here
        raise ValueError(text)
    return names


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


def _choose_text_field(collection: Collection) -> str | None:
    """Choose the text field, where there is more than one."""
    available = [""] + [name for name in ("lyrics", "caption") if (collection.tracks[name] != "").any()]
    available += [METADATA] if any(collection.texts(METADATA)) else []
    if len(available) <= 2:
        return None

    def describe(field: str) -> str:
        sources = collection.text_sources(field or None)
        counts = ", ".join(f"{n} from {source}" for source, n in sources.items())
        return (
            "The text that is encoded. Best available: lyrics, else a caption, else title and artist. Now: "
            f"{counts}."
        )

    field = choose_option("words", "Text field", available, "", format_func=TEXT_FIELDS.get, help=describe)
    return field or None
