"""The Library page as a visitor sees it: empty, with music, and with bad data."""

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from streamlit.testing.v1 import AppTest

from core import collection as collections
from core import store
from core.jobs import job as jobs
from core.ui.shared.url_state import URL_STATE
from tests.waiting import ended

PAGE = str(Path(__file__).resolve().parents[3] / "pages" / "library.py")
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def music(tmp_path, monkeypatch) -> Path:
    """Two folders of tones, a doublet, an empty file; the only place that the browser may open."""
    folder = tmp_path / "music"
    for genre, low in (("rock", 200), ("folk", 500)):
        (folder / genre).mkdir(parents=True)
        for number in range(3):
            y = 0.3 * np.sin(2 * np.pi * (low + 40 * number) * np.arange(4_000) / 8_000)
            soundfile.write(folder / genre / f"{genre}.{number}.wav", y, 8_000)
    (folder / "folk" / "again.wav").write_bytes((folder / "folk" / "folk.0.wav").read_bytes())
    (folder / "rock" / "empty.wav").touch()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(folder))
    return folder


def open_page(**address: str) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    at.query_params.update(address)
    return at.run()


def words_of(at: AppTest) -> str:
    """Everything written on the page, without the backslashes that keep Markdown away."""
    kinds = (at.title, at.caption, at.markdown, at.info, at.warning, at.error, at.success, at.code)
    return "\n".join(str(e.value) for kind in kinds for e in kind).replace("\\", "")


def press(at: AppTest, label: str) -> AppTest:
    """Press the button whose label begins so."""
    found = [b for b in at.button if b.label.replace("\\", "").startswith(label)]
    assert len(found) == 1, (label, [b.label for b in at.button])
    return found[0].click().run()


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


def test_a_damaged_collection_says_so_can_be_deleted_and_leaves_the_others_alone(music):
    collections.add(music / "rock", "fine")
    collections.add(music / "folk", "hurt")
    (store.root() / "collections" / "hurt" / "tracks.parquet").write_bytes(b"nothing")
    at = open_page(on="hurt")
    assert not at.exception
    assert "is damaged" in at.error[0].value.replace("\\", "")
    assert not at.metric
    press(at, "Delete hurt")
    assert collections.names() == ["fine"]
    assert [e.value for e in at.error] == [] and at.metric[0].value == "3"


def test_deleting_keeps_the_files(music):
    collections.add(music, "mine")
    at = press(open_page(), "Delete mine")
    assert collections.names() == [] and (music / "rock" / "rock.0.wav").exists()
    assert "The library is empty" in words_of(at)


def test_a_folder_is_walked_to_counted_and_added_by_a_job(music):
    at = open_page()
    assert not [b for b in at.button if b.label == "Add collection"]
    at = press(at, str(music))
    assert {"folk", "rock"} <= {b.label.split("  ")[0] for b in at.button}
    assert any(b.label.startswith("rock") and "4 audio files" in b.label for b in at.button)
    assert "8 audio files" in words_of(at) and "Reading takes about" in words_of(at)
    at = press(at, "rock")
    assert at.query_params["folder"] in (str(music / "rock"), [str(music / "rock")])
    at = open_page(folder=str(music / "rock"))  # the tab is loaded anew
    assert "4 audio files" in words_of(at)
    assert at.text_input(key="library-name-rock").value == "rock"
    at = press(at, "Add collection")
    (job,) = jobs.list_jobs("add")
    assert ended(job.id).state == "done"
    at = at.run()
    assert not at.exception
    assert "“rock” has 3 tracks. 1 entry under Problems." in words_of(at)
    assert at.metric[0].value == "3"
    at = press(at, "Dismiss")
    assert "“rock” has 3 tracks" not in words_of(at) and collections.names() == ["rock"]


def test_a_place_outside_the_roots_gets_the_line_that_allows_it(music, tmp_path):
    at = open_page()
    outside = str(tmp_path / "elsewhere")
    at.text_input(key="folder-typed").input(outside).run()
    assert f'SONGSCAPE_ROOTS="{music}:{outside}" make app' in [c.value for c in at.code]
    assert at.session_state[URL_STATE]["library"]["folder"] == ""
    at.text_input(key="folder-typed").input(str(music / "folk")).run()
    assert at.session_state[URL_STATE]["library"]["folder"] == str(music / "folk")
    assert (
        open_page(folder=outside).session_state[URL_STATE]["library"]["folder"] == ""
    )  # nor through the address


def test_a_table_is_looked_at_its_label_chosen_and_a_wrong_one_refused(music):
    at = open_page(add="A table of numbers")
    at.file_uploader[0].upload("empty.csv", b"a,b\n", "text/csv").run()
    assert not at.exception
    assert "column names but no rows" in at.error[0].value.replace("\\", "")
    at = open_page(add="A table of numbers")
    at.file_uploader[0].upload(
        "my songs.csv", b"track,genre,tempo,energy\na,rock,1,2\nb,folk,2,1\nc,folk,3,3\n", "text/csv"
    ).run()
    assert not at.exception and not at.error
    assert "2 labels" in words_of(at) and "3 rows, 4 columns" in words_of(at)
    assert at.text_input(key="library-name-my-songs").value == "my-songs"
    kept = at.query_params["table"]
    again = open_page(add="A table of numbers", table=kept[0] if isinstance(kept, list) else kept)
    assert "my songs.csv" in words_of(again) and "2 labels" in words_of(again)
    assert "my songs.csv" not in words_of(press(again, "Choose another"))


def test_lyrics_are_joined_from_a_table(music, monkeypatch):
    asked = {}
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: asked.update(kind=kind, **args))
    at = open_page(folder=str(music))
    at.file_uploader[0].upload("lyrics.csv", b"file,lyrics,mood\nrock.0.wav,la la,glad\n", "text/csv").run()
    label = next(s for s in at.selectbox if s.label == "Label")
    assert "Column mood" in label.options
    label.select("column:mood").run()
    press(at, "Add collection")
    assert asked["kind"] == "add" and asked["source"] == str(music) and asked["label"] == "mood"
    assert asked["text"].endswith("lyrics.csv") and asked["name"] == "music" and "on" not in asked


def test_files_are_uploaded_and_a_bad_name_is_refused(music, monkeypatch):
    asked = {}
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: asked.update(kind=kind, **args))
    at = open_page(add="Files from this computer")
    at.file_uploader[0].upload(
        "../../tone.wav", (music / "rock" / "rock.0.wav").read_bytes(), "audio/wav"
    ).run()
    at.text_input(key="library-name-uploads").input("no/name").run()
    press(at, "Add 1 file")
    assert "can't name a collection" in at.error[0].value.replace("\\", "") and not asked
    at.text_input(key="library-name-uploads").input("few").run()
    press(at, "Add 1 file")
    assert asked["name"] == "few" and [p.name for p in Path(asked["source"]).iterdir()] == ["tone.wav"]
    assert Path(asked["source"]).is_relative_to(store.root())


def test_refresh_reads_the_source_as_it_was_added(music, monkeypatch):
    collections.add(music, "mine", label="folder")
    asked = {}
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: asked.update(kind=kind, **args))
    press(open_page(), "Refresh")
    assert asked == {"kind": "add", "source": str(music), "name": "mine", "label": "folder"}


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


def test_simulated_data_is_added_and_called_so(music, monkeypatch):
    asked = {}
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: asked.update(kind=kind, **args))
    at = open_page(add="Something made up")
    assert "Simulated lyrics in three languages" in "\n".join(
        m.value for m in at.markdown
    ) and "for trying models" in words_of(at)
    at.button(key="library-simulated-lyrics").click().run()
    assert asked == {"kind": "add", "name": "simulated-lyrics", "source": "simulated-lyrics"}
    collections.add("simulated-lyrics", "simulated-lyrics")
    at = open_page(add="Something made up", on="simulated-lyrics")
    assert not at.exception and at.button(key="library-simulated-lyrics").disabled
    assert "simulated data" in words_of(at) and at.metric[0].value == "225"


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


def test_the_form_takes_main_genres_and_a_table_of_groups(tmp_path, music):
    kept = store.folder("uploads", "table-songs") / "songs.csv"
    pd.DataFrame(
        {"x": range(4), "y": range(4), "tags": ["hard rock, rock", "indie rock", "blues", "soul"]}
    ).to_csv(kept, index=False)
    groups = store.folder("uploads", "table-groups") / "groups.csv"
    pd.DataFrame({"genre": ["rock", "blues", "soul"], "coarse": ["loud", "slow", "slow"]}).to_csv(
        groups, index=False
    )
    at = open_page(
        add="A table of numbers",
        table="table-songs/songs.csv",
        several="true",
        groups="table-groups/groups.csv",
    )
    assert not at.exception and not at.error, words_of(at)
    at.selectbox(key="library-genres-5").select("column:tags").run()
    at.text_input(key="library-main-genres").input("rock, soul").run()
    press(at, "Add collection")
    (job,) = jobs.list_jobs("add")
    assert (job.args["genres"], job.args["main_genres"]) == ("tags", "rock, soul") and job.args[
        "genre_map"
    ] == str(groups)
    jobs.cancel(job.id)


def keep_running(job_id: str) -> None:
    """Start a job without a process."""
    status = {"state": "running", "done": 1, "total": 9, "heartbeat": time.time()}
    store.write_json(store.folder("jobs", job_id) / "status.json", status)


def test_the_form_opens_at_the_top_and_closes_again(music):
    collections.add(music, "mine")
    at = open_page()
    assert not [s for s in at.segmented_control if s.label == "Add music from"]
    at = press(at, "Add music")
    assert [s.label for s in at.segmented_control] == ["Collection", "Add music from"], "above the collection"
    at = press(at, "rock") if any(b.label.startswith("rock") for b in at.button) else press(at, str(music))
    at = press(at, "Close form")
    assert not at.exception and not [s for s in at.segmented_control if s.label == "Add music from"]
    assert "folder" not in at.query_params


def test_progress_is_shown_above_the_collection_right_after_adding(music, monkeypatch):
    collections.add(music, "mine")
    monkeypatch.setattr(jobs, "_launch", keep_running)
    at = open_page(folder=str(music / "rock"))
    at = press(at, "Add collection")
    assert not [s for s in at.segmented_control if s.label == "Add music from"], "the form is closed"
    (job,) = jobs.list_jobs("add")
    labels = [b.label for b in at.button]
    assert at.button(key=f"stop-{job.id}").label == "Stop" and len(at.get("progress")) == 1
    assert labels.index("Add music") < labels.index("Stop") < labels.index("Refresh"), (
        "beside what was clicked"
    )


def test_a_collection_is_renamed_beside_its_name_and_a_name_that_is_taken_is_refused(music):
    collections.add(music / "rock", "one")
    collections.add(music / "folk", "two")
    at = open_page(on="one")
    at.text_input(key="library-rename-to-one").input("two").run()
    at.button(key="library-rename").click().run()
    assert "already" in at.error[0].value and collections.names() == ["one", "two"]
    at.text_input(key="library-rename-to-one").input("three").run()
    at.button(key="library-rename").click().run()
    assert not at.exception and collections.names() == ["three", "two"]
    assert at.query_params["on"] in ("three", ["three"]) and at.subheader[0].value == "three"
    assert not at.warning, "the old name is no broken link"


def test_a_collection_that_a_job_works_on_is_neither_renamed_nor_deleted(music, monkeypatch):
    collections.add(music, "mine")
    monkeypatch.setattr(jobs, "_launch", keep_running)
    jobs.start("train", "Train", collection="mine", model="conv-vae")
    at = press(open_page(), "Delete mine")
    assert "a job works on mine" in at.error[0].value and collections.names() == ["mine"]


def test_a_refresh_reports_what_is_new_and_what_is_gone(music):
    collections.add(music, "mine")
    (music / "rock" / "rock.0.wav").unlink()
    y = 0.3 * np.sin(2 * np.pi * 700 * np.arange(4_000) / 8_000)
    soundfile.write(music / "folk" / "new one.wav", y, 8_000)
    at = press(open_page(), "Refresh")
    (job,) = jobs.list_jobs("add")
    assert ended(job.id).state == "done"
    assert "“mine” has 6 tracks. 1 new (new one.wav). 1 gone (rock.0.wav)." in words_of(at.run())


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


def test_a_deleted_collection_is_no_broken_link(music):
    collections.add(music / "rock", "one")
    collections.add(music / "folk", "two")
    at = press(open_page(on="two"), "Delete two")
    assert collections.names() == ["one"] and not at.warning and at.subheader[0].value == "one"


def test_several_tables_and_a_joined_text_are_one_collection(tmp_path, music, monkeypatch):
    asked = {}
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: asked.update(kind=kind, **args))
    for name in ("bangla", "english", "words"):
        kept = store.folder("uploads", f"table-{name}") / f"{name}.csv"
        pd.DataFrame({"song_no": [1, 2], "title": ["a", "b"], f"of_{name}": ["x", "y"]}).to_csv(
            kept, index=False
        )
    at = open_page(
        add="table",
        table="table-bangla/bangla.csv",
        **{"table-2": "table-english/english.csv"},
        words="table-words/words.csv",
    )
    assert not at.exception and not at.error, words_of(at)
    assert "4 rows, 5 columns" in words_of(at)
    assert "Column of_words" in next(s for s in at.selectbox if s.label == "Label").options
    at.selectbox(key="library-on-column").select("song_no").run()
    press(at, "Add collection")
    assert [source.rpartition("/")[2] for source in asked["source"].split("\n")] == [
        "bangla.csv",
        "english.csv",
    ]
    assert asked["text"].endswith("words.csv") and asked["on"] == "song_no" and asked["name"] == "bangla"
