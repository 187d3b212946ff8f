"""Rename, refresh and delete a collection on the command line, in a clean store."""

import json

import pandas as pd
import pytest
import typer

from core import collection as collections
from core import store
from core.cli import app as cli
from core.cli.terminal import call
from tests.collection.datasets.miniatures import make_fma


@pytest.fixture
def table(tmp_path):
    """A table of six rows, added as the collection "mine" with labels."""
    table = tmp_path / "mine.csv"
    pd.DataFrame({"title": list("abcdef"), "x": range(6), "kind": list("uvuvuv")}).to_csv(table, index=False)
    assert call(cli.app, ["add", str(table), "--name", "mine", "--label", "kind"]) == 0
    return table


@pytest.fixture
def run(table, capsys):
    """Return a function that runs a command and returns status, standard output and standard error."""
    capsys.readouterr()

    def run(*args):
        status = call(cli.app, list(args))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def answer(monkeypatch):
    """Return a function that puts a terminal with an answer in place of standard input."""

    def answer(text):
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("typer.confirm", lambda question, **_: text == "y")

    return answer


def test_rename(run):
    assert run("rename", "mine", "ours")[:2] == (0, "mine is now ours\n")
    assert collections.names() == ["ours"] and collections.load("ours").n_tracks == 6
    status, out, _ = run("rename", "ours", "mine", "--json")
    assert status == 0 and json.loads(out) == {"collection": "mine", "former_name": "ours"}


def test_refresh_reads_the_source_again_with_the_same_arguments(run, table):
    assert run("refresh", "mine")[1] == "“mine” has 6 tracks. Nothing is new, nothing is gone.\n"
    before = pd.read_csv(table)
    pd.concat([before.iloc[1:], pd.DataFrame({"title": ["g"], "x": [9], "kind": ["u"]})]).to_csv(
        table, index=False
    )
    status, out, _ = run("refresh", "mine", "--json")
    result = json.loads(out)
    assert status == 0 and result["collection"] == "mine"
    assert result["changes"]["new"] == ["g"] and result["changes"]["gone"] == ["a"]
    assert list(collections.load("mine").tracks["label"]) == list("vuvuvu")


def test_relabel_holds_after_a_refresh(run, tmp_path):
    assert run("relabel", "mine", "--label", "title")[:2] == (
        0,
        "The labels of “mine” come from title: 6 labels on 6 tracks.\n",
    )
    assert run("refresh", "mine")[0] == 0
    assert collections.load("mine").labels() == list("abcdef")
    pd.DataFrame({"song": list("abcx"), "mood": list("mnmn")}).to_csv(tmp_path / "moods.csv", index=False)
    status, out, err = run(
        *(
            "relabel",
            "mine",
            "--label",
            "mood",
            "--from",
            str(tmp_path / "moods.csv"),
            "--on",
            "song",
            "--json",
        )
    )
    assert status == 1 and "no row of moods.csv matches a track" in json.loads(out)["error"]
    pd.DataFrame({"title": list("abcx"), "mood": list("mnmn")}).to_csv(tmp_path / "moods.csv", index=False)
    status, out, _ = run(
        *(
            "relabel",
            "mine",
            "--label",
            "mood",
            "--from",
            str(tmp_path / "moods.csv"),
            "--on",
            "title",
            "--json",
        )
    )
    result = json.loads(out)
    assert status == 0 and result["labels"] | {"asked": 0} == {
        "asked": 0,
        "from": "mood of moods.csv",
        "n_labelled": 3,
        "n_labels": 2,
    }
    assert result["join"]["tracks_joined"] == 3 and result["join"]["rows_without_track"] == 1


def test_relabel_lists_the_columns_that_there_are(run):
    status, out, err = run("relabel", "mine", "--label", "genre")
    assert (status, out) == (1, "")
    assert err == "songscape: the label 'genre' is not a column; there are title, kind, label\n"
    assert run("relabel", "mine", "--label", "kind", "--on", "title")[0] == 2


def test_delete_without_a_terminal_needs_yes(run, table):
    status, out, err = run("delete", "mine")
    assert (status, out) == (1, "") and "--yes" in err and "audio files" in err
    assert collections.names() == ["mine"]
    status, out, _ = run("delete", "mine", "--yes")
    assert status == 0 and "deleted the collection mine; audio files" in out
    assert collections.names() == [] and table.exists()


def test_delete_with_json_prints_one_object(run):
    assert json.loads(run("delete", "mine", "--json")[1])["error"].startswith("this would delete")
    assert json.loads(run("delete", "mine", "--yes", "--json")[1]) == {"deleted": "mine"}


def test_delete_asks_on_a_terminal(run, answer):
    answer("n")
    assert run("delete", "mine")[0] == 1 and collections.names() == ["mine"]
    answer("y")
    assert run("delete", "mine")[0] == 0 and collections.names() == []


def test_a_question_without_an_answer_stops_the_command(run, answer, monkeypatch):
    def stop(*_, **__):
        raise typer.Abort

    answer("")
    monkeypatch.setattr("typer.confirm", stop)
    assert run("delete", "mine") == (1, "", "songscape: stopped\n") and collections.names() == ["mine"]


def test_delete_removes_a_damaged_collection(run):
    (store.root() / "collections" / "mine" / "tracks.parquet").write_bytes(b"damaged")
    assert run("refresh", "mine")[0] == 1
    assert run("delete", "mine", "--yes")[0] == 0 and collections.names() == []


@pytest.mark.parametrize("command", [("rename", "mine", "ours"), ("delete", "mine", "--yes")])
def test_a_collection_that_a_job_works_on_stays(run, monkeypatch, command):
    from core.jobs.status import Status

    busy = Status("1", "caption", "Write captions for mine", {"collection": "mine"}, state="running")
    monkeypatch.setattr("core.jobs.job._list_all", lambda kind=None: [busy])
    status, out, err = run(*command)
    assert (status, out) == (1, "") and "a job works on mine (Write captions for mine)" in err
    assert collections.names() == ["mine"]


def test_a_dataset_is_read_as_downloaded_under_its_own_name(run, tmp_path):
    root = make_fma(tmp_path / "fma")
    status, out, _ = run("add", str(root), "--as", "fma-small", "--sample", "1")
    assert status == 0 and "read as the dataset FMA small\n" in out
    assert "tracks.csv: 3 tracks matched, 0 not; 1 row without a usable audio file\n" in out
    assert "split: training 1, validation 1, test 1\n" in out and "fma-small: 2 tracks" in out
    _, out, _ = run("add", str(root), "--name", "fma-small", "--json")
    added = json.loads(out)
    assert added["taken_over"] == {"layout": "fma-small", "sample": "1"}
    assert added["reading"]["dataset"]["layout"] == "fma-small"
    assert "same as before: --as fma-small, --sample 1" in run("add", str(root), "--name", "fma-small")[1]
    assert (
        "looks like FMA small; read as a plain folder. --as fma-small"
        in run("add", str(root), "--name", "p")[1]
    )
    assert "looks like FMA small" in run("list", "p")[1]


def test_a_dataset_that_is_not_there_and_a_missing_name(run, tmp_path):
    status, _, err = run("add", str(tmp_path), "--as", "gtzan")
    assert status == 1 and "doesn't look like GTZAN" in err and err.count("\n") == 1
    status, _, err = run("add", str(tmp_path), "--as", "gtzn")
    assert status == 1 and "unknown dataset layout 'gtzn'; choose from gtzan" in err
    for options in ([], ["--as", "plain"]):
        status, _, err = run("add", str(tmp_path), *options)
        assert status == 2 and "Missing option '--name'" in err
