"""The text filter of Explore: a selection like others, in the address, kept when other settings change."""

import pytest

from core.ui.shared.url_state import URL_STATE
from tests.pages.explore_page import control, make_collection, map_of, open_page, ready, shown

TITLES = ["Gloria", "Gloria in excelsis", "Kyrie"] + [f"song {i}" for i in range(57)]

pytestmark = pytest.mark.usefixtures("shared_derived")


def type_filter(at, typed: str):
    control(at.text_input, "Text filter").set_value(typed)
    return ready(at)


def test_tracks_that_contain_the_words_are_selected_listed_and_kept():
    make_collection(title=TITLES)
    at = type_filter(open_page(look="audio", k="3"), "gloria")
    assert map_of(at)["chosen"] == [0, 1] and "Selection: 2 tracks" in shown(at).replace("*", "")
    assert at.query_params["filter"] in ("gloria", ["gloria"])
    control(at.sidebar.selectbox, "Colour").set_value("label")
    control(at.sidebar.selectbox, "Projection").set_value("pca")
    ready(at)
    assert map_of(at)["chosen"] == [0, 1]
    type_filter(at, "")
    assert map_of(at)["chosen"] is None and "filter" not in at.query_params


def test_a_link_filters_and_what_is_not_found_says_what_to_do():
    make_collection(title=TITLES)
    at = open_page(look="audio", k="3", filter="in excelsis")
    assert map_of(at)["chosen"] == [1] and control(at.text_input, "Text filter").value == "in excelsis"
    type_filter(at, "<b>requiem")
    said = shown(at).replace("\\", "")
    assert map_of(at)["chosen"] is None and "No track has" in said and "Try part of a word" in said


def test_another_selection_ends_the_filter():
    make_collection(title=TITLES)
    at = type_filter(open_page(look="audio", k="3"), "gloria")

    def pick():
        import numpy as np

        from core.collection import load
        from core.ui.explore import selection
        from core.ui.explore.map.soundmap import Pick

        space = type("Space", (), {"rows": np.arange(60), "left_out": {}})
        selection.apply_pick(load("small"), space, Pick("lasso", (4, 5)))

    from streamlit.testing.v1 import AppTest

    picked = AppTest.from_function(pick)
    picked.session_state[URL_STATE] = {"": {"filter": "gloria"}}
    picked.run()
    assert picked.session_state[URL_STATE][""]["filter"] == "" and not picked.exception
    control(at.text_input, "Search").set_value("kyrie")
    ready(at)
    assert "filter" not in at.query_params and 2 in map_of(at)["chosen"]


def test_colours_that_lack_something_are_the_clusters_and_say_why():
    make_collection(title=TITLES)
    at = open_page(look="audio", k="3", colour="similarity")
    assert "Type a phrase into the search field" in shown(at).replace("\\", "")
    assert map_of(at)["legend"]["groups"][0]["name"] == "Cluster 1"
    control(at.sidebar.selectbox, "Colour").set_value("trust")
    at = ready(ready(at))
    assert map_of(at)["legend"]["ends"] == ["Neighbours preserved: 0%", "100%"]
