"""The curve of scores over the text weight."""

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.collection import Collection
from core.pipeline.choice import Choice
from core.pipeline.space import build_space
from core.pipeline.stages import find_clusters
from core.ui.explore.live import Shown
from core.ui.shared.url_state import URL_STATE

N = 24


def curve():
    import streamlit as st

    from core.ui.explore.fusion.weight_curve import show_curve

    st.session_state["pending"] = show_curve(st.session_state["collection"], st.session_state["shown"])


@pytest.mark.parametrize(("labels", "n_scores"), [(["x", "y"] * (N // 2), 3), ([""] * N, 0)])
def test_one_cluster_has_only_scores_against_labels(labels, n_scores):
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(N, 4)), columns=["audio_a", "audio_b", "text_a", "text_b"])
    tracks = pd.DataFrame({"track_id": [f"{i:032x}" for i in range(N)], "label": labels})
    collection = Collection("one", tracks, table, info={"kind": "table"})
    choice = Choice(audio="table:audio_", text="table:text_", n_clusters=1)
    space = build_space(collection, choice)
    at = AppTest.from_function(curve, default_timeout=30)
    at.session_state[URL_STATE] = {"": {"curve": "1"}}
    at.session_state["collection"] = collection
    at.session_state["shown"] = Shown(
        space, find_clusters(space, choice), "key", None, "pca", None, None, None, [], (), choice
    )
    at.run()
    for future in at.session_state["pending"]:
        future.result(30)
    at.run()
    assert not at.exception and at.session_state["pending"] == []
    assert [len(box.options) for box in at.selectbox] == ([n_scores] if n_scores else [])
    assert any(
        "No text weight gives clusters that can be scored" in caption.value for caption in at.caption
    ) == (not n_scores)


@pytest.mark.parametrize(("fusion", "wanted"), [("weighted", None), ("graph", "weighted")])
def test_a_click_on_the_curve_sets_the_text_weight(monkeypatch, fusion, wanted):
    from types import SimpleNamespace

    from core.ui.explore.fusion import weight_curve

    put, state = {}, {}
    monkeypatch.setattr(weight_curve, "put", put.__setitem__)
    monkeypatch.setattr(weight_curve, "rerun_page", lambda: put.update(rerun=True))
    monkeypatch.setattr(weight_curve, "st", SimpleNamespace(session_state=state))
    choice = Choice(text="tfidf", fusion=fusion)
    state[weight_curve.CHART] = {"selection": {"points": []}}
    weight_curve._take_weight(choice)
    assert not put
    state[weight_curve.CHART] = {"selection": {"points": [{"x": 0.30000000000000004, "y": 0.2}]}}
    weight_curve._take_weight(choice)
    assert put["weight"] == "0.3" and put["rerun"] and put.get("fusion") == wanted
