"""The neighbours of the current track in each representation, and why another track is near it or not."""

from concurrent.futures import Future

import numpy as np
import pandas as pd
import streamlit as st

from core import store
from core.collection import Collection
from core.explain.explained import find_pair
from core.messages.analysis.explain_messages import (
    VERDICTS,
    describe_place,
    describe_shared_words,
)
from core.ui.explore.live import Shown
from core.ui.shared.frame import as_sentence, lazy_section, plain_markdown
from core.ui.shared.player import play_list
from core.ui.shared.results import start_wanted, take_or_explain, version_of

TITLE = "Why are two tracks near?"
KEY = "explore-pair"
MOST_OFFERED = 50
"""Selected tracks that can be compared with, besides the neighbours."""
HEADS = {"fused": "Fused", "audio": "Audio", "text": "Text", "map": "Map"}
NEIGHBOURS = {
    "Track": st.column_config.TextColumn("Track", width="medium"),
    **{head: st.column_config.NumberColumn(head, width=44) for head in HEADS.values()},
}
DESCRIPTORS = {
    "descriptor": st.column_config.TextColumn("Descriptor"),
    "first": st.column_config.TextColumn("This track"),
    "second": st.column_config.TextColumn("The other one"),
    "closer": st.column_config.NumberColumn(
        "Nearer tracks",
        format="percent",
        help="Share of the other tracks that are nearer to this track in the descriptor; 50 % by chance.",
    ),
}


def show_pair(
    collection: Collection, shown: Shown, tracks: pd.DataFrame, current: int | None, group: np.ndarray | None
) -> list[Future]:
    """Show the section, computed when it is opened; return what is pending.

    Parameters
    ----------
    tracks : DataFrame
        A row per track of the space.
    current : int or None
        The current track; without one there is no section.
    group : ndarray or None
        The tracks that are played, which can be compared with it.
    """
    pending: list[Future] = []
    if current is not None:
        lazy_section(
            TITLE,
            "compare_arrows",
            KEY,
            lambda: pending.extend(_show(collection, shown, tracks, current, group)),
        )
    return pending


def _show(
    collection: Collection, shown: Shown, tracks: pd.DataFrame, current: int, group: np.ndarray | None
) -> list[Future]:
    """Show neighbours, the choice of another track, and the comparison."""
    first = tracks["track_id"].iloc[current]
    near, pending = _find(collection, shown, first, None)
    if near is None:
        st.caption("Looking for neighbours …")
        return pending
    titles = dict(zip(collection.tracks["track_id"], titles_of(collection.tracks)))
    st.markdown(f"**Nearest to {plain_markdown(titles[first])}**")
    st.dataframe(
        tabulate_neighbours(near["neighbours"], titles_of(collection.tracks)),
        column_config=NEIGHBOURS,
        hide_index=True,
        width="stretch",
        key=f"{KEY}-neighbours",
    )
    st.caption("Ranks among the ten nearest in each representation and on the map; empty: farther.")
    ids = collection.tracks["track_id"].tolist()
    offered = [ids[row] for rows in near["neighbours"].values() for row in rows]
    offered += [] if group is None else tracks["track_id"].iloc[np.asarray(group)[:MOST_OFFERED]].tolist()
    offered = [track_id for track_id in dict.fromkeys(offered) if track_id != first]
    if not offered:
        return []
    second = st.selectbox(
        "Compare with",
        offered,
        format_func=titles.get,
        key=f"{KEY}-other-{first}",
        help="Its neighbours in each representation and on the map, and the selected tracks.",
    )
    found, pending = _find(collection, shown, first, second)
    if found is None:
        st.caption("Comparing the two …")
        return pending
    _show_comparison(found, collection.tracks, ids.index(second))
    return []


def _find(
    collection: Collection, shown: Shown, first: str, second: str | None
) -> tuple[dict | None, list[Future]]:
    """Return the neighbours of a track, and its comparison with another one; and what is pending."""
    what = "neighbours" if second is None else "pair"
    places = store.key_of(shown.positions)
    key = (what, *version_of(collection.name), shown.space.key, places, first, second)
    future = start_wanted(
        what,
        key,
        lambda progress: find_pair(
            collection,
            shown.space,
            shown.choice,
            shown.positions,
            first,
            second,
            thorough=False,
            progress=progress,
        ),
    )
    return take_or_explain(future, "the tracks could not be compared")


def _show_comparison(found: dict, tracks: pd.DataFrame, row: int) -> None:
    """Show a comparison of :func:`core.explain.pairs.track_pair.compare_tracks`, and the other track."""
    play_list([tracks.iloc[row].to_dict()], key=f"{KEY}-player")
    if found["verdict"] in ("false_neighbours", "missed_neighbours"):
        st.warning(plain_markdown(as_sentence(VERDICTS[found["verdict"]])), icon=":material/warning:")
    elif found["verdict"]:
        st.caption(plain_markdown(as_sentence(VERDICTS[found["verdict"]])))
    for view, place in found["views"].items():
        st.caption(
            plain_markdown(as_sentence(describe_place(view, place))),
            help="Euclidean distance over the median distance of two tracks; rank of the other track among "
            "the nearest ones of this track (1 is nearest), and the other way round.",
        )
    st.caption(plain_markdown(as_sentence(describe_shared_words(found["words"]))))
    table = tabulate_descriptors(found["descriptors"])
    if len(table):
        st.dataframe(
            table, column_config=DESCRIPTORS, hide_index=True, width="stretch", key=f"{KEY}-descriptors"
        )


def tabulate_neighbours(neighbours: dict[str, list[int]], titles: list[str]) -> pd.DataFrame:
    """Return a row per neighbour in any view, with its rank in each where it is among the nearest there.

    The nearest in the representation that is clustered come first, then those in the other views.
    """
    main = "fused" if "fused" in neighbours else next(view for view in neighbours if view != "map")
    order = [main, *(view for view in HEADS if view in neighbours and view != main)]
    rows = list(dict.fromkeys(row for view in order for row in neighbours[view]))
    rank = {view: {row: at for at, row in enumerate(neighbours[view], start=1)} for view in order}
    table = {"Track": [titles[row] for row in rows]}
    for view in order:
        table[HEADS[view]] = pd.array([rank[view].get(row) for row in rows], "Int64")
    return pd.DataFrame(table)


def tabulate_descriptors(descriptors: dict) -> pd.DataFrame:
    """Return the descriptors as they are displayed: the nearest first, then the farthest."""
    return pd.DataFrame(
        [
            {
                "descriptor": each["title"],
                "first": each["first"],
                "second": each["second"],
                "closer": each["closer_share"],
            }
            for each in (*descriptors["nearest"], *reversed(descriptors["farthest"]))
        ]
    )


def titles_of(tracks: pd.DataFrame) -> list[str]:
    """Return title and artist of each track in one line."""
    return [
        " – ".join(filter(None, (" ".join(title.split()), " ".join(artist.split())))) or "Untitled"
        for title, artist in zip(tracks["title"], tracks["artist"])
    ]
