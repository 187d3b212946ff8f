"""How far the map can be trusted, and whether clusters follow artists, albums or folders."""

from concurrent.futures import Future

import streamlit as st

from core import store
from core.collection import Collection
from core.explain.explained import find_confounds, find_map_trust
from core.messages.analysis.explain_messages import describe_followed
from core.projection import PROJECTIONS
from core.ui.explore.live import Shown
from core.ui.explore.scores.measure_table import Row, measure_table
from core.ui.shared.frame import as_sentence, lazy_section, plain_markdown
from core.ui.shared.results import start_wanted, take_or_explain, version_of

TITLE = "Trust in the map and the clusters"
KEY = "explore-trust"
MEASURES = {
    "trustworthiness": (
        "Trustworthiness",
        "1 less the ranks, in the representation, of tracks that are near on the map alone. Low: the map "
        "shows false neighbours. (Venna & Kaski 2001)",
    ),
    "continuity": (
        "Continuity",
        "1 less the ranks, on the map, of tracks that are near in the representation alone. Low: the map has "
        "torn neighbours apart. (Venna & Kaski 2001)",
    ),
    "neighbours_preserved": (
        "Neighbours preserved",
        "The share of a track’s nearest neighbours in the representation that are so on the map; “Trust” "
        "under “Colour” shows it per track. (Lee & Verleysen 2009)",
    ),
}
AGREEMENTS = {"adjusted_rand": "ARI", "normalized_mutual_info": "NMI"}


def show_trust(collection: Collection, shown: Shown) -> list[Future]:
    """Show the section, computed when it is opened; return what is pending."""
    pending: list[Future] = []
    lazy_section(TITLE, "verified", KEY, lambda: pending.extend(_show(collection, shown)))
    return pending


def _show(collection: Collection, shown: Shown) -> list[Future]:
    """Show both tables."""
    choice = shown.choice
    places = store.key_of(shown.positions, shown.labels)
    future = start_wanted(
        "trust",
        ("trust", *version_of(collection.name), shown.space.key, places, choice.label_by),
        lambda progress: {
            "map": find_map_trust(shown.space, shown.positions, choice.seed, progress),
            "confounds": find_confounds(collection, shown.space, choice, shown.labels),
        },
    )
    found, pending = take_or_explain(future, "the map could not be measured")
    if found is None:
        st.caption("Comparing neighbours on the map with those in the representation …")
        return pending
    if found["map"]:
        st.html(trust_table(found["map"], PROJECTIONS[shown.projection].title))
    else:
        st.caption("With fewer than five tracks neighbours mean nothing.")
    for sentence in describe_followed(found["confounds"]):
        st.warning(plain_markdown(as_sentence(sentence)), icon=":material/warning:")
    if found["confounds"]["agreements"]:
        st.html(agreement_table(found["confounds"]))
    else:
        st.caption("No labels, artists, albums or folders to compare the clusters with.")
    return []


def trust_table(trust: dict, projection: str) -> str:
    """Return the figures of the map as HTML."""
    sample = "" if trust["n_sampled"] == trust["n_tracks"] else f", {trust['n_sampled']:,} tracks sampled"
    rows = [
        Row(title, help_text, trust[name]["value"], trust[name]["interval"], trust[name]["control"])
        for name, (title, help_text) in MEASURES.items()
    ]
    return measure_table(
        f"{projection} map, {trust['k']} neighbours",
        f"The map compared with the representation that is clustered{sample}; 95 % intervals.",
        "The same for a map whose positions are shuffled over the tracks.",
        rows,
    )


def agreement_table(confounds: dict) -> str:
    """Return the agreement of the clusters with labels, artists, albums and folders as HTML."""
    rows = [
        Row(
            f"{name.capitalize()}: {title}",
            f"{each['n_values']:,} values on {each['n_tracks']:,} tracks.",
            each[metric]["value"],
            each[metric]["interval"],
            each[metric]["control"],
        )
        for name, each in confounds["agreements"].items()
        for metric, title in AGREEMENTS.items()
    ]
    return measure_table(
        "Clusters and …",
        "Agreement of the clusters with what tracks have in common; 95 % intervals over tracks.",
        "The same with the values shuffled over the tracks.",
        rows,
    )
