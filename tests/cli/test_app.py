"""The command line: what is printed where, and with which exit status."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from core.export.saved_view import pin_choice
from core.pipeline.choice import Choice
from tests.cli.run_app import run

ROOT = Path(__file__).resolve().parents[2]


def test_add_and_list(table):
    assert (
        json.loads(run("add", str(table), "--name", "small", "--label", "genre", "--json").stdout)["n_tracks"]
        == 60
    )
    assert json.loads(run("list", "--json").stdout)["collections"][0]["name"] == "small"
    one = json.loads(run("list", "small", "--json").stdout)
    assert one["labels"] == {"x": 20, "y": 20, "z": 20} and set(one["table_columns"]) == set("abcde")
    assert "small: 60 tracks" in run("list", "small").stdout
    assert "no collections" not in run("list").stdout


def test_an_empty_store_says_how_to_begin():
    assert "python -m core add demo --name demo" in run("list").stdout


def test_train_then_score_a_model(small):
    args = ("small", "--model", "mlp-vae:table", "--set", "epochs=3")
    made = json.loads(run("train", *args, "--json").stdout)
    assert made["checkpoint"].startswith("small-mlp-vae")
    report = json.loads(
        run(
            "score", "small", "--audio", "mlp-vae:table", "--n-clusters", "3", "--seeds", "1", "--json"
        ).stdout
    )
    assert report["n_tracks"] == 60


def test_a_model_that_predicts_genres_is_cross_validated(small):
    args = ("small", "--model", "lyrics-transformer", "--set", "epochs=1", "--set", "latent_dim=4")
    made = json.loads(run("train", *args, "--folds", "2", "--json").stdout)
    assert [row["n_tracks"] for row in made["folds"]["rows"]] == [30, 30] and set(
        made["folds"]["average_precision"]
    ) == set("xyz")
    shown = run("train", *args, "--folds", "2", "--set", "seed=1").stdout
    assert "mAP" in shown and "fold 2 (30 tracks)" in shown and "control, shuffled genres" in shown
    assert json.loads(run("train", *args, "--json").stdout)["folds"] is None
    refused = run("train", "small", "--model", "mlp-vae:table", "--folds", "5", expect=1)
    assert "folds are for models that predict genres or labels" in str(refused.exception)
    assert "folds=1 must be 2 or more" in str(run("train", *args, "--folds", "1", expect=1).exception)


def test_a_kept_map_takes_new_tracks_and_moves_nobody(table, shared_derived, tmp_path):
    whole = pd.read_csv(table)
    out = tmp_path / "map.csv"

    def write(*more):
        args = ("--audio", "table", "--n-clusters", "3", "--projection", "pca", "--out", str(out), "--json")
        return json.loads(run("map", "grows", *args, *more).stdout), pd.read_csv(out).set_index("track_id")

    part = tmp_path / "part.csv"
    whole.iloc[:50].to_csv(part, index=False)
    run("add", str(part), "--name", "grows", "--label", "genre")
    assert "kept" not in write()[0]
    made, before = write("--keep")
    assert made["kept"]["version"] == 1 and made["kept"]["n_placed"] == 0
    whole.to_csv(part, index=False)
    run("refresh", "grows")
    report, now = write("--keep")
    assert report["n_tracks"] == 60 and report["kept"]["n_placed"] == 10 and report["kept"]["due"] == ""
    assert now.loc[before.index, ["x", "y", "cluster"]].equals(before[["x", "y", "cluster"]])
    assert not write()[1].loc[before.index, ["x", "y"]].equals(before[["x", "y"]])  # without it they move
    assert write("--fit-anew")[0]["kept"]["version"] == 2


def test_a_view_of_a_kept_map_is_written_as_kept(small, tmp_path):
    choice = Choice(audio="table", n_clusters=3, projection="pca")
    kept = pin_choice("small", {"on": "small", "keep": "1"}, choice).name
    fitted = pin_choice("small", {"on": "small"}, replace(choice, n_clusters=2)).name
    for command in ("map", "export"):
        out = ("--out", str(tmp_path / f"{command}.csv"), "--json")
        report = json.loads(run(command, "small", "--view", kept, *out).stdout)
        assert report["kept"]["version"] == 1
        assert "kept" not in json.loads(run(command, "small", "--view", fitted, *out).stdout)


def test_map_and_export(small, tmp_path):
    run(
        "map",
        "small",
        "--audio",
        "table",
        "--n-clusters",
        "3",
        "--projection",
        "pca",
        "--out",
        str(tmp_path / "map.parquet"),
    )
    table = pd.read_parquet(tmp_path / "map.parquet")
    assert len(table) == 60 and {"x", "y", "cluster", "title"} <= set(table)
    run(
        "map",
        "small",
        "--audio",
        "table",
        "--n-clusters",
        "3",
        "--projection",
        "pca",
        "--out",
        str(tmp_path / "map.html"),
    )
    assert 'id="songscape-data"' in (tmp_path / "map.html").read_text(encoding="utf-8")
    run(
        "export",
        "small",
        "--audio",
        "table",
        "--n-clusters",
        "3",
        "--only-cluster",
        "1",
        "--out",
        str(tmp_path / "one.parquet"),
    )
    assert set(pd.read_parquet(tmp_path / "one.parquet")["cluster"]) == {0}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("score", "nothing", "--audio", "table"), "nothing"),
        (("score", "small", "--audio", "conv-vae"), "python -m core train small --model conv-vae"),
        (("score", "small", "--audio", "dance"), "no extractor, no model and no checkpoint"),
        (("score", "small", "--audio", "table", "--fusion", "magic"), "weighted, auto"),
        (("score", "small", "--audio", "table", "--cluster", "magic"), "kmeans"),
        (("score", "small", "--audio", "table", "--set", "eps=3"), "no setting 'eps'"),
        (("train", "small", "--model", "dance"), "conv-vae"),
        (("train", "small", "--model", "mlp-vae:table", "--set", "epoch=3"), "epochs"),
        (("export", "small", "--out", "x.doc"), ".m3u"),
        (("export", "small", "--out", "x.m3u"), "none of these tracks has audio"),
        (("bench", "magic"), "frontend"),
    ],
)
def test_what_the_user_can_mend_is_one_sentence_and_status_1(small, args, said):
    assert said in str(run(*args, expect=1).exception)


@pytest.mark.parametrize(
    "args",
    [
        ("score",),
        ("dance",),
        ("train", "small"),
        ("train", "small", "--model", "pca", "--set", "epochs"),
        ("score", "small", "--audio", "table", "--cluster", "dbscan", "--n-clusters", "7"),
        ("score", "small", "--audio", "table", "--text", "tfidf", "--text-weight", "1.4"),
        ("add", "x", "--name", "x", "--on", "file"),
    ],
)
def test_wrong_usage_is_status_2(args):
    run(*args, expect=2)


def test_the_real_process_prints_json_alone_and_one_line_for_an_error(small, tmp_path):
    import subprocess
    import sys

    def core(*args, **env):
        return subprocess.run(
            [sys.executable, "-m", "core", *args],
            capture_output=True,
            cwd=ROOT,
            env={**os.environ, **env},
            timeout=120,
        )

    done = core("list", "--json", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and json.loads(done.stdout)["collections"][0]["n_tracks"] == 60
    failed = core("score", "small", "--audio", "x" * 300)
    assert failed.returncode == 1 and failed.stdout == b"" and failed.stderr.count(b"\n") == 1
    folder = tmp_path / "dir.parquet"
    folder.mkdir()
    failed = core("export", "small", "--out", str(folder))
    assert (
        failed.returncode == 1
        and b"Traceback" not in failed.stderr
        and failed.stderr.startswith(b"songscape: ")
    )


def test_training_ends_with_how_much_of_the_latents_is_in_use(small):
    quick = ["--set", "epochs=15", "--set", "latent_dim=2", "--set", "hidden=8", "--set", "decoder_hidden=8"]
    good = run("train", "small", "--model", "mlp-vae:table", "--set", "beta=0.01", *quick).stdout
    assert "2 of 2 latents in use" in good and "collapsed" not in good
    bad = run(
        "train",
        "small",
        "--model",
        "beta-vae:table",
        "--set",
        "beta=1000",
        "--set",
        "scaling=as-published",
        *quick,
        "--set",
        "epochs=60",
    ).stdout
    assert "None of the 2 latents is in use" in bad and "scaling=normalised" in bad
