"""``explain`` and ``compare-tracks``: the objects they print, the names they keep, and what is refused."""

import json

import pandas as pd
import pytest

from core import store
from tests.cli.run_app import run

CHOICE = ("--audio", "table", "--text", "tfidf", "--n-clusters", "3", "--projection", "pca")


@pytest.fixture(autouse=True)
def near_worker(monkeypatch):
    """Project here instead of waking the worker process."""
    from core.projection import projection_spec, worker

    monkeypatch.setattr(
        worker,
        "project_in_worker",
        lambda X, config, seed=0, init=None: projection_spec("pca").load()().fit(X, seed=seed, init=init),
    )


def explained(*args, expect=0):
    return run("explain", "small", *CHOICE, *args, expect=expect)


def test_explain_prints_the_agreed_object(small):
    report = json.loads(explained("--bootstrap", "3", "--json").stdout)
    assert set(report) == {
        *(
            "collection",
            "n_tracks",
            "n_clusters",
            "choice",
            "groups",
            "stability",
            "confounds",
            "map",
            "lacks",
        )
    }
    assert [group["cluster"] for group in report["groups"]] == [1, 2, 3]
    first = report["groups"][0]
    assert first["medoid"]["track_id"] and set(first["medoid"]) == {"track_id", "title", "artist"}
    assert first["words"] and first["labels"][0]["share"] == 1 and first["descriptors"]
    assert first["stability"]["verdict"] == "stable" and report["stability"]["n_boot"] == 3
    assert first["text_weight"]["mean"] == 0.5 and first["name"] == "" and first["suggested_name"]
    label = report["confounds"]["agreements"]["label"]["adjusted_rand"]
    assert label["value"] > 0.9 > 0.2 > abs(label["control"])
    trust = report["map"]["trustworthiness"]
    assert trust["value"] > trust["control"] and report["lacks"] == ["tags"]
    text = explained("--bootstrap", "3").stdout
    assert "Cluster 1, " in text and "rank-biserial" in text and "trustworthiness" in text
    assert "mean text weight 50 %" in text and "stability over 3 bootstrap samples" in text


def test_a_selection_has_no_stability(small):
    ids = pd.read_parquet(store.root() / "collections" / "small" / "tracks.parquet")["track_id"]
    store.save_owned("selections", "abc", {"track_ids": ids[:20].tolist()})
    report = json.loads(explained("--selection", "sabc", "--json").stdout)
    (group,) = report["groups"]
    assert group["cluster"] is None and group["n_tracks"] == 20 and group["stability"] is None
    assert report["stability"] is None and report["n_clusters"] == 3
    assert "Tracks" in explained("--selection", "sabc").stdout


def test_a_name_is_kept_and_written_to_the_table(small, tmp_path):
    one = ("--only-cluster", "2", "--bootstrap", "0")
    named = json.loads(explained(*one, "--set-name", "My cluster", "--json").stdout)
    assert named["groups"][0]["name"] == "My cluster" and named["stability"] is None
    out = tmp_path / "groups.csv"
    explained("--bootstrap", "0", "--out", str(out))
    table = pd.read_csv(out)
    assert table["name"].tolist()[1] == "My cluster" and table["text_weight_mean"].tolist() == [0.5] * 3
    assert table["text_weight_0.5_to_0.6"].tolist() == [20] * 3
    explained("--bootstrap", "0", "--out", str(tmp_path / "groups.parquet"))
    assert len(pd.read_parquet(tmp_path / "groups.parquet")) == 3
    assert json.loads(explained(*one, "--set-name", "", "--json").stdout)["groups"][0]["name"] == ""


def test_what_cannot_be_explained_is_refused(small):
    assert "doesn't exist" in str(explained("--only-cluster", "9", expect=1).exception)
    explained("--set-name", "x", expect=2)
    explained("--out", "groups.xlsx", expect=2)


def test_compare_tracks_prints_the_agreed_object(small):
    report = json.loads(run("compare-tracks", "small", "t0", "t3", *CHOICE, "--json").stdout)
    assert set(report) >= {
        "collection",
        "choice",
        "first",
        "second",
        "views",
        "verdict",
        "words",
        "descriptors",
    }
    assert report["first"]["title"] == "t0" and report["first"]["cluster"] == report["second"]["cluster"]
    assert set(report["views"]) == {"audio", "text", "fused", "map"} and report["words"]["n_shared"] == 3
    assert len(report["neighbours"]["fused"]) == 10 and report["verdict"] == "consistent"
    text = run("compare-tracks", "small", "t0", "t3", *CHOICE).stdout
    assert "fused: distance" in text and "3 shared words" in text and "nearest text: " in text
    assert "two different" in str(run("compare-tracks", "small", "t0", "t0", *CHOICE, expect=1).exception)
