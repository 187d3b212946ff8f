"""Explore beside what it showed before: scores of an earlier choice, previews, selected tracks."""

import re

import numpy as np
from streamlit.testing.v1 import AppTest

from core.store import cache
from core.ui.explore.command_line import describe_versions
from core.ui.shared.url_state import URL_STATE
from tests.pages.explore_page import (
    WORDS,
    control,
    make_collection,
    map_of,
    open_page,
    ready,
    set_weight,
    shown,
)


def test_scores_of_another_representation_are_marked_by_labels_alone(shared_derived):
    make_collection(lyrics=[" ".join(np.random.default_rng(i).permutation(WORDS)[:5]) for i in range(60)])
    at = open_page(look="audio", k="3")
    (counts,) = [c for c in at.get("button_group") if c.label == "Modality"]
    counts.set_value("fused")
    ready(ready(at))  # once more: differences follow the intervals
    table = next(e.proto.body for e in at.get("html") if 'class="scores"' in e.proto.body)
    assert "Before: audio alone" in shown(at).replace("\\", "")
    rows = re.findall(r"<tr>.*?</tr>", table)
    for title in ("Silhouette", "Davies–Bouldin", "Calinski–Harabasz"):
        (row,) = [row for row in rows if f">{title}" in row]
        assert "different representations" in row and not re.search("better<|worse<|unclear<|same<", row)
    (row,) = [row for row in rows if ">ARI" in row]
    assert re.search("▼ worse<|≈ unclear<|= same<", row)


def test_libraries_of_another_version_name_the_one_that_is_installed_now(monkeypatch):
    monkeypatch.setattr(cache, "versions", lambda: {"numpy": "2.0", "scipy": "1.1"})
    assert (
        describe_versions({"numpy": "2.0", "scipy": "1.0", "umap-learn": "0.5"})
        == "numpy 2.0, scipy 1.0 (now 1.1), umap-learn 0.5 (now not installed)"
    )


def test_moving_the_weight_takes_layouts_that_were_computed_meanwhile(near_worker):
    make_collection()
    at = open_page(look="fused", text="tfidf", k="3")
    ready(at)
    assert near_worker == [False] + [True] * 20  # the map of 50 %, then the chain of the other weights
    chain = map_of(at)["chain"]
    assert chain["steps"] == 21 and map_of(at)["weight"] == 0.5
    set_weight(at, 0.8)
    assert "Before: text weight 50%." in shown(at)
    assert "--text-weight 0.8" in at.code[0].value
    assert map_of(at)["weight"] == 0.8 and map_of(at)["chain"] == chain and len(near_worker) == 21


def test_the_maps_slider_sets_the_weight():
    make_collection()
    at = open_page(look="fused", text="tfidf", k="3")

    def pick(weight):
        from core.ui.explore.explore_body import _apply
        from core.ui.explore.map.soundmap import Pick

        _apply(None, None, Pick("weight", (), weight))

    chosen = AppTest.from_function(pick, kwargs={"weight": 0.35}).run()
    assert chosen.session_state[URL_STATE][""]["weight"] == "0.35"
    at = open_page(look="fused", text="tfidf", k="3", weight="0.35")
    assert map_of(at)["weight"] == 0.35 and "Text weight" not in [s.label for s in at.sidebar.slider]


def test_where_plotly_draws_the_map_the_sidebar_has_the_slider(monkeypatch):
    monkeypatch.setattr("core.ui.explore.controls.is_plain", lambda key: True)
    make_collection()
    at = open_page(look="fused", text="tfidf", k="3", weight="0.35")
    slider = control(at.sidebar.slider, "Text weight")
    assert slider.value == 0.35
    slider.set_value(0.6)
    ready(at)
    assert map_of(at)["weight"] == 0.6 and "--text-weight 0.6" in at.code[0].value


def test_a_click_names_the_track_and_next_walks_its_cluster(shared_derived):
    make_collection()
    at = open_page(k="3", track=f"{7:032x}")
    assert map_of(at)["current"] == 7 and map_of(at)["chosen"] is None
    assert re.search(r"Cluster \d · track \d+ of 20", shown(at).replace("**", "").replace("  ", " "))
    assert "20 tracks" in shown(at)


def test_a_lasso_lists_its_tracks_and_survives_a_reload(shared_derived):
    def pick(rows, kind):
        import streamlit as st

        from core.collection import load
        from core.pipeline.choice import Choice
        from core.pipeline.space import build_space
        from core.ui.explore.map.soundmap import Pick
        from core.ui.explore.selection import apply_pick, selected_tracks
        from core.ui.shared.url_state import get

        small = load("small")
        space = build_space(small, Choice(audio="table"))
        apply_pick(small, space, Pick(kind, tuple(rows)))
        chosen = selected_tracks(small, space)
        st.text("none" if chosen is None else ",".join(map(str, chosen)))
        st.text(get("group"))
        st.text(get("track"))

    make_collection()
    at = AppTest.from_function(pick, kwargs={"rows": [9, 3, 40], "kind": "lasso"}).run()
    assert at.text[0].value == "3,9,40"
    group = at.text[1].value
    page = open_page(k="3", group=group)
    assert "Selection: 3 tracks" in shown(page)
    assert sorted(map_of(page)["chosen"]) == [3, 9, 40]
    outside = AppTest.from_function(pick, kwargs={"rows": [5], "kind": "click"})
    outside.session_state[URL_STATE] = {"": {"group": group}}
    outside.run()
    assert [t.value for t in outside.text] == ["none", "", f"{5:032x}"]
    inside = AppTest.from_function(pick, kwargs={"rows": [9], "kind": "click"})
    inside.session_state[URL_STATE] = {"": {"group": group}}
    inside.run()
    assert [t.value for t in inside.text] == ["3,9,40", group, f"{9:032x}"]
