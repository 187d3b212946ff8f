"""The player: what it is told to show, which link it gets, and what it returns."""

import json

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.server.access import Access
from core.ui.shared import player, server_access

TRACK = {"track_id": "a" * 32, "path": "/music/x.wav", "title": "Nacht", "artist": "Anna", "label": "chorale"}


def data_of(at: AppTest, place: int = 0) -> dict:
    """Return what was handed to the player in the browser."""
    sent = [block.proto for block in at.main if block.type == "bidi_component"]
    proto = sent[place]
    return json.loads(proto.json or proto.mixed.json)


def one_track(track, previous=False, next=False):
    import streamlit as st

    from core.ui.shared.player import play_track

    st.text(f"step: {play_track(track, previous=previous, next=next, key='deck')}")


def a_list(rows):
    import streamlit as st

    from core.ui.shared.player import play_list

    st.text(f"playing: {play_list(rows, key='rows')}")


def run(script, **kwargs) -> AppTest:
    at = AppTest.from_function(script, kwargs=kwargs).run()
    assert not at.exception
    return at


def test_track_is_shown_with_its_link_and_neighbours():
    at = run(one_track, track=TRACK, previous=True, next=False)
    data = data_of(at)
    assert data["tracks"] == [
        {"id": "a" * 32, "title": "Nacht", "artist": "Anna", "label": "chorale", "src": f"/audio/{'a' * 32}"}
    ]
    assert (data["previous"], data["next"], data["list"]) == (True, False, False)
    assert at.text[0].value == "step: None"


def test_track_sounds_by_itself_once_and_not_when_the_page_is_drawn_again():
    at = run(one_track, track=TRACK)
    assert data_of(at)["autoplay"]
    assert not data_of(at.run())["autoplay"]


def test_names_travel_as_text_and_no_markup_of_ours_holds_them():
    evil = "<img src=x onerror=alert(1)>"
    at = run(one_track, track=TRACK | {"title": evil, "artist": evil, "label": evil})
    proto = next(block.proto for block in at.main if block.type == "bidi_component")
    assert data_of(at)["tracks"][0]["title"] == evil
    assert evil not in proto.html_content + proto.js_content + proto.css_content
    assert "innerHTML" not in proto.js_content
    assert "insertAdjacentHTML" not in proto.js_content


@pytest.mark.parametrize("missing", ["", None, np.nan, pd.NA, 7])
def test_missing_title_is_the_files_name(missing):
    assert player.describe(TRACK | {"title": missing, "path": "/music/a.b.wav"})["title"] == "a.b"
    assert player.describe(TRACK | {"artist": missing})["artist"] == ""


def test_a_row_of_a_table_will_do():
    row = pd.DataFrame([TRACK]).iloc[0]
    assert player.describe(row) == player.describe(TRACK)


def test_step_is_what_the_browser_asked_for(monkeypatch):
    for asked, told in [
        ("next", "next"),
        ("previous", "previous"),
        ("elsewhere", None),
        ({"x": 1}, None),
        (None, None),
    ]:
        result = type("Result", (), {"step": asked})
        monkeypatch.setattr(player, "_deck", lambda result=result, **_: result)
        assert player.play_track(TRACK) == told


def test_list_is_cut_at_fifty_and_says_how_many_are_left():
    rows = [TRACK | {"track_id": f"{i:032x}", "title": f"no {i}"} for i in range(120)]
    data = data_of(run(a_list, rows=rows))
    assert [row["title"] for row in data["tracks"]] == [f"no {i}" for i in range(50)]
    assert (data["list"], data["more"], data["autoplay"]) == (True, 70, False)


def test_list_shows_more_when_the_browser_asked():
    rows = [TRACK | {"track_id": f"{i:032x}"} for i in range(120)]
    at = AppTest.from_function(a_list, kwargs={"rows": pd.DataFrame(rows)})
    at.session_state["rows"] = {"limit": 100, "playing": None}
    data = data_of(at.run())
    assert (len(data["tracks"]), data["more"]) == (100, 20)


def test_empty_list_says_so():
    at = run(a_list, rows=[])
    assert at.caption[0].value == "No tracks to play."
    assert at.text[0].value == "playing: None"


def test_links_are_signed_for_this_session_beyond_loopback(monkeypatch):
    monkeypatch.setattr(server_access, "server_access", lambda: Access.of_server("0.0.0.0"))
    assert "?key=" in data_of(run(one_track, track=TRACK))["tracks"][0]["src"]


def test_links_lie_below_the_base_path(monkeypatch):
    monkeypatch.setattr(player, "base_path", lambda: "music")
    assert player.audio_url("b" * 32) == f"/music/audio/{'b' * 32}"
