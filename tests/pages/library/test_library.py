"""A collection in the library: what is shown of it, its links and its problems."""

import pandas as pd

from core import collection as collections
from core import store
from core.ui.shared.url_state import URL_STATE
from tests.pages.library.library_page import EVIL, open_page, press, words_of


def test_an_empty_library_shows_how_to_start(music):
    at = open_page()
    assert not at.exception and not at.error
    assert "The library is empty" in words_of(at)
    assert "Open the demo" in [b.label for b in at.button]
    assert not at.metric


def test_a_collection_shows_its_counts_tracks_problems_and_origin(music):
    collections.add(music, "mine")
    at = open_page()
    assert not at.exception and not at.error
    counts = {m.label: m.value for m in at.metric}
    assert counts == {
        "Tracks": "6",
        "With audio": "6",
        "With lyrics": "0",
        "With a label": "6",
        "Duplicates": "1",
        "Unusable": "1",
    }
    tracks, problems = (table.value for table in at.dataframe)
    assert list(tracks["label"]) == ["folk"] * 3 + ["rock"] * 3 and tracks["title"].tolist()[0] == "again"
    assert sorted(problems["kind"]) == ["duplicate", "unusable"]
    assert problems["path"].str.contains("empty.wav").any()
    words = words_of(at)
    assert "5 no text · 1 title in the file name" in words  # names such as rock.0 hold the label
    assert "8 audio files found" in words and "could not be used" not in words
    assert "Labels come from the names of the folders: 2 labels on 6 tracks" in words
    assert str(music) in words


def test_the_search_narrows_and_stays_in_the_address(music):
    collections.add(music, "mine")
    at = open_page()
    at.text_input(key="find").input("ROCK.1").run()
    assert at.dataframe[0].value["title"].tolist() == ["rock.1"]
    assert "1 of 6 tracks" in words_of(at)
    at.text_input(key="find").input("no such words").run()
    assert "No track matches this search" in words_of(at)
    assert open_page(find="folk.1").dataframe[0].value["title"].tolist() == ["folk.1"]


def test_names_that_are_html_are_shown_and_never_run(tmp_path):
    table = tmp_path / "songs.csv"
    pd.DataFrame({"title": [EVIL, "b"], "genre": [EVIL, "x"], "a": [1.0, 2.0], "b": [3.0, 5.0]}).to_csv(
        table, index=False
    )
    collections.add(table, "evil", label="genre")
    at = open_page()
    assert not at.exception
    assert EVIL in at.dataframe[0].value["title"].tolist()  # in the grid, which draws letters on a canvas
    assert not any("<img" in str(e.value) for kind in (at.markdown, at.caption, at.info) for e in kind)
    assert not any("<img" in str(e.value) for e in at.html)


def test_the_chosen_collection_stands_in_the_address_and_holds_for_explore(music, tmp_path):
    collections.add(music / "rock", "alpha")
    collections.add(music / "folk", "beta")
    at = open_page(on="beta")
    assert at.metric[0].value == "3" and at.segmented_control[0].value == "beta"
    at.segmented_control[0].select("alpha").run()
    assert at.query_params["on"] in ("alpha", ["alpha"])
    press(at, "Open in Explore")
    assert at.session_state[URL_STATE][""]["on"] == "alpha"


def test_a_track_that_failed_at_extraction_is_under_problems(music):
    from core.features import get_extractor, present_rows

    track = collections.add(music / "folk", "mine").tracks.iloc[0]
    store.put(
        "failures",
        present_rows(get_extractor("mel")).uri.stem,
        {track["track_id"]: "breaks off", "f" * 32: "of another collection"},
    )
    at = open_page()
    assert not at.exception
    problems = at.dataframe[1].value
    (row,) = problems[problems["kind"] == "unusable"].to_dict("records")
    assert row["path"] == track["path"] and row["reason"] == "breaks off (mel)"
    assert {m.label: m.value for m in at.metric}["Unusable"] == "1"


def test_several_genres_are_listed_per_track_with_how_the_main_one_was_found(tmp_path):
    cells = ["garage rock, rock", "hard rock, rock, blues", "delta blues, blues", f"{EVIL}, rock", "reggae"]
    pd.DataFrame({"x": range(5), "title": list("abcde"), "genres": cells}).to_csv(
        tmp_path / "songs.csv", index=False
    )
    collections.add(tmp_path / "songs.csv", "songs")
    at = open_page(on="songs")
    assert not at.exception
    table = at.dataframe[0].value
    assert (
        list(table["genres"].iloc[1]) == ["hard rock", "rock", "blues"] and table["label"].iloc[1] == "rock"
    )
    assert list(table["coarse_genres"].iloc[1]) == ["rock", "blues"]
    said = words_of(at)
    assert "Genres: 4 of 5 tracks with a genre have several" in said
    assert (
        "Main genre: the one that most of a track's genres name, of rock, blues (found here); 1 track "
        "without any of them" in said
    )
    assert (
        "2 genres in none" in said
        and "Labels come from the genres of each track: the main genre that most of them name" in said
    )
    rows = at.dataframe[1].value.set_index("genre")
    assert (
        rows.loc["rock", ["tracks", "main", "group"]].tolist() == [3, "3", "rock"]
        and rows.loc["reggae", "group"] == ""
    )
    assert list(open_page(on="songs", find="delta").dataframe[0].value["title"]) == ["c"]


def test_a_link_that_cannot_be_honoured_is_said_until_it_is_dismissed(music):
    collections.add(music, "mine")
    at = open_page(on="gone", folder="/etc", table="x.csv", add="table")
    (notice,) = at.warning
    said = notice.value.replace("\\", "")
    assert "There is no collection “gone” in this library; “mine” is shown." in said and "x.csv" in said
    assert len(at.run().warning) == 1, "it stays"
    at.button(key="link-notice-dismiss").click().run()
    assert not at.warning and not at.exception
    assert "The folder /etc can't be opened here." in open_page(folder="/etc").warning[0].value.replace(
        "\\", ""
    )
    assert not open_page(on="mine").warning
