"""``python -m core compare``: saved views as a board, two settings side by side, or a matrix."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from core.cli.command_options import Json, Name, Settings, parse_settings
from core.cli.terminal import print_result, progress_line

if TYPE_CHECKING:
    from core.recipes.findings import Table

OPENING = "as Explore opens it"
"""The first setting of a pair where no view is named."""


def compare(
    name: Name,
    view: Annotated[
        list[str] | None,
        typer.Option(
            "--view",
            help="A saved view to compare; may be repeated. Default: all; with --with: as Explore opens the "
            "collection.",
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", help="The view that the others are compared with; default: the first."),
    ] = None,
    other: Annotated[
        str | None,
        typer.Option(
            "--with",
            help="Another saved view, side by side with --view: how clusters change, which tracks move most.",
        ),
    ] = None,
    matrix: Annotated[
        bool,
        typer.Option("--matrix", help="Score every representation under every clustering instead of views."),
    ] = False,
    metric: Annotated[str, typer.Option("--metric", help="The score of the matrix.")] = "adjusted_rand",
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="A setting of the recipe representations as name=value, for --matrix: audio=musicnn,mfcc; "
            "may be repeated.",
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="For --matrix: few representations, clusterings and seeds.")
    ] = False,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds of means and intervals of a board.")] = 5,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Tracks that move most, with --with.")] = 20,
    out: Annotated[
        str | None, typer.Option("--out", help="New file for the table: .csv or .tex (LaTeX, booktabs).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare saved views with all scores and paired differences, two settings, or all representations."""
    if matrix and (view or other or against):
        raise typer.BadParameter(
            "--matrix scores representations; --view, --with and --against have no effect"
        )
    if settings and not matrix:
        raise typer.BadParameter("--set belongs to --matrix")
    if other and (out or len(view or []) > 1):
        raise typer.BadParameter("--with takes one --view and writes no table; use --json")
    if matrix:
        _compare_representations(name, metric, settings, quick, out, as_json)
    elif other:
        _compare_pair(name, view[0] if view else None, other, limit, as_json)
    else:
        _compare_views(name, view, against, seeds, out, as_json)


def _compare_views(
    name: str, names: list[str] | None, against: str | None, seeds: int, out: str | None, as_json: bool
) -> None:
    """Score saved views as a board."""
    from core import collection as collections
    from core.errors import ConfigError
    from core.export.board import METRICS, board_table, make_board
    from core.export.saved_view import find_view, list_views
    from core.messages.recipe_messages import format_table

    collection = collections.load(name)
    views = [find_view(one, name) for one in names] if names else list_views(name)[::-1]
    if not views:
        raise ConfigError(f"{name} has no saved view to compare; Pin among the scores of Explore saves one")
    base = find_view(against, name) if against else views[0]
    views = views if base in views else [base, *views]
    with progress_line() as progress:
        rows = make_board(collection, views, base.name, n_seeds=seeds, progress=progress)
    table = board_table(collection, rows, base.name)
    result = {
        "collection": name,
        "against": base.name,
        "rows": [asdict(row) | {"verdicts": {m: row.verdict(m) for m in METRICS}} for row in rows],
    }
    print_result(result | _write(table, out), as_json, format_table(table))


def _compare_pair(name: str, first: str | None, second: str, limit: int, as_json: bool) -> None:
    """Compare two settings side by side."""
    from core import collection as collections
    from core.export.saved_view import find_view
    from core.messages.analysis.comparison_messages import format_pair
    from core.pipeline.first_choice import default_choice
    from core.pipeline.setting_pair import pair_settings

    collection = collections.load(name)
    choice = find_view(first, name).read_choice() if first else default_choice(collection)
    with progress_line() as progress:
        pair = pair_settings(collection, choice, find_view(second, name).read_choice(), progress)
    moved = pair.describe_moved(collection, limit)
    result = {
        "collection": name,
        "first": first or OPENING,
        "second": second,
        "n_tracks": len(pair.rows),
        "n_only": list(pair.n_only),
        "n_changed": pair.n_changed,
        "flows": pair.flows.to_dict("records"),
        "most_moved": moved,
    }
    print_result(result, as_json, format_pair(pair, first or OPENING, second, moved))


def _compare_representations(
    name: str, metric: str, settings: Settings, quick: bool, out: str | None, as_json: bool
) -> None:
    """Run the recipe, and print its matrix in one score."""
    from core.errors import ConfigError
    from core.export.recipes.representation_matrix import RECIPE, make_matrix
    from core.messages.recipe_messages import format_table
    from core.recipes.clustering.representations import METRICS
    from core.recipes.run import run_recipe

    if metric not in METRICS:
        raise ConfigError(f"--metric {metric} must be one of {', '.join(METRICS)}")
    with progress_line() as progress:
        run = run_recipe(RECIPE, name, parse_settings(settings), quick=quick, progress=progress)
    table = make_matrix(run, metric)
    result = {
        "collection": name,
        "run": run["id"],
        "metric": metric,
        "clusterings": [column.key for column in table.columns],
        "values": {row.name: {c: cell.value for c, cell in row.cells.items()} for row in table.rows},
    }
    print_result(result | _write(table, out), as_json, f"{format_table(table)}\nKept as {run['id']}.")


def _write(table: "Table", out: str | None) -> dict:
    """Write a table if a file was named; return its path."""
    from core.export.recipes.table_files import write_table

    return {} if out is None else {"out": str(write_table(table, out))}
