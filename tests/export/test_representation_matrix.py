"""The matrix of a run: a row per representation, a column per clustering, published rows left out."""

from dataclasses import asdict

import pytest

from core.errors import ConfigError
from core.export.recipes.representation_matrix import latest_run, make_matrix, metrics_of
from core.export.recipes.table_files import write_table
from core.recipes.findings import Cell, Findings, Row, Table, metric_columns
from core.recipes.stored_runs import save_run

ROWS = (
    Row("mfcc (audio)", "kmeans", {"purity": Cell(0.5, (0.4, 0.6))}, 10, 2),
    Row("mfcc (audio)", "ward", {"purity": Cell(0.6, published=0.9)}, 10, 2),
    Row("tfidf (text)", "kmeans", {"purity": Cell(0.7)}, 10, 2, ("sees labels",)),
    Row("tfidf (text)", "ward", {}, note="too few tracks"),
    Row("VGGish", "MAEB", {"purity": Cell(None, published=0.6)}),
)


def make_run(name="made", created="2026-01-01T00:00:00", key="clusterings"):
    table = Table(key, "All pairs", metric_columns("purity"), ROWS, compared_with="mfcc (audio), kmeans")
    head = {"id": f"run-{name}-{created[:4]}", "recipe": "representations", "created": created}
    return {**head, "collection": {"name": name}, **asdict(Findings((table,)))}


def test_pairs_become_rows_and_columns():
    matrix = make_matrix(make_run(), "purity")
    assert [row.name for row in matrix.rows] == ["mfcc (audio)", "tfidf (text)"]
    assert [column.key for column in matrix.columns] == ["kmeans", "ward"]
    assert matrix.rows[0].cells["kmeans"] == Cell(0.5, (0.4, 0.6))
    assert matrix.rows[0].cells["ward"] == Cell(0.6)  # a published value of one pair isn't the column's
    assert matrix.rows[1].marks == ("sees labels",) and matrix.rows[1].note == "ward: too few tracks"
    assert metrics_of(make_run()) == ["purity"]


def test_other_scores_and_runs_are_refused():
    with pytest.raises(ConfigError, match="metric='silhouette' must be one of purity"):
        make_matrix(make_run(), "silhouette")
    with pytest.raises(ConfigError, match="a matrix needs one of representations"):
        make_matrix(make_run(key="data"), "purity")


def test_the_newest_run_of_a_collection_is_taken():
    assert latest_run("made") is None
    for created in ("2026-01-01T00:00:00", "2027-01-01T00:00:00"):
        save_run(make_run(created=created))
    save_run(make_run("other", "2028-01-01T00:00:00"))
    assert latest_run("made")["created"].startswith("2027")


def test_a_table_is_written_once(tmp_path):
    table = make_matrix(make_run(), "purity")
    assert write_table(table, tmp_path / "m.tex").read_text().count(r"\\") == 3
    for name, reason in (("m.tex", "already"), ("m.txt", "must end in .csv, .tex"), ("no/m.csv", "can't be")):
        with pytest.raises(ConfigError, match=reason):
            write_table(table, tmp_path / name)
