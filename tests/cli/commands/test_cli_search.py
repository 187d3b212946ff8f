"""``python -m core search``: what is printed, and what is refused."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from core.cli import app as cli
from core.collection import Collection
from core.collection.saved import save
from core.errors import SongscapeError


@pytest.fixture(autouse=True)
def songs():
    rows = [
        {
            "title": "The Water Is Wide",
            "artist": "Traditional",
            "lyrics": "The water is wide, I cannot get over",
        },
        {
            "title": "Night Train",
            "artist": "Anna",
            "lyrics": "The train leaves at seven, the station is dark",
        },
        {
            "title": "The Wide River",
            "artist": "Anna",
            "lyrics": "A river too broad to swim, no boat to carry me",
        },
    ]
    save(
        Collection(
            "songs", pd.DataFrame(rows).assign(track_id=[c * 32 for c in "abc"]), info={"kind": "table"}
        )
    )


def run(*args: str, expect: int = 0):
    result = CliRunner().invoke(cli.app, ["search", *args])
    if isinstance(result.exception, SongscapeError):
        result.exit_code = 1
    assert result.exit_code == expect, (result.output, result.exception)
    return result


def test_a_phrase_prints_the_agreed_object():
    told = json.loads(run("songs", "railway at night", "--limit", "2", "--json").stdout)
    assert (
        told["collection"] == "songs"
        and told["query"] == "railway at night"
        and "sentence embedding" in told["through"]
    )
    assert [set(row) for row in told["results"]] == [{"track_id", "title", "artist", "score", "why"}] * 2
    assert (
        told["results"][0]["track_id"] == "b" * 32
        and told["results"][0]["score"] > told["results"][1]["score"]
    )


def test_words_say_what_was_searched_and_list_one_line_a_track():
    lines = run("songs", "anna").stdout.splitlines()
    assert lines[0].startswith("Searched titles and artists and lyrics, by sentence embedding")
    assert (
        len(lines) == 4 and lines[1].startswith(" 1.000  ") and "– Anna  (artist matches exactly)" in lines[1]
    )


def test_a_track_is_named_by_its_title():
    told = json.loads(run("songs", "--like", "the water is wide", "--json").stdout)
    assert (
        told["like"] == "a" * 32
        and told["query"] == "The Water Is Wide"
        and told["results"][0]["title"] == "The Wide River"
    )
    assert told["through"] == "Nearest neighbours in text, by sentence."
    same = json.loads(run("songs", "--like", "a" * 32, "--text", "sentence", "--json").stdout)
    assert same["results"] == told["results"]


def test_an_empty_find_is_said():
    assert "Nothing was found." in run("songs", "গান").stdout


def test_what_makes_no_sense_is_wrong_usage():
    for args in (
        ["songs"],
        ["songs", "x", "--like", "y"],
        ["songs", "x", "--audio", "mel"],
        ["songs", "x", "--limit", "0"],
    ):
        run(*args, expect=2)


def test_what_the_user_can_mend_is_status_one():
    for args in (
        ["nowhere", "x"],
        ["songs", " "],
        ["songs", "--like", "waltz"],
        ["songs", "x", "--through", "conv-vae"],
        ["songs", "x", "--through", "clap:./no"],
    ):
        run(*args, expect=1)


@pytest.fixture
def demo():
    assert CliRunner().invoke(cli.app, ["add", "demo", "--name", "demo"]).exit_code == 0


def test_the_shipped_demo_is_searched_by_phrase_and_by_track(demo):
    told = json.loads(run("demo", "a slow sad song for choir", "--json").stdout)
    assert "with the contrastive model demo-contrastive" in told["through"] and len(told["results"]) == 20
    alike = json.loads(run("demo", "--like", "Greensleeves", "--json").stdout)
    assert alike["through"] == "Nearest neighbours in audio, by musicnn." and len(alike["results"]) == 20


def test_a_model_that_compares_no_phrases_is_no_towers(demo):
    refused = run("demo", "a lullaby", "--through", "mae", expect=1)
    assert "demo-mae has no two towers with a shared space" in str(refused.exception)
