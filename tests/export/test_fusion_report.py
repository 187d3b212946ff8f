"""A report says in words what a number alone would hide."""

import pandas as pd
import pytest

from core.cli.commands.analysis_commands import format_report
from core.errors import ConfigError
from core.export.fusion_report import describe_notes, full_report
from core.jobs.work import add_collection
from core.pipeline.choice import Choice


@pytest.fixture
def three(tmp_path):
    """A collection of three rows: too few to take any away."""
    path = tmp_path / "three.csv"
    pd.DataFrame(
        {"a": [0.0, 1.0, 9.0], "b": [0.5, 0.0, 9.0], "title": list("pqr"), "genre": list("xxy")}
    ).to_csv(path, index=False)
    add_collection(str(path), name="three", label="genre")
    return "three"


def test_a_report_of_noise_alone_says_why_scores_are_missing_and_how_noise_counts(three):
    report = full_report(
        three, Choice(audio="table", cluster="dbscan", settings=(("eps", 0.001), ("min_samples", 3)))
    )
    assert "silhouette, davies_bouldin, calinski_harabasz: every track is noise" in report["notes"]
    assert any(note.startswith("noise: 3 of 3 tracks are in no cluster") for note in report["notes"])
    printed = format_report(report)
    assert all(note in printed for note in report["notes"])


def test_a_report_prints_a_dash_where_there_is_no_interval(three):
    report = full_report(three, Choice(audio="table", n_clusters=2))
    assert report["scores"]["silhouette"] is not None and report["intervals"]["silhouette"] is None
    line = next(line for line in format_report(report).splitlines() if line.startswith("silhouette "))
    assert line.split()[2:4] == ["–", "–"]
    assert any("too few tracks to measure its spread" in note for note in report["notes"])


def test_a_report_of_one_cluster_has_dashes_and_says_why(three):
    printed = format_report(full_report(three, Choice(audio="table", n_clusters=1)))
    assert (
        "1 clusters" not in printed
        and "silhouette, davies_bouldin, calinski_harabasz: there is only one cluster" in printed
    )
    line = next(line for line in printed.splitlines() if line.startswith("silhouette "))
    assert line.split()[1:] == ["–"] * 4


def test_notes_of_nothing_are_none_and_metrics_share_a_remark():
    assert describe_notes({}, 0, 10) == []
    assert describe_notes(
        {"a": {"reason": "no_tracks"}, "b": {"reason": "all_noise"}, "c": {"reason": "no_tracks"}}, 0, 10
    ) == ["a, c: there are no tracks", "b: every track is noise"]
    assert "1,200 of 3,000" in describe_notes({}, 1200, 3000)[0]


@pytest.fixture
def several(tmp_path):
    """Two kinds of tracks with two or more genres each, four of them in no coarse group."""
    rows = [
        ("garage rock, rock", 0.0),
        ("hard rock, rock", 0.1),
        ("delta blues, blues", 5.0),
        ("blues, soul blues, rock", 5.1),
    ] * 6
    table = pd.DataFrame(
        {
            "x": [x + 0.01 * i for i, (_, x) in enumerate(rows)],
            "y": range(24),
            "genres": [genres for genres, _ in rows],
        }
    )
    table.loc[:3, "genres"] = "reggae, roots reggae"
    table.to_csv(tmp_path / "several.csv", index=False)
    add_collection(str(tmp_path / "several.csv"), name="several")
    return "several"


def test_several_genres_are_scored_beside_the_clusters_and_one_label_is_not(several, three):
    report = full_report(several, Choice(audio="table", n_clusters=2), n_seeds=1)
    genres = report["multilabel"]
    assert genres["n_tracks"] == 20 and set(genres["scores"]) == set(genres["intervals"]) == set(
        genres["control"]
    )
    assert {"accuracy", "precision", "recall", "f1", "mean_average_precision"} == set(genres["scores"])
    printed = format_report(report)
    assert (
        f"genres predicted from {genres['k']} neighbours: {genres['n_genres']} genres on 20 tracks, 2 rarer "
        "ones left out" in printed
    )
    assert sum(line.startswith("mean_average_precision ") for line in printed.splitlines()) == 1
    assert "multilabel" not in full_report(three, Choice(audio="table", n_clusters=2), n_seeds=1)


def test_clusters_are_compared_with_the_coarse_group_where_that_is_asked(several):
    main = full_report(several, Choice(audio="table", n_clusters=2), n_seeds=1)
    coarse = full_report(several, Choice(audio="table", n_clusters=2, label_by="coarse"), n_seeds=1)
    assert (main["n_labelled"], coarse["n_labelled"]) == (24, 20)
    assert (
        coarse["scores"]["purity"] != main["scores"]["purity"]
        and coarse["scores"]["silhouette"] == main["scores"]["silhouette"]
    )
    assert coarse["choice"].endswith("compared with coarse groups") and "coarse" not in main["choice"]


def test_coarse_groups_that_nobody_has_are_an_error_not_an_empty_score(three):
    with pytest.raises(ConfigError, match="no genre of three is in a coarse group.*--genre-map"):
        full_report(three, Choice(audio="table", n_clusters=2, label_by="coarse"))
    with pytest.raises(ConfigError, match="label_by='genre' must be one of main, coarse"):
        Choice(label_by="genre")
