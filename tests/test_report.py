"""A report says in words what a number alone would hide."""

import pandas as pd
import pytest

from core.pipeline import Choice
from core.report import full_report, notes_in_words, report_in_words
from core.work import add_collection


@pytest.fixture
def three(tmp_path):
    """A collection of three rows: too few to take any away."""
    path = tmp_path / "three.csv"
    pd.DataFrame({"a": [0.0, 1.0, 9.0], "b": [0.5, 0.0, 9.0], "title": list("pqr"), "genre": list("xxy")}).to_csv(path, index=False)
    add_collection(str(path), name="three", label="genre")
    return "three"


def test_a_report_of_noise_alone_says_why_scores_are_missing_and_how_noise_counts(three):
    report = full_report(three, Choice(audio="table", cluster="dbscan", settings=(("eps", 0.001), ("min_samples", 3))))
    assert "silhouette, davies_bouldin, calinski_harabasz: every track is noise" in report["notes"]
    assert any(note.startswith("noise: 3 of 3 tracks are in no cluster") for note in report["notes"])
    printed = report_in_words(report)
    assert all(note in printed for note in report["notes"])


def test_a_report_prints_a_dash_where_there_is_no_interval(three):
    report = full_report(three, Choice(audio="table", n_clusters=2))
    assert report["scores"]["silhouette"] is not None and report["intervals"]["silhouette"] is None
    line = next(line for line in report_in_words(report).splitlines() if line.startswith("silhouette "))
    assert line.split()[2:4] == ["–", "–"]
    assert any("too few tracks to measure its spread" in note for note in report["notes"])


def test_notes_of_nothing_are_none_and_metrics_share_a_remark():
    assert notes_in_words({}, 0, 10) == []
    assert notes_in_words({"a": "why", "b": "other", "c": "why"}, 0, 10) == ["a, c: why", "b: other"]
    assert "1,200 of 3,000" in notes_in_words({}, 1200, 3000)[0]
