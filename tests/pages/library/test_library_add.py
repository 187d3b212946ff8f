"""Music is added on the Library page: folders, tables, uploads and simulated data."""

from pathlib import Path

import numpy as np
import pandas as pd

from core import collection as collections
from core import store
from core.jobs import job as jobs
from core.ui.shared.url_state import URL_STATE
from tests.pages.library.library_page import keep_running, open_page, press, words_of
from tests.waiting import ended


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


def test_a_folder_is_added_by_the_engine_that_is_chosen(music, monkeypatch):
    monkeypatch.setattr("core.ui.shared.fields.engine_choice.is_installed", lambda name: True)
    started = []
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: started.append(args))
    at = open_page(folder=str(music / "rock"), engine="ray")
    press(at, "Add collection")
    assert started[0]["engine"] == {"name": "ray", "address": "auto"} and started[0]["name"] == "rock"


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


def test_a_typed_path_of_a_table_goes_on_with_tables_and_a_sample(music):
    pd.DataFrame(
        {
            "kind": list("uuvv") * 5,
            "x": np.random.default_rng(0).normal(size=20),
            "title": list("abcdefghijklmnopqrst"),
        }
    ).to_csv(music / "numbers.csv", index=False)
    pd.DataFrame({"title": list("abcd"), "lyrics": "la la"}).to_csv(music / "words.csv", index=False)
    at = open_page()
    at.text_input(key="folder-typed").input(str(music / "numbers.csv")).run()
    assert not at.exception and "20 rows, 3 columns" in words_of(at)
    at.text_input(key="words-typed").input(str(music / "words.csv")).run()
    at.selectbox(key="library-on-column").select("title").run()
    label = next(box for box in at.selectbox if box.label == "Label")
    label.select("column:kind").run()
    at.number_input(key="library-sample").set_value(3).run()
    at = press(at, "Add collection")
    (job,) = jobs.list_jobs("add")
    assert ended(job.id).state == "done"
    added = collections.load("numbers")
    assert added.tracks["label"].value_counts().to_dict() == {"u": 3, "v": 3}
    assert added.info["arguments"]["sample"] == "3" and added.info["text_join"]["tracks_joined"] == 4
