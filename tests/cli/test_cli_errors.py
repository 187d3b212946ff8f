"""What can't be done ends in one line and the right status, and with ``--json`` in one object."""

import errno
import json
import os

import pandas as pd
import pytest
import typer

from core.cli import app as cli
from core.cli.terminal import call
from core.scoring import INTERNAL
from tests.cli.failing_commands import SCORE, TABLE, TO_MEND, WRONG_USAGE


@pytest.fixture(scope="module", autouse=True)
def small(tmp_path_factory):
    """A collection of twelve rows, and the folder that commands are given in: what fails changes neither."""
    place = tmp_path_factory.mktemp("place")
    (place / "folder.m3u").mkdir()
    (place / "file").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SONGSCAPE_CACHE", str(place / "store"))
        patch.chdir(place)
        pd.DataFrame({"a": range(12), "b": [1, 5, 2] * 4, "genre": list("xyz") * 4}).to_csv(
            "small.csv", index=False
        )
        assert call(cli.app, ["add", "small.csv", "--name", "small", "--label", "genre"]) == 0
        yield


@pytest.fixture(autouse=True)
def own_store():
    """Stand in for the suite's store per test."""


def run(args, capsys, status: int) -> tuple[str, str]:
    """Run a command that can't be done; return what standard output and the last line of standard error
    hold."""
    assert call(cli.app, list(args)) == status, args
    told = capsys.readouterr()
    lines = told.err.splitlines()
    assert (
        not args
        or sum(line.startswith("songscape: ") for line in lines) == 1
        and lines[-1].startswith("songscape: ")
    ), told.err
    return told.out, lines[-1] if lines else ""


@pytest.mark.parametrize("args", WRONG_USAGE, ids=lambda args: " ".join(args)[:80])
def test_wrong_usage_is_one_line_and_status_2(args, capsys):
    out, line = run(args, capsys, 2)
    assert args == () or out == "" and line.endswith("--help)") and "python -m core" in line


@pytest.mark.parametrize(
    ("args", "said"), TO_MEND, ids=lambda x: x if isinstance(x, str) else " ".join(x)[:80]
)
def test_what_can_be_mended_is_one_line_and_status_1(args, said, capsys):
    out, line = run(args, capsys, 1)
    assert out == "" and said in line


CAN_SAY_JSON = {
    name
    for name, command in typer.main.get_command(cli.app).commands.items()
    if any("--json" in param.opts for param in command.params)
}


FAILS = {
    "add": ("nowhere", "--name", "x"),
    "list": ("nothing",),
    "rename": ("nothing", "x"),
    "relabel": ("nothing", "--label", "x"),
    "refresh": ("nothing",),
    "delete": ("nothing", "--yes"),
    "train": ("small", "--model", "dance"),
    "score": ("nothing", *TABLE),
    "map": ("nothing", *TABLE, "--out", "x.html"),
    "export": ("nothing", *TABLE, "--out", "x.m3u"),
    "caption": ("nothing",),
    "bench": ("magic",),
    "pretrained": ("get", "nonsense"),
    "transcribe": ("nothing",),
    "search": ("nothing", "x"),
    "versions": ("nothing",),
    "compare": ("nothing",),
    "compare-tracks": ("nothing", "a", "b"),
    "explain": ("nothing",),
}


def test_every_command_that_prints_json_is_tried():
    assert set(FAILS) == CAN_SAY_JSON


@pytest.mark.parametrize("command", sorted(CAN_SAY_JSON))
@pytest.mark.parametrize("status", [1, 2])
def test_with_json_an_error_is_one_object_and_the_status_stays(command, status, capsys):
    args = [command, *FAILS[command], *(["--no-such-option"] if status == 2 else [])]
    for place in (1, len(args)):
        out, line = run([*args[:place], "--json", *args[place:]], capsys, status)
        assert json.loads(out) == {"error": line.removeprefix("songscape: ")} and out.count("\n") == 1
    assert run(args, capsys, status) == ("", line)


@pytest.mark.parametrize(
    "args",
    [
        ("--json",),
        ("dance", "--json"),
        ("score", "--json"),
        (*SCORE, "--seed", "-1", "--json"),
        (*SCORE, "--json", "--n-clusters", "0"),
    ],
)
def test_with_json_every_wrong_usage_is_one_object(args, capsys):
    out, line = run(args, capsys, 2)
    assert json.loads(out) == {"error": line.removeprefix("songscape: ")}


def test_what_stands_behind_two_hyphens_is_no_option(capsys):
    assert run(("search", "nothing", "--", "--json"), capsys, 1)[0] == ""


WRITING = {
    "add": ("small.csv", "--name", "other"),
    "score": ("small", *TABLE, "--n-clusters", "2"),
    "map": ("small", *TABLE, "--n-clusters", "2", "--projection", "pca", "--out", "x.html"),
    "export": ("small", *TABLE, "--n-clusters", "2", "--out", "x.parquet"),
    "train": ("small", "--model", "pca:table"),
}


@pytest.mark.parametrize("command", WRITING)
def test_a_full_disk_is_one_line_and_one_object(command, monkeypatch, capsys):
    def fail(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("core.store.files.os.replace", fail)
    out, line = run((command, *WRITING[command], "--json"), capsys, 1)
    assert json.loads(out) == {"error": line.removeprefix("songscape: ")} and out.count("\n") == 1
    assert line.endswith("can't be written: No space left on device")


def test_one_cluster_has_no_internal_score(capsys):
    """Null and a reason, not the scores of another k."""
    args = ["score", "small", *TABLE, "--n-clusters", "1", "--seeds", "2"]
    assert call(cli.app, [*args, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["n_clusters"] == 1 and report["scores"]["adjusted_rand"] == 0
    for metric in INTERNAL:
        for column in ("scores", "intervals", "control"):
            assert report[column][metric] is None, (column, metric)
    assert call(cli.app, args) == 0
    assert f"{', '.join(INTERNAL)}: there is only one cluster" in capsys.readouterr().out
    assert call(cli.app, [*args, "--n-clusters", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["scores"]["silhouette"] > 0  # the control


def test_a_defect_stays_loud_and_json_says_it(monkeypatch, capsys):
    monkeypatch.setattr("core.cli.commands.listing.list_all", lambda: 1 / 0)
    for args in (["list"], ["list", "--json"]):
        with pytest.raises(ZeroDivisionError):
            call(cli.app, args)
        out = capsys.readouterr().out
        assert out == "" if len(args) == 1 else "ZeroDivisionError" in json.loads(out)["error"]
