"""``python -m core recipe``: published experiments, run on a collection."""

from typing import Annotated

import typer

from core.cli.command_options import Json, Settings, parse_settings
from core.cli.terminal import print_result, progress_line

app = typer.Typer(no_args_is_help=True, help="Run a published experiment, list and compare runs.")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the recipes, and the runs that were kept."""
    from core.recipes import RECIPES
    from core.recipes.stored_runs import list_runs

    recipes = [
        {
            "name": spec.name,
            "title": spec.title,
            "help": spec.help,
            "source": spec.source,
            "rows": list(spec.rows),
            "published_on": spec.data,
            "needs": list(spec.needs),
            "own_data": spec.own_data,
        }
        for spec in RECIPES.values()
    ]
    runs = [{key: run[key] for key in ("id", "recipe", "quick", "created", "seconds")} for run in list_runs()]
    lines = [f"{recipe['name']:20} {recipe['title']} ({recipe['source']})" for recipe in recipes]
    lines += ["", "Runs:"] * bool(runs) + [
        f"{run['id']:40} {run['created']}{'  quick' if run['quick'] else ''}" for run in runs
    ]
    print_result({"recipes": recipes, "runs": runs}, as_json, "\n".join(lines))


@app.command()
def run(
    recipe: Annotated[str, typer.Argument(help="A recipe of the list.")],
    on: Annotated[
        str | None,
        typer.Option("--on", help="A collection; by default the recipe's own simulated data, if it has any."),
    ] = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Few epochs and seeds; no number is comparable with a published one."),
    ] = False,
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Run a recipe and keep what it found."""
    from core.messages.recipe_messages import format_run
    from core.recipes.run import run_recipe

    with progress_line() as progress:
        result = run_recipe(recipe, on, parse_settings(settings), quick=quick, progress=progress)
    print_result(result, as_json, format_run(result))


@app.command()
def again(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="The id of a run.")], as_json: Json = False
) -> None:
    """Run a recipe again as in a run that was kept, with the present code and collection."""
    from core.messages.recipe_messages import format_run
    from core.recipes.run import arguments_of, run_recipe
    from core.recipes.stored_runs import load_run

    with progress_line() as progress:
        result = run_recipe(**arguments_of(load_run(run_id)), progress=progress)
    print_result(result, as_json, format_run(result))


@app.command()
def show(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="The id of a run.")], as_json: Json = False
) -> None:
    """Print a run that was kept."""
    from core.messages.recipe_messages import format_run
    from core.recipes.stored_runs import load_run

    result = load_run(run_id)
    print_result(result, as_json, format_run(result))


@app.command()
def compare(
    first: Annotated[str, typer.Argument(metavar="RUN", help="The id of a run.")],
    second: Annotated[str, typer.Argument(metavar="RUN", help="The id of another run.")],
    as_json: Json = False,
) -> None:
    """Compare two runs: what differs in settings, libraries and results."""
    from core.messages.recipe_messages import format_comparison
    from core.recipes.stored_runs import compare_runs, load_run

    result = compare_runs(load_run(first), load_run(second))
    print_result(result, as_json, format_comparison(result))


@app.command()
def report(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="The id of a run.")],
    out: Annotated[
        str,
        typer.Option("--out", help="New file: .html report, .json run, .csv or .tex table, .zip everything."),
    ],
    as_json: Json = False,
) -> None:
    """Write a run as one file."""
    from core.export.recipes.run_report import write_report
    from core.recipes.stored_runs import load_run

    path = write_report(load_run(run_id), out)
    result = {"run": run_id, "path": str(path), "size_bytes": path.stat().st_size}
    print_result(result, as_json, f"{run_id} written to {path}")


@app.command("import")
def import_(
    file: Annotated[str, typer.Argument(help="A run that was written as .json.")], as_json: Json = False
) -> None:
    """Keep a run that someone else shared."""
    from core.recipes.stored_runs import import_run

    run = import_run(file)
    print_result({"run": run["id"]}, as_json, f"kept as {run['id']}")


@app.command()
def delete(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="The id of a run.")], as_json: Json = False
) -> None:
    """Delete a run."""
    from core.recipes.stored_runs import delete_run

    delete_run(run_id)
    print_result({"deleted": run_id}, as_json, f"{run_id} deleted")
