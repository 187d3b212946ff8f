"""Counts of several genres per track: in the listing, on the command line."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from core import collection as collections
from core.cli.app import app
from core.collection.genre_counts import count_genres
from core.messages.collection.genre_messages import describe_genres


@pytest.fixture
def table(tmp_path):
    cells = [
        "garage rock, rock",
        "hard rock, rock, blues",
        "delta blues, blues",
        "reggae",
        "",
        "sheffield indie; indie rock",
    ]
    pd.DataFrame({"x": range(6), "genres": cells}).to_csv(tmp_path / "songs.csv", index=False)
    return tmp_path / "songs.csv"


def run(*words):
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_listing_counts_genres_groups_and_what_has_none(table):
    found = count_genres(collections.add(table, "songs"))
    assert (found["n_several"], found["n_with"], found["n_genres"]) == (4, 5, 8)
    assert list(found["genres"].items())[:2] == [("blues", 2), ("rock", 2)]
    assert found["coarse"] == {"rock": 3, "blues": 2} and found["mapping"]["unknown"] == ["reggae"]
    lines = describe_genres(found)
    assert lines[0].startswith(
        "4 of 5 tracks with a genre have several, from the column genres: blues 2, rock 2, "
    )
    assert (
        lines[1]
        == "main genre: the one that most of a track's genres name, of rock, blues (found here); 1 track "
        "without any of them"
    )
    assert lines[2] == (
        "coarse groups, by the table that comes with Songscape: rock 3, blues 2; 1 genre assigned by a word "
        "in the name; "
        "1 genre in none (reggae); 1 track without a group"
    )


def test_a_label_from_a_column_is_no_main_genre(tmp_path):
    frame = pd.DataFrame({"x": [1, 2, 3], "genres": ["rock; blues", "blues", "rock"], "mood": list("aba")})
    frame.to_csv(tmp_path / "moods.csv", index=False)
    lines = describe_genres(count_genres(collections.add(tmp_path / "moods.csv", "moods", label="mood")))
    assert len(lines) == 2 and not any("main genre" in line for line in lines)
    assert "1 of 3 tracks with a genre have several" in run("list", "moods")


def test_one_label_per_track_has_no_such_lines(tmp_path):
    pd.DataFrame({"x": [1, 2], "genre": ["rock", "blues"]}).to_csv(tmp_path / "plain.csv", index=False)
    assert count_genres(collections.add(tmp_path / "plain.csv", "plain")) is None
    assert json.loads(run("list", "plain", "--json"))["genres"] is None and "coarse" not in run(
        "list", "plain"
    )


def test_the_command_line_takes_main_genres_and_a_table_of_groups(table, tmp_path):
    pd.DataFrame({"genre": ["rock", "blues", "reggae"], "coarse": ["loud", "slow", "slow"]}).to_csv(
        tmp_path / "map.csv", index=False
    )
    said = run(
        "add", table, "--name", "songs", "--main-genres", "blues, indie", "--genre-map", tmp_path / "map.csv"
    )
    assert "labels from genres, majority rule: 2 on 3 tracks" in said
    assert "8 genres, several of them on 4 tracks" in said
    listed = json.loads(run("list", "songs", "--json"))["genres"]
    assert listed["coarse"] == {"loud": 3, "slow": 3}
    assert (
        listed["main"] == {"words": ["blues", "indie"], "found": False, "n_without": 2}
        and listed["mapping"]["from"] == "map.csv"
    )
    assert "as before: --main-genres blues, indie, --genre-map " in run("add", table, "--name", "songs")
    assert "coarse groups, by map.csv: loud 3, slow 3" in run("list", "songs")
