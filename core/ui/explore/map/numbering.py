"""Cluster numbers on display: a cluster keeps number, name and colour while settings change."""

import numpy as np
import streamlit as st

from core.clustering.matching import match_labels
from core.collection import Collection
from core.collection.saved import version_of
from core.pipeline.space import Space

_NUMBERED = "explore-numbered"


def number_clusters(collection: Collection, space: Space, labels: np.ndarray) -> np.ndarray:
    """Return the clusters with the numbers, names and colours of those on display before."""
    version, matched = version_of(collection.name), labels
    last = st.session_state.get(_NUMBERED)
    if last is not None and last["version"] == version:
        if np.array_equal(last["rows"], space.rows) and np.array_equal(last["computed"], labels):
            return last["labels"]
        before = np.full(1 + max(last["rows"].max(), space.rows.max()), -1)
        before[last["rows"]] = last["labels"]
        matched = match_labels(labels, before[space.rows])
    st.session_state[_NUMBERED] = {
        "version": version,
        "rows": space.rows,
        "computed": labels,
        "labels": matched,
    }
    return matched
