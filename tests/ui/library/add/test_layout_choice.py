"""The choice of a dataset's layout for a folder."""

import pytest

from core.jobs import job as jobs
from tests.collection.datasets.miniatures import make_fma, make_gtzan
from tests.pages.library.library_page import open_page, press, words_of


@pytest.fixture(autouse=True)
def counted(monkeypatch):
    """Let the page wait for the count of files, however long the machine takes."""
    monkeypatch.setattr("core.ui.library.add.add_fields.WAIT_S", 60.0)


@pytest.fixture
def asked(monkeypatch):
    """Return the arguments of the jobs that are started, which don't run."""
    given: dict = {}
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: given.update(args))
    return given


def layout_of(at):
    return next(select for select in at.selectbox if select.label == "Dataset layout")


def test_a_recognised_dataset_is_the_default_and_said(tmp_path, monkeypatch, asked):
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(tmp_path))
    root = make_gtzan(tmp_path / "gtzan")
    at = open_page(folder=str(root))
    assert layout_of(at).value == "gtzan" and "This folder looks like GTZAN. Ten genres" in words_of(at)
    press(at, "Add collection")
    assert asked["layout"] == "gtzan" and asked["source"] == str(root)


def test_a_recognised_dataset_may_be_read_as_a_plain_folder(tmp_path, monkeypatch, asked):
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(tmp_path))
    at = open_page(folder=str(make_gtzan(tmp_path / "gtzan")))
    layout_of(at).select("plain").run()
    press(at, "Add collection")
    assert asked["layout"] == "plain"


def test_another_folder_has_no_layout_and_refuses_one(tmp_path, monkeypatch, asked):
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(tmp_path))
    (make_gtzan(tmp_path / "gtzan") / "genres_original" / "rock").rename(tmp_path / "rock")
    at = open_page(folder=str(tmp_path / "rock"))
    assert layout_of(at).value == "plain" and "looks like" not in words_of(at)
    layout_of(at).select("music4all").run()
    assert "doesn't look like Music4All, for which these are looked for: audios, id_" in words_of(at)
    layout_of(at).select("plain").run()
    press(at, "Add collection")
    assert "layout" not in asked


def test_a_part_outside_the_roots_is_not_read(tmp_path, monkeypatch):
    root = make_fma(tmp_path / "fma")
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(root / "fma_small"))
    at = open_page(folder=str(root / "fma_small"))
    assert layout_of(at).value == "plain"
    layout_of(at).select("fma-small").run()
    assert "is outside the folders that may be opened here" in words_of(at)
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(root))
    assert layout_of(open_page(folder=str(root / "fma_small"))).value == "fma-small"
