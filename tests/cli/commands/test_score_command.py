"""``score``: the object that it prints, and what it scores without being told."""

import json

import numpy as np
import pandas as pd
import pytest

from tests.cli.run_app import run


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
