"""Searching in Explore: what is marked, listed and said, and what ends it."""

import json
import re

import numpy as np
import pytest

from core.collection import load
from core.errors import ConfigError
from core.pipeline.choice import Choice
from core.search import search
from tests.pages.explore_page import NASTY, control, make_collection, map_of, open_page, ready, shown

pytestmark = pytest.mark.slow

TITLES = ["Rain over the river", "Drums in the night", "Fields of gold"] + [f"song {i}" for i in range(57)]


def found_list(at) -> list[dict]:
    """Return the rows of the list of found tracks as they are handed to the browser."""
    for block in at.get("bidi_component"):
        if "songscape_player" in block.proto.component_name:
            data = json.loads(
                block.proto.mixed.json if block.proto.WhichOneof("data") == "mixed" else block.proto.json
            )
            if data["list"] and re.fullmatch(r"-?\d\.\d\d", data["tracks"][0]["label"]):
                return data["tracks"]
    return []


def scores(at) -> str:
    """Return the table of scores."""
    return next(e.proto.body for e in at.get("html") if 'class="scores"' in e.proto.body)


def clusters(at) -> list[list]:
    """Return the table of clusters."""
    return at.dataframe[0].value.to_numpy().tolist()


def playing(at) -> str | None:
    """Return the id of the track in the player."""
    for block in at.get("bidi_component"):
        if "songscape_player" in block.proto.component_name:
            data = json.loads(
                block.proto.mixed.json if block.proto.WhichOneof("data") == "mixed" else block.proto.json
            )
            if not data["list"]:
                return data["tracks"][0]["id"]
    return None


def say(at, phrase: str):
    control(at.text_input, "Search").set_value(phrase)
    return ready(at)


def test_nothing_is_searched_until_someone_asks(monkeypatch):
    monkeypatch.setattr("core.ui.explore.search.search", lambda *a, **k: 1 / 0)
    make_collection(title=TITLES)
    at = open_page(k="3")
    assert "Searched" not in shown(at) and map_of(at)["chosen"] is None and not found_list(at)
    assert not [b for b in at.button if b.label == "Clear"]


def test_a_phrase_marks_lists_and_says_what_was_searched():
    make_collection(title=TITLES)
    at = say(open_page(k="3"), "rain  over the river")
    wanted = search(load("small"), "rain over the river", limit=20)
    said = shown(at).replace("\\", "")
    assert "20 found" in said
    assert "Searched titles and artists, lyrics and tags, by sentence embedding" in said
    assert map_of(at)["chosen"] == [int(i, 16) for i in wanted.table["track_id"]]
    rows = found_list(at)
    assert [row["id"] for row in rows] == wanted.table["track_id"].tolist()
    assert (
        rows[0]["title"] == "Rain over the river"
        and rows[0]["label"] == "1.00"
        and rows[0]["why"] == "title matches exactly"
    )
    assert at.query_params["find"] in ("rain over the river", ["rain over the river"])


def test_towers_trained_here_are_searched_first_names_before_them_and_words_on_demand():
    from core.training.train_collection import train_model

    make_collection(title=TITLES)
    train_model(
        "small",
        "contrastive:table+passages",
        {"epochs": "4", "batch_size": "30", "latent_dim": "16", "projection_dim": "8"},
    )
    at = say(open_page(k="3", look="audio"), "fields of gold")
    assert "with the contrastive model small-contrastive" in shown(at).replace("\\", "")
    assert [row.get("why") for row in found_list(at)[:2]] == ["title matches exactly", None]
    (control_in,) = [c for c in at.get("button_group") if c.label == "Search in"]
    control_in.set_value("words")
    ready(at)
    assert "by sentence embedding" in shown(at) and found_list(at)[1]["why"].startswith(
        ("lyrics: ", "titles", "tags")
    )


def test_an_address_brings_the_search_back():
    make_collection(title=TITLES)
    at = open_page(k="3", find="fields of gold")
    assert (
        control(at.text_input, "Search").value == "fields of gold"
        and found_list(at)[0]["title"] == "Fields of gold"
    )


def test_ending_the_search_lets_go_of_what_it_marked():
    make_collection(title=TITLES)
    at = say(open_page(k="3"), "drums")
    assert map_of(at)["chosen"] is not None
    control(at.button, "Clear").click()
    ready(at)
    assert map_of(at)["chosen"] is None and not found_list(at) and "Searched" not in shown(at)
    assert control(at.text_input, "Search").value == ""


def test_a_click_elsewhere_keeps_the_search_at_hand():
    from core.ui.shared.url_state import URL_STATE

    make_collection(title=TITLES)
    at = say(open_page(k="3"), "drums")
    marked = map_of(at)["chosen"]
    at.session_state[URL_STATE]["explore"].update({"group": "", "track": f"{59:032x}"})
    ready(at)
    assert map_of(at)["chosen"] is None and map_of(at)["current"] == 59 and not found_list(at)
    control(at.button, "Select them again").click()
    ready(at)
    assert map_of(at)["chosen"] == marked and found_list(at)


def test_more_like_this_finds_the_neighbours_in_what_the_map_is_made_from():
    make_collection(title=TITLES)
    at = open_page(k="3", look="audio", track=f"{7:032x}")
    control(at.button, "More like this").click()
    ready(at)
    wanted = search(load("small"), track_id=f"{7:032x}", choice=Choice(audio="table"), limit=20).table
    rows = found_list(at)
    assert [row["id"] for row in rows] == wanted["track_id"].tolist() and f"{7:032x}" not in [
        row["id"] for row in rows
    ]
    assert {int(row["id"], 16) % 3 for row in rows[:19]} == {1}
    assert (
        "Nearest neighbours in audio, by table." in shown(at).replace("\\", "") and map_of(at)["current"] == 7
    )
    say(at, "rain over the river")
    assert "Nearest neighbours in" not in shown(at) and found_list(at)[0]["title"] == "Rain over the river"


def test_next_walks_through_what_was_found_best_first():
    make_collection(title=TITLES)
    wanted = search(load("small"), "gold", limit=20).table["track_id"].tolist()
    at = say(open_page(k="3"), "gold")
    from core.ui.shared.url_state import URL_STATE

    at.session_state[URL_STATE]["explore"]["track"] = wanted[2]
    ready(at)
    assert "Selection** · track 3 of 20" in shown(at)


def test_tracks_that_are_not_on_the_map_are_found_and_counted():
    lyrics = ["" if i < 4 else "rain river night" for i in range(60)]
    titles = [f"Rain {i}" if i < 2 else f"song {i}" for i in range(60)]
    make_collection(
        lyrics=lyrics,
        title=["" if i in (2, 3) else t for i, t in enumerate(titles)],
        label=["wolf" if i in (2, 3) else "reel" for i in range(60)],
    )
    at = say(open_page(look="text", text="tfidf", k="2"), "wolf")
    assert [row["id"] for row in found_list(at)[:2]] == [f"{2:032x}", f"{3:032x}"]
    assert "2 of them are not on this map." in shown(at)
    assert 2 not in map_of(at)["chosen"]


def test_a_find_of_nothing_is_said():
    make_collection()
    at = say(open_page(k="3"), "গান")
    assert "Nothing found." in shown(at).replace("\\", "") and "was not trained on this script" in shown(at)
    assert map_of(at)["chosen"] is None


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (ConfigError("the towers are gone"), "the towers are gone"),
        (
            AttributeError("'MAE' object has no attribute 'audio_z'"),
            "The search failed because of a bug in Songscape (AttributeError)",
        ),
    ],
)
@pytest.mark.parametrize("asked", ["find", "like"])
def test_a_search_that_fails_says_so_and_leaves_map_scores_and_player(monkeypatch, reason, said, asked):
    make_collection(title=TITLES)
    at = ready(open_page(k="3", track=f"{7:032x}"))
    before = [part(at) for part in (map_of, scores, playing, clusters)]
    assert before[1] and before[2] == f"{7:032x}"

    def fail(*a, **k):
        raise reason

    monkeypatch.setattr("core.ui.explore.search.search", fail)
    if asked == "find":
        say(at, "rain")
    else:
        control(at.button, "More like this").click()
        ready(at)
    (error,) = at.error
    assert said in error.value.replace("\\", "") and not at.exception
    assert [part(at) for part in (map_of, scores, playing, clusters)] == before
    control(at.button, "Clear").click()
    ready(at)
    assert not at.error and [part(at) for part in (map_of, scores, playing, clusters)] == before


def test_a_search_that_fails_leaves_what_the_search_before_it_marked(monkeypatch):
    make_collection(title=TITLES)
    at = say(open_page(k="3"), "drums")
    marked = map_of(at)["chosen"]
    monkeypatch.setattr("core.ui.explore.search.search", lambda *a, **k: 1 / 0)
    say(at, "rain")
    assert marked and map_of(at)["chosen"] == marked and "(ZeroDivisionError)" in at.error[0].value


def test_nothing_typed_or_found_is_markup():
    make_collection(title=[NASTY] * 60, lyrics=["**bold** <b>x</b>"] * 60)
    at = say(open_page(k="3"), NASTY)
    text = " ".join(e.value for e in at.caption) + " ".join(e.proto.body for e in at.get("html"))
    assert not re.search(r"<img|<b>x", text) and not at.error
    assert np.isfinite([float(row["label"]) for row in found_list(at)]).all()
