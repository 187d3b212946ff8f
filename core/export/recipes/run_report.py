"""A run as one file: a self-contained HTML report, an archive of everything, or the run itself as JSON."""

import base64
import io
import json
import zipfile
from pathlib import Path

from core.errors import ConfigError
from core.export.recipes.draw_figure import draw
from core.export.recipes.new_file import write_new
from core.export.recipes.table_files import to_csv, to_latex
from core.messages.recipe_messages import (
    describe_cells,
    describe_claim,
    describe_row,
    describe_table,
)
from core.recipes import recipe_spec
from core.recipes.findings import findings_of

TEMPLATE = Path(__file__).resolve().parents[3] / "assets" / "recipes"
SUFFIXES = (".html", ".json", ".csv", ".tex", ".zip")


def write_report(run: dict, out: str | Path) -> Path:
    """Write a run to a new file, whose suffix says what.

    .html: the report, which needs no other file; .json: the run, which ``recipe import`` reads back; .csv and
    .tex: the first table; .zip: the report, the run, tables as CSV and LaTeX, figures as SVG and PNG.

    Raises
    ------
    ConfigError
        For another suffix, a file that exists, or a place that can't be written.
    """
    return write_new(out, SUFFIXES, lambda suffix: _content(run, suffix))


def _content(run: dict, suffix: str) -> bytes:
    """Return what a file of that suffix holds."""
    if suffix == ".html":
        return to_html(run).encode()
    if suffix == ".json":
        return json.dumps(run, ensure_ascii=False, indent=1).encode()
    if suffix == ".zip":
        return to_zip(run)
    tables = findings_of(run).tables
    if not tables:
        raise ConfigError(f"the run {run['id']} has no table")
    return (to_csv(tables[0]) if suffix == ".csv" else to_latex(tables[0])).encode()


def to_html(run: dict) -> str:
    """Return the self-contained report of a run."""
    from jinja2 import Environment, FileSystemLoader, select_autoescape

    findings, spec = findings_of(run), recipe_spec(run["recipe"])
    environment = Environment(loader=FileSystemLoader(TEMPLATE), autoescape=select_autoescape())
    return environment.get_template("report.html").render(
        run=run,
        spec=spec,
        tables=[(table, describe_table(table)) for table in findings.tables],
        describe_row=describe_row,
        describe_cells=describe_cells,
        claims=[describe_claim(claim) for claim in findings.claims],
        figures=[(figure.title, base64.b64encode(draw(figure)).decode()) for figure in findings.figures],
    )


def to_zip(run: dict) -> bytes:
    """Return an archive of report, run, tables and figures."""
    buffer, findings = io.BytesIO(), findings_of(run)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.html", to_html(run))
        archive.writestr("run.json", json.dumps(run, ensure_ascii=False, indent=1))
        for table in findings.tables:
            archive.writestr(f"tables/{table.key}.csv", to_csv(table))
            archive.writestr(f"tables/{table.key}.tex", to_latex(table))
        for figure in findings.figures:
            for kind in ("svg", "png"):
                archive.writestr(f"figures/{figure.key}.{kind}", draw(figure, kind))  # type: ignore[arg-type]
    return buffer.getvalue()
