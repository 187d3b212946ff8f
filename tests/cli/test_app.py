"""The command line: what is printed where, and with which exit status."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from core.cli import app as cli
from core.errors import SongscapeError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def table(tmp_path):
    """A CSV of 60 rows in three groups that are far apart, with words of their own."""
    rng = np.random.default_rng(1)
    group = np.arange(60) % 3
    X = 5 * rng.standard_normal((3, 5))[group] + rng.standard_normal((60, 5))
    words = np.array(["rain river sea", "drum stage night", "gold wheat sun"])[group]
    frame = pd.DataFrame(X, columns=list("abcde")).assign(
        title=[f"t{i}" for i in range(60)], lyrics=words, genre=np.array(list("xyz"))[group]
    )
    path = tmp_path / "table.csv"
    frame.to_csv(path, index=False)
    return path


def run(*args: str, expect: int = 0):
    """Run ``python -m core`` in this process; what the user can mend becomes status 1 as in main()."""
    result = CliRunner().invoke(cli.app, list(args))
    if isinstance(result.exception, SongscapeError):
        result.exit_code = 1
    assert result.exit_code == expect, (result.output, result.exception)
    return result


@pytest.fixture
def small(table):
    run("add", str(table), "--name", "small", "--label", "genre")


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


def test_score_prints_the_agreed_object(small):
    report = json.loads(
        run("score", "small", "--audio", "table", "--n-clusters", "3", "--seeds", "2", "--json").stdout
    )
    assert {
        "collection",
        "n_tracks",
        "n_labelled",
        "n_clusters",
        "noise_share",
        "seeds",
        "scores",
        "intervals",
        "control",
    } <= set(report)
    assert (report["n_tracks"], report["n_labelled"], report["n_clusters"]) == (60, 60, 3)
    assert report["scores"]["adjusted_rand"] > 0.9 > 0.2 > report["control"]["adjusted_rand"]
    for metric, (low, high) in report["intervals"].items():
        assert low <= report["scores"][metric] <= high, metric


def test_consensus_is_reported_with_its_stability(small, tmp_path):
    given = ("--audio", "table", "--n-clusters", "5", "--set", "n_init=1")
    scored = ("score", "small", *given, "--seeds", "1")
    assert json.loads(run(*scored, "--json").stdout)["stability"] is None
    report = json.loads(run(*scored, "--consensus", "4", "--json").stdout)
    assert "consensus over 4 seeds" in report["choice"]
    stability = report["stability"]
    assert stability["n_runs"] == 4 and 0 < stability["adjusted_rand"] < 1 and len(stability["interval"]) == 2
    values = list(stability["least_stable"].values())
    assert len(values) == 10 and values == sorted(values)
    assert "stability over 4 seeds: ARI" in run(*scored, "--consensus", "4").stdout
    out = tmp_path / "tracks.parquet"
    run("export", "small", *given, "--consensus", "4", "--out", str(out))
    table = pd.read_parquet(out).set_index("track_id")["stability"]
    assert table[list(stability["least_stable"])].tolist() == pytest.approx(values)
    run("export", "small", *given, "--out", str(out))
    assert "stability" not in pd.read_parquet(out)


def test_leiden_takes_a_number_of_clusters_as_its_target(small):
    given = ("score", "small", "--audio", "table", "--cluster", "leiden", "--seeds", "1", "--json")
    by_option = json.loads(run(*given, "--n-clusters", "5").stdout)
    by_setting = json.loads(run(*given, "--set", "target_clusters=5").stdout)
    assert by_option["n_clusters"] == 5 and by_option["scores"] == by_setting["scores"]
    assert json.loads(run(*given, "--set", "resolution=0.1").stdout)["scores"]["adjusted_rand"] == 1


def test_score_reports_the_representation(small):
    args = ("score", "small", "--audio", "table", "--text", "tfidf", "--n-clusters", "3", "--seeds", "1")
    report = json.loads(run(*args, "--json").stdout)["representation"]
    for name in ("knn_1", "knn_5", "linear_probe"):
        low, high = report["intervals"][name]
        assert low <= report[name] <= high and report[name] > 0.9 > 0.5 > report["control"][name]
    dimensions = sum(each["n_dimensions"] for each in report["encoders"].values())
    assert isinstance(report["hubness"], float) and report["n_dimensions"] == dimensions > 5
    assert {m: each["name"] for m, each in report["encoders"].items()} == {"audio": "table", "text": "tfidf"}
    assert 1 < report["encoders"]["audio"]["effective_rank"] <= 5
    shown = run(*args).stdout
    assert (
        "linear_probe" in shown
        and "audio table: effective rank" in shown
        and f"of {dimensions} dimensions" in shown
    )


def test_a_collapsed_representation_is_reported(tmp_path):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((40, 1)) * np.ones(9) + 0.01 * rng.standard_normal((40, 9))
    pd.DataFrame(X, columns=[f"z{i}" for i in range(9)]).to_csv(tmp_path / "z.csv", index=False)
    run("add", str(tmp_path / "z.csv"), "--name", "z")
    args = ("score", "z", "--audio", "table", "--n-clusters", "2", "--seeds", "1")
    report = json.loads(run(*args, "--json").stdout)
    assert report["representation"]["encoders"]["audio"]["is_collapsed"]
    assert report["representation"]["knn_1"] is report["representation"]["linear_probe"] is None
    assert any("audio table has collapsed: effective rank 1 of 9" in note for note in report["notes"])
    assert "kNN purity (k = 1), kNN purity (k = 5), Linear probe: not defined" in run(*args).stdout


def test_the_weight_decides_which_modality_counts(small):
    scores = {}
    for weight in ("0", "1"):
        output = run(
            "score",
            "small",
            "--audio",
            "table",
            "--text",
            "tfidf",
            "--text-weight",
            weight,
            "--n-clusters",
            "3",
            "--seeds",
            "1",
            "--json",
        )
        scores[weight] = json.loads(output.stdout)["scores"]["silhouette"]
    assert scores["0"] != scores["1"]


def test_k_is_searched_where_none_is_given(small):
    assert (
        json.loads(run("score", "small", "--audio", "table", "--seeds", "1", "--json").stdout)["n_clusters"]
        == 3
    )


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
    assert "folds are for models that predict all genres" in str(refused.exception)
    assert "folds=1 must be 2 or more" in str(run("train", *args, "--folds", "1", expect=1).exception)


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
    assert "Plotly" in (tmp_path / "map.html").read_text()
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


def test_without_a_representation_it_is_what_explore_opens_with_and_says_which(small, tmp_path):
    opened = "audio table; text sentence; fusion weighted (text weight 0.5); clustering kmeans, k 8"
    given = ("--audio", "table", "--text", "sentence", "--n-clusters", "8")
    first = json.loads(run("score", "small", "--seeds", "1", "--json").stdout)
    same = json.loads(run("score", "small", *given, "--seeds", "1", "--json").stdout)
    assert (
        first == same | {"choice": f"{opened}; representation as Explore opens it"}
        and same["choice"] == opened
    )
    assert f"small: {first['choice']}" in run("score", "small", "--seeds", "1").stdout
    three = json.loads(
        run(
            "score",
            "small",
            "--n-clusters",
            "3",
            "--text-weight",
            "0.2",
            "--cluster",
            "ward",
            "--seeds",
            "1",
            "--json",
        ).stdout
    )
    assert three["choice"].startswith(
        "audio table; text sentence; fusion weighted (text weight 0.2); clustering ward, k 3; "
    )
    for verb in ("map", "export"):
        wanted, out = tmp_path / f"{verb}-wanted.parquet", tmp_path / f"{verb}.parquet"
        settings = ("--projection", "pca") if verb == "map" else ()
        run(verb, "small", *given, *settings, "--out", str(wanted))
        assert (
            json.loads(run(verb, "small", *settings, "--out", str(out), "--json").stdout)["choice"]
            == first["choice"]
        )
        pd.testing.assert_frame_equal(pd.read_parquet(out), pd.read_parquet(wanted))
        assert first["choice"] in run(verb, "small", *settings, "--out", str(out)).stdout


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
