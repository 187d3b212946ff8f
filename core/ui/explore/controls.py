"""The controls of Explore: widgets in, :class:`core.pipeline.choice.Choice` out."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.collection import METADATA, Collection
from core.features import SENTENCE
from core.fusion import FUSIONS
from core.pipeline.choice import Choice
from core.pipeline.first_choice import default_choice
from core.projection import PROJECTIONS
from core.ui.explore.clustering_choice import choose_clustering
from core.ui.explore.unread_languages import show_unread_languages
from core.ui.shared.fields.genre_choice import choose_colours, choose_comparison
from core.ui.shared.fields.wording import Words, choose_entry, list_representations, resolve_model
from core.ui.shared.url_state import choose_option, put, record, start_number, type_text

MODALITIES = {"audio": "Audio", "text": "Text", "fused": "Fused"}
OTHER_ENCODER = Words(
    "Other sentence encoder …",
    "**Sentence embedding** by any sentence-transformers model, by its name or folder. *Reimers & Gurevych "
    "2019*",
)
TEXT_FIELDS = {"": "Best available", "lyrics": "Lyrics", "caption": "Captions", METADATA: "Title – artist"}
LONGEST = 80
"""Characters of a value that are shown."""
LABELS = {
    "on": "Collection",
    "look": "Modality",
    "audio": "Audio representation",
    "text": "Text representation",
    "words": "Text field",
    "fusion": "Fusion",
    "weight": "Text weight",
    "cluster": "Clustering",
    "search": "Choose k by Silhouette",
    "k": "k",
    "map": "Projection",
    "colour": "Colour",
    "genre": "Genre",
    "compare": "Reference labels",
    "in": "Search in",
}
"""Labels of the controls by their names in the address."""


@dataclass(frozen=True)
class View:
    """How to display a :class:`Choice`.

    Attributes
    ----------
    colour_by : str
        What the colours of the map mean.
    genre : str
        The genre that they mark, where ``colour_by`` is "genre".
    show_k : callable or None
        Shows the k that Silhouette chose, None while it is being computed, in its place among the controls.
    """

    colour_by: str = "cluster"
    genre: str = ""
    show_k: Callable[[int | None], None] | None = None


def choose_collection(names: list[str]) -> str:
    """Let the user choose a collection."""
    return choose_option(
        "on",
        "Collection",
        names,
        "demo" if "demo" in names else names[0],
        on_change=_forget_track,
        help="The tracks on the map. Add your own music on the Library page.",
    )


def _forget_track() -> None:
    """Clear the current track and selection: they belong to the collection that was left."""
    for name in ("track", "group", "like"):
        put(name, "")


def choose(collection: Collection) -> tuple[Choice, View]:
    """Let the user choose everything about a collection's map.

    Raises
    ------
    CollectionError
        When the collection has neither audio nor text nor numeric columns.
    """
    audio, text, text_field = _choose_representation(collection)
    fusion, weight = _choose_fusion() if audio and text else ("weighted", 0.5)
    clustering, show_k = choose_clustering(collection)
    weighs_tracks = bool(audio and text) and FUSIONS[fusion].explains
    label_by = choose_comparison(collection)
    projection = choose_entry(
        "map",
        "Projection",
        PROJECTIONS,
        "The 2-D layout of the map. It is for display only: clusters and scores are computed on the full "
        "representation.\n\n",
        first="pacmap",
    )
    colour_by, genre = choose_colours(collection, weighs_tracks)
    choice = Choice(
        audio=audio,
        text=text,
        text_field=text_field,
        fusion=fusion,
        text_weight=weight,
        **clustering,
        projection=projection,
        label_by=label_by,
    )
    return choice, View(colour_by, genre, show_k)


def _choose_representation(collection: Collection) -> tuple[str | None, str | None, str | None]:
    """Choose the modality, its representations and the text field."""
    offers = {modality: list_representations(collection, modality) for modality in ("audio", "text")}
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
    record("look", modality)
    chosen = {m: _choose_offer(m, offers[m]) for m in ("audio", "text") if modality in (m, "fused")}
    field = _choose_text_field(collection) if chosen.get("text") else None
    if chosen.get("text"):
        show_unread_languages(collection, chosen["text"], field)
    return chosen.get("audio"), chosen.get("text"), field


def _choose_offer(modality: str, offers: dict[str, Words]) -> str:
    """Choose a representation of one modality."""
    first = next(iter(offers))
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
    return _choose_encoder(first, offers[first].title) if chosen == SENTENCE else chosen


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


def _choose_fusion() -> tuple[str, float]:
    """Choose the fusion, and the text weight where it takes one."""
    fusion = choose_entry("fusion", "Fusion", FUSIONS, "How audio and text become one representation. ")
    if not FUSIONS[fusion].takes_weight:
        return fusion, 0.5
    weight = st.slider(
        "Text weight",
        0.0,
        1.0,
        **start_number("weight", None, 0.5, _share),
        step=0.05,
        format="percent",
        help="**text_weight** *w*: squared distances mix audio and text as (1 − w) : w. 0 % is audio "
        "alone, 100 % text alone.",
    )
    return fusion, record("weight", round(weight, 2))


def _share(text: str) -> float:
    """Parse a share between 0 and 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


def describe_refused(name: str, value: str, collection_name: str) -> str:
    """Describe one value, and what is shown instead.

    >>> describe_refused("on", "jazz", "demo")
    'The collection “jazz” is not in this library; “demo” is shown instead.'
    """
    value = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    if name == "on":
        return f"The collection “{value}” is not in this library; “{collection_name}” is shown instead."
    return f"{LABELS.get(name, name)} “{value}” is not available here; the default is used."
