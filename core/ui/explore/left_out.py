"""The list of tracks that are not on the map."""

import pandas as pd
import streamlit as st

from core.collection import Collection
from core.pipeline.space import Space


def list_left_out(collection: Collection, space: Space) -> None:
    """List the tracks that are not on the map, with the reason."""
    if not space.left_out:
        return
    n = len(space.left_out)
    with st.expander(f"{n:,} {'track is' if n == 1 else 'tracks are'} not on this map"):
        out = collection.tracks[collection.tracks["track_id"].isin(space.left_out)]
        st.dataframe(
            pd.DataFrame(
                {
                    "Track": out["title"].where(out["title"] != "", out["path"]),
                    "Reason": out["track_id"].map(space.left_out),
                }
            ),
            hide_index=True,
            width="stretch",
        )
