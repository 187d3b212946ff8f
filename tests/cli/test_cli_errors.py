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


TABLE = ("--audio", "table")
SCORE = ("score", "small", *TABLE)
TRAIN = ("train", "small", "--model", "mlp-vae:table")
WRONG_USAGE = [
    (),
    ("dance",),
    ("score",),
    ("score", "small", "again"),
    ("score", "small", "--sed", "1"),
    ("score", "small", "--seed"),
    (*SCORE, "--seed", "-1"),
    (*SCORE, "--seed", "x"),
    (*SCORE, "--seed", "4294967296"),
    ("map", "small", "--seed", "-1", "--out", "x.html"),
    ("export", "small", "--seed", "-1", "--out", "x.m3u"),
    (*SCORE, "--seeds", "0"),
    (*SCORE, "--seeds", "1.5"),
    (*TRAIN, "--folds", "-1"),
    *((*SCORE, "--n-clusters", k) for k in ("0", "-3", "1.5", "1e9", "many", "", "²", "9" * 5_000)),
    *((*SCORE, "--text-weight", weight) for weight in ("2", "-0.1", "nan", "inf", "half")),
    (*SCORE, "--fusion", "graph", "--text-weight", "0.5"),
    (*SCORE, "--cluster", "dbscan", "--n-clusters", "7"),
    (*SCORE, "--cluster", "ward", "--consensus", "20"),
    (*SCORE, "--set", "eps"),
    (*TRAIN, "--set", "epochs"),
    ("rename", "small"),
    ("delete",),
    ("search", "small"),
    ("search", "small", "x", "--limit", "0"),
    ("bench", "frontend", "--first-seed", "1"),
    ("bench", "fusion", "--first-seed", "-1"),
    ("add", "small.csv", "--name", "small", "--on", "a"),
    ("transcribe", "small", "--batch-size", "0"),
]
TO_MEND = [
    (("score", "nothing", *TABLE), "there is no collection 'nothing'"),
    (("score", "", *TABLE), "can't name a collection"),
    (("score", "../small", *TABLE), "can't name a collection"),
    (("list", "a/b"), "can't name a collection"),
    (("rename", "nothing", "x"), "there is no collection 'nothing' to rename; there are small"),
    (("rename", "small", "small"), "there is a collection 'small' already"),
    (("rename", "small", "a/b"), "can't name a collection"),
    (("refresh", "nothing"), "there is no collection 'nothing'"),
    (("refresh", "../small"), "can't name a collection"),
    (("delete", "nothing"), "there is no collection 'nothing' to remove; there are small"),
    (("delete", "small"), "audio files and checkpoints trained on it stay. Run it again with --yes"),
    (("delete", "a/b", "--yes"), "can't name a collection"),
    (("add", "small.csv", "--name", ""), "can't name a collection"),
    (("add", "small.csv", "--name", "a/b"), "can't name a collection"),
    (("add", "", "--name", "x"), "there is no ''"),
    (("add", "~nobody-of-this-name", "--name", "x"), "there is no '~nobody"),
    (("add", "nowhere", "--name", "x"), "nowhere"),
    (("add", "file", "--name", "x"), "file"),
    (("score", "small", "--audio", "x" * 300), "no extractor, no model and no checkpoint"),
    (("score", "small", "--audio", "a/b"), "no extractor"),
    (("score", "small", "--audio", "line\nbreak"), "no extractor"),
    (("score", "small", "--text", ""), "choose an audio"),
    (("score", "small", "--text", "tfidf"), "small has 0 tracks with text"),
    ((*SCORE, "--fusion", "magic"), "unknown fusion 'magic'"),
    ((*SCORE, "--cluster", "magic"), "unknown clusterer 'magic'"),
    ((*SCORE, "--label-by", "magic"), "label_by='magic'"),
    ((*SCORE, "--label-by", "coarse"), "coarse group"),
    (("map", "small", *TABLE, "--projection", "magic", "--out", "x.html"), "magic"),
    ((*SCORE, "--consensus", "2"), "consensus=2 must be 0 (off), or 3 runs or more"),
    ((*SCORE, "--n-clusters", "1000000000"), "more clusters than there are tracks (12)"),
    ((*SCORE, "--set", "eps=3"), "no setting 'eps'"),
    ((*SCORE, "--set", "=3"), "no setting ''"),
    ((*SCORE, "--set", "n_init=x"), "n_init='x'"),
    ((*SCORE, "--set", "n_init=0"), "n_init=0"),
    ((*SCORE, "--set", "fusion.magic=3"), "no setting 'magic'"),
    ((*SCORE, "--cluster", "dbscan", "--set", "eps=nan"), "eps=nan"),
    ((*SCORE, "--cluster", "dbscan", "--set", "min_samples=-1"), "min_samples=-1"),
    *(
        ((*TABLE_EXPORT, "--only-cluster", number), f"cluster {number} doesn't exist")
        for TABLE_EXPORT in [("export", "small", *TABLE, "--n-clusters", "2", "--out", "x.parquet")]
        for number in ("0", "999", "-1")
    ),
    *(
        (("export", "small", *TABLE, "--out", out), said)
        for out, said in (
            ("no/x.m3u", "doesn't exist"),
            ("file/x.m3u", "doesn't exist"),
            ("folder.m3u", "is a folder"),
            ("x", "must end in"),
            ("", "must end in"),
            ("x.doc", "must end in"),
            ("x" * 300 + ".m3u", "name too long"),
            ("x.m3u", "has audio"),
        )
    ),
    *(
        (("map", "small", *TABLE, "--out", out), said)
        for out, said in (("no/x.html", "doesn't exist"), ("x.m3u", "must end in"))
    ),
    (("train", "small", "--model", ""), "unknown model ''"),
    (("train", "small", "--model", "dance"), "conv-vae"),
    (("train", "small", "--model", "conv-vae:table"), "can't read 'table'"),
    ((*TRAIN, "--folds", "1"), "predict all genres"),
    ((*TRAIN, "--set", "seed=-1"), "seed=-1"),
    ((*TRAIN, "--set", "epochs=0"), "epochs=0"),
    ((*TRAIN, "--set", "lr=nan"), "lr=nan"),
    *(
        ((*TRAIN, "--set", "epochs=1", "--out", out), said)
        for out, said in (
            ("x.bin", "must end in .safetensors"),
            ("no/x.safetensors", "doesn't exist"),
            ("file/x.safetensors", "doesn't exist"),
            ("x" * 300 + ".safetensors", "name too long"),
            ("~nobody-of-this-name/x.safetensors", "doesn't exist"),
            ("", "must end in"),
        )
    ),
    (("search", "small", " "), "the phrase to search for is empty"),
    (("search", "small", "--like", "waltz"), "no track of small"),
    (("search", "small", "waltz \udcff"), "not valid Unicode: 'waltz \\udcff'"),
    (("search", "small", "--like", "\udcff"), "not valid Unicode: '\\udcff'"),
    (("search", "small", "\udcff", "--through", "words"), "the phrase to search for is not valid Unicode"),
    (("search", "small", "--like", ""), "no track of small"),
    (("search", "small", "x", "--through", "magic"), "through='magic' is not supported"),
    (("caption", "small", "--with", "magic"), "magic"),
    (("caption", "small", "--genre", "magic"), "magic"),
    (("caption", "nothing"), "nothing"),
    (("transcribe", "nothing"), "nothing"),
    (("bench", "magic"), "frontend"),
    (("bench", "fusion", "--cue-reliability", "nan"), "cue_reliability"),
    (("run-job", "nothing"), "there is no job 'nothing'"),
    (("run-job", ""), "there is no job ''"),
    (("run-job", "../.."), "there is no job"),
]


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
    "refresh": ("nothing",),
    "delete": ("nothing", "--yes"),
    "train": ("small", "--model", "dance"),
    "score": ("nothing", *TABLE),
    "map": ("nothing", *TABLE, "--out", "x.html"),
    "export": ("nothing", *TABLE, "--out", "x.m3u"),
    "caption": ("nothing",),
    "bench": ("magic",),
    "transcribe": ("nothing",),
    "search": ("nothing", "x"),
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
    monkeypatch.setattr("core.cli.listing.list_all", lambda: 1 / 0)
    for args in (["list"], ["list", "--json"]):
        with pytest.raises(ZeroDivisionError):
            call(cli.app, args)
        out = capsys.readouterr().out
        assert out == "" if len(args) == 1 else "ZeroDivisionError" in json.loads(out)["error"]
