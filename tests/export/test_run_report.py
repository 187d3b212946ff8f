"""A run as files: report, tables, figures."""

import csv
import io
import json
import re
import zipfile
from dataclasses import asdict

import numpy as np
import pytest
from PIL import Image

from core.errors import ConfigError
from core.export.recipes.draw_figure import draw
from core.export.recipes.run_report import write_report
from core.export.recipes.table_files import to_csv, to_latex
from core.recipes.findings import COLLAPSED, Cell, Claim, Column, Figure, Findings, Row, Series, Table

TABLE = Table(
    "t",
    "Table 1: 100 % of R&D <b>",
    (Column("adjusted_rand", "ARI", True), Column("n_clusters", "Clusters")),
    (
        Row(
            "VAE <script>alert(1)</script>",
            "as published",
            {"adjusted_rand": Cell(0.5, (0.4, 0.6), 0.01, 0.014, True), "n_clusters": Cell(8)},
            100,
            5,
            (COLLAPSED,),
        ),
        Row(
            "=cmd|' /C calc'!A0", "", {"adjusted_rand": Cell(None, published=0.29)}, note="has no text_field"
        ),
    ),
    "100 tracks",
    "PCA",
)
SERIES = (Series("a", [0, 1, 2], [1.0, None, 3.0]), Series("b", [0, 1, 2], [2.0, 2.5, 1.0]))
FIGURES = tuple(
    Figure(kind, f"Figure {kind}", kind, "x", "y", series)
    for kind, series in (
        ("lines", SERIES),
        ("bars", SERIES),
        ("scatter", (Series("a", [0.0, 1.0], [1.0, 2.0]),)),
        ("boxes", (Series("a", [], [1.0, 2.0, 3.0]),)),
        ("image", (Series("a", [], [[0.0, None], [1.0, 2.0]]),)),
    )
)
FINDINGS = Findings((TABLE,), FIGURES, (Claim("pca-above-vae", True, {"pca": 0.2}),))
RUN = {
    "id": "easy-made-1",
    "recipe": "easy",
    "quick": True,
    "settings": {"epochs": 3},
    "collection": {"name": "made <i>", "n_tracks": 60, "fingerprint": "abc"},
    "code": "def",
    "environment": {"numpy": "2"},
    "created": "2026-11-30T10:00:00",
    "seconds": 1.5,
    **json.loads(
        json.dumps(asdict(Findings((TABLE,), FIGURES, (Claim("pca-above-vae", True, {"pca": 0.2}),))))
    ),
}


def test_csv_has_every_number_and_no_formula():
    rows = list(csv.DictReader(io.StringIO(to_csv(TABLE))))
    first = rows[0]
    assert [float(first[f"ARI{part}"]) for part in ("", " low", " high", " control", " published")] == [
        0.5,
        0.4,
        0.6,
        0.01,
        0.014,
    ]
    assert first["marks"] == COLLAPSED and first["ARI better"] == "1"
    assert rows[1]["method"].startswith("'=") and rows[1]["ARI"] == ""


def test_latex_escapes_and_balances():
    text = to_latex(TABLE)
    assert r"100 \% of R\&D" in text and "0.5 [0.4, 0.6]* (0.014)" in text
    body = re.sub(r"\\.", "", text)
    assert not set(body) & set("%$#_")
    assert text.count(r"\begin{") == text.count(r"\end{") and text.count(r" \\") == 3


def test_the_report_is_one_file_and_markup_in_names_is_text(tmp_path):
    path = write_report(RUN, tmp_path / "report.html")
    html = path.read_text(encoding="utf-8")
    assert "<script" not in html and "&lt;script&gt;" in html and "made &lt;i&gt;" in html
    assert not re.search(r"(src|href)=\"(?!data:)", html)  # nothing is loaded from elsewhere
    assert html.count("data:image/svg+xml;base64,") == len(FIGURES)
    assert "no number is comparable" in html and "0.5 [0.4, 0.6]* (0.014)" in html


def test_the_archive_holds_everything(tmp_path):
    with zipfile.ZipFile(write_report(RUN, tmp_path / "run.zip")) as archive:
        names = set(archive.namelist())
        assert {"report.html", "run.json", "tables/t.csv", "tables/t.tex"} <= names
        assert {f"figures/{figure.key}.{kind}" for figure in FIGURES for kind in ("svg", "png")} <= names
        assert json.loads(archive.read("run.json")) == RUN


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.kind)
def test_figures_are_drawn_and_equal_each_time(figure):
    svg = draw(figure)
    assert svg.startswith(b"<?xml") and figure.title.encode() in svg and svg == draw(figure)
    picture = np.asarray(Image.open(io.BytesIO(draw(figure, "png"))).convert("RGB"))
    assert picture.shape[1] > 1000 and picture.std() > 5  # not blank


def test_files_are_never_replaced_and_suffixes_are_named(tmp_path):
    (tmp_path / "run.csv").write_text("mine")
    with pytest.raises(ConfigError, match="already"):
        write_report(RUN, tmp_path / "run.csv")
    assert (tmp_path / "run.csv").read_text() == "mine"
    with pytest.raises(ConfigError, match="must end in .html"):
        write_report(RUN, tmp_path / "run.pdf")
    with pytest.raises(ConfigError, match="can't be written"):
        write_report(RUN, tmp_path / "nowhere" / "run.csv")
