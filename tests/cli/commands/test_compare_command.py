"""``python -m core compare``: a board, a pair, a matrix."""

import json
from dataclasses import replace

import pytest

from core.export.saved_view import pin_choice
from core.pipeline.choice import Choice
from tests.cli.run_app import run

AUDIO = Choice(audio="table", n_clusters=3, projection="pca")
TWO = replace(AUDIO, n_clusters=2)


@pytest.fixture(autouse=True)
def near_worker(monkeypatch):
    from core.projection import projection_spec, worker

    def project(X, config, seed=0, init=None):
        return projection_spec("pca").load()().fit(X, seed=seed)

    monkeypatch.setattr(worker, "project_in_worker", project)


@pytest.fixture
def views(small):
    return [pin_choice("small", {"on": "small"}, choice).name for choice in (AUDIO, TWO)]


def test_the_board_has_scores_differences_and_verdicts(views, tmp_path):
    out = tmp_path / "board.tex"
    shown = run("compare", "small", "--seeds", "2", "--out", str(out), "--json").stdout
    found = json.loads(shown)
    assert found["against"] == views[0] and [row["name"] for row in found["rows"]] == views
    two = found["rows"][1]
    assert two["n_clusters"] == 2 and two["verdicts"]["adjusted_rand"] == "worse"
    assert two["difference_intervals"]["adjusted_rand"][1] < 0 and two["kinds"] == ["internal", "external"]
    assert found["out"] == str(out) and r"\toprule" in out.read_text()
    run("compare", "small", "--seeds", "2", "--out", str(out), expect=1)  # nothing is overwritten
    other = json.loads(run("compare", "small", "--seeds", "2", "--against", views[1], "--json").stdout)
    assert other["rows"][0]["verdicts"]["adjusted_rand"] == "better"
    assert views[1] in run("compare", "small", "--view", views[1], "--seeds", "2").stdout


def test_two_settings_have_flows_and_the_tracks_that_move_most(views):
    found = json.loads(
        run("compare", "small", "--view", views[0], "--with", views[1], "--limit", "3", "--json").stdout
    )
    assert found["n_tracks"] == 60 and found["n_changed"] == 20 and found["most_moved"] == []
    assert sum(flow["n_tracks"] for flow in found["flows"]) == 60 and len(found["flows"]) == 3
    text = run("compare", "small", "--view", views[0], "--with", views[1]).stdout
    assert "20 of 60 tracks (33 %) are in another cluster" in text and "No track moves" in text
    words = pin_choice("small", {}, replace(TWO, audio=None, text="tfidf")).name
    moved = run("compare", "small", "--view", views[0], "--with", words, "--limit", "3").stdout
    assert moved.split("Tracks that move most:\n")[1].count("% of the map") == 3
    opened = json.loads(run("compare", "small", "--with", views[1], "--json").stdout)
    assert opened["first"] == "as Explore opens it"


def test_the_matrix_has_a_row_per_representation(small, tmp_path):
    out = tmp_path / "matrix.csv"
    options = ("--quick", "--set", "clusterers=kmeans,ward", "--metric", "purity", "--out", str(out))
    found = json.loads(run("compare", "small", "--matrix", *options, "--json").stdout)
    assert found["clusterings"] == ["kmeans", "ward"] and "table (audio)" in found["values"]
    assert 0 < found["values"]["table (audio)"]["ward"] <= 1
    assert out.read_text().split("\n")[0].startswith("method,") and "Ward" in out.read_text()


def test_what_can_be_mended_is_status_1_and_wrong_usage_2(small):
    assert "no saved view" in str(run("compare", "small", expect=1).exception)
    run("compare", "small", "--with", "nothing", expect=1)
    run("compare", "small", "--matrix", "--metric", "nothing", expect=1)
    run("compare", "small", "--matrix", "--with", "x", expect=2)
    run("compare", "small", "--set", "k=3", expect=2)
    run("compare", "small", "--with", "x", "--out", "y.csv", expect=2)
