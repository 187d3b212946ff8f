"""The section of versions, as a visitor sees it: groups, evidence, rejection and its undo."""

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from core.collection import Collection
from core.collection.saved import save


def keep(**columns) -> None:
    """Thirty rows of numbers; the last is nearly the first."""
    X = np.random.default_rng(0).standard_normal((30, 5))
    X[29] = X[0] + 0.001
    tracks = pd.DataFrame(
        {"track_id": [f"{i:032x}" for i in range(30)], "title": [f"tune {i}" for i in range(30)]}
    )
    save(Collection("c", tracks, pd.DataFrame(X, columns=list("abcde")), info={"kind": "table"}))


def show(is_open: bool = True) -> AppTest:
    def app():
        import streamlit as st

        from core import collection as collections
        from core.ui.library import versions_panel

        if st.session_state["is open"]:
            versions_panel._show(collections.load("c"))
        else:
            versions_panel.show_versions(collections.load("c"))

    at = AppTest.from_function(app, default_timeout=60)
    at.session_state["is open"] = is_open
    return at.run()


def words_of(at: AppTest) -> str:
    return "\n".join(e.value for kind in (at.markdown, at.caption) for e in kind).replace("\\", "")


def button(at: AppTest, label: str):
    return next((b for b in at.button if b.label == label), None)


def test_a_closed_section_compares_nothing():
    keep()
    at = show(is_open=False)
    assert not at.exception and at.expander[0].label == "Versions of one recording"
    assert "tracks compared" not in words_of(at)


def test_a_group_is_shown_rejected_and_restored():
    keep()
    at = show()
    assert not at.exception
    assert "2 tracks in 1 group of versions among 30 tracks" in words_of(at)
    assert "mutual nearest neighbours" in words_of(at) and button(at, "Undo") is None
    at = button(at, "Not the same").click().run()
    assert not at.exception and button(at, "Not the same") is None
    assert "No versions of one recording" in words_of(at) and "1 pair rejected by you" in words_of(at)
    assert "tune 0 – tune 29" in words_of(at)
    at = button(at, "Undo").click().run()
    assert not at.exception and button(at, "Undo") is None and button(at, "Not the same") is not None
