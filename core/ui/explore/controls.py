"""The controls of Explore: widgets in, :class:`core.pipeline.choice.Choice` out."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.clustering import CLUSTERERS
from core.collection import Collection
from core.fusion import FUSIONS
from core.pipeline.choice import Choice
from core.pipeline.kept_map import KeptMap
from core.projection import PROJECTIONS
from core.ui.explore.clustering_choice import choose_clustering
from core.ui.explore.colours.colour_choice import choose_colours
from core.ui.explore.map.kept_view import choose_keeping
from core.ui.explore.map.soundmap import MAP, is_plain
from core.ui.explore.representation_choice import choose_modality, choose_representation, list_offers
from core.ui.explore.unread_languages import show_unread_languages
from core.ui.shared.fields.genre_choice import choose_comparison
from core.ui.shared.fields.wording import choose_entry
from core.ui.shared.first_page import first_of
from core.ui.shared.frame import plain_markdown
from core.ui.shared.url_state import choose_option, put, record, start_with_value

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
    "audio-beside": "Further audio representations",
    "text-beside": "Further text representations",
    "standardise": "Standardise",
    "cluster": "Clustering",
    "reduce": "Reduction",
    "consensus": "Consensus over seeds",
    "search": "Choose k by Silhouette",
    "k": "k",
    "map": "Projection",
    "keep": "Keep this map",
    "colour": "Colour",
    "genre": "Genre",
    "compare": "Reference labels",
    "in": "Search in",
    "filter": "Text filter",
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
    keep : bool
        Whether positions and clusters of the last fit are kept, see :mod:`core.pipeline.kept_map`.
    show_kept : callable or None
        Shows the status of the kept map among the controls.
    """

    colour_by: str = "cluster"
    genre: str = ""
    show_k: Callable[[int | None], None] | None = None
    keep: bool = False
    show_kept: Callable[[Collection, Choice, KeptMap | None], None] | None = None


def choose_collection(names: list[str]) -> str:
    """Let the user choose a collection."""
    return choose_option(
        "on",
        "Collection",
        names,
        first_of(names),
        on_change=_forget_track,
        help="The tracks on the map. Add your own music on the Library page.",
    )


def _forget_track() -> None:
    """Clear the current track and selection: they belong to the collection that was left."""
    for name in ("track", "group", "like"):
        put(name, "")


def choose(collection: Collection) -> tuple[Choice, View]:
    """Let the user choose everything about a collection's map: modality and colours, the rest below them.

    Raises
    ------
    CollectionError
        When the collection has neither audio nor text nor numeric columns.
    """
    offers = list_offers(collection)
    modality = choose_modality(collection, offers)
    colours, summary = st.container(), st.container()
    with st.expander("Parameters", icon=":material/tune:", key="explore-parameters"):
        st.markdown("**Representation**")
        found = choose_representation(collection, modality, offers)
        fusion, weight = _choose_fusion() if modality == "fused" else ("weighted", 0.5)
        st.markdown("**Clusters**")
        clustering, show_k = choose_clustering(collection)
        label_by = choose_comparison(collection)
        st.markdown("**Map**")
        projection = choose_entry(
            "map",
            "Projection",
            PROJECTIONS,
            "The 2-D layout of the map. It is for display only: clusters and scores are computed on the full "
            "representation.\n\n",
            first="pacmap",
        )
        keep, show_kept = choose_keeping()
    choice = Choice(
        audio=found.audio,
        text=found.text,
        text_field=found.text_field,
        fusion=fusion,
        text_weight=weight,
        **clustering,
        projection=projection,
        label_by=label_by,
    )
    with colours:
        colour_by, genre = choose_colours(collection, choice)
    with summary:
        st.caption(plain_markdown(describe_choice(choice, found.title)))
        if found.text:
            show_unread_languages(collection, found.text, found.text_field)
    return choice, View(colour_by, genre, show_k, keep, show_kept)


def describe_choice(choice: Choice, representations: str) -> str:
    """Name what a choice is made of, in the order of the data flow."""
    parts = [
        representations,
        f"{FUSIONS[choice.fusion].title} fusion" if choice.modality == "fused" else "",
        CLUSTERERS[choice.cluster].title + (f", k = {choice.n_clusters}" if _has_k(choice) else ""),
        PROJECTIONS[choice.projection].title,
    ]
    return " · ".join(filter(None, parts))


def _has_k(choice: Choice) -> bool:
    """Return whether a choice gives the number of clusters."""
    return CLUSTERERS[choice.cluster].takes_k and not choice.searches_k


def _choose_fusion() -> tuple[str, float]:
    """Choose the fusion, and the text weight where it takes one."""
    fusion = choose_entry("fusion", "Fusion", FUSIONS, "How audio and text become one representation. ")
    if not FUSIONS[fusion].takes_weight:
        return fusion, 0.5
    start = start_with_value("weight", None, 0.5, _share)
    weight = start["value"]
    if is_plain(MAP):  # else the map has the slider
        weight = st.slider(
            "Text weight",
            0.0,
            1.0,
            **start,
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
