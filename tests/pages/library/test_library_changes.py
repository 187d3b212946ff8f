"""A collection is renamed, refreshed and deleted on the Library page."""

import numpy as np
import soundfile

from core import collection as collections
from core import store
from core.jobs import job as jobs
from tests.pages.library.library_page import keep_running, open_page, press, words_of
from tests.waiting import ended


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


def test_refresh_reads_the_source_as_it_was_added(music, monkeypatch):
    collections.add(music, "mine", label="folder")
    asked = {}
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: asked.update(kind=kind, **args))
    press(open_page(), "Refresh")
    assert asked == {"kind": "add", "source": str(music), "name": "mine", "label": "folder"}


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


def test_a_deleted_collection_is_no_broken_link(music):
    collections.add(music / "rock", "one")
    collections.add(music / "folk", "two")
    at = press(open_page(on="two"), "Delete two")
    assert collections.names() == ["one"] and not at.warning and at.subheader[0].value == "one"
