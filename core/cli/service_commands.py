"""``python -m core bench``, and ``run-job``, which the app runs."""

from typing import Annotated

import typer

from core.cli.command_options import Json
from core.cli.terminal import print_result, progress_line


def bench(
    what: Annotated[str, typer.Argument(help="The benchmark; leave out for the list.")] = "",
    first_seed: Annotated[
        int | None, typer.Option("--first-seed", min=0, help="fusion: the first of five seeds.")
    ] = None,
    cue_reliability: Annotated[
        float | None,
        typer.Option("--cue-reliability", help="fusion: how reliable the cues are, 0 to 1."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Run a benchmark: speed, as ratios within one run, or fusions on synthetic data with known clusters."""
    from core.bench import BENCHES, get_bench

    if not what:
        print_result({"benches": list(BENCHES)}, as_json, "\n".join(BENCHES))
        return
    given = {"first_seed": first_seed, "cue_reliability": cue_reliability}
    options = {name: value for name, value in given.items() if value is not None}
    if options and what != "fusion":
        raise typer.BadParameter(
            f"--first-seed and --cue-reliability belong to 'bench fusion'; {what} has no such setting"
        )
    with progress_line() as progress:
        result = get_bench(what)(progress, **options)
    lines = [
        f"{key:32} {value:.4g}" if isinstance(value, float) else f"{key:32} {value}"
        for key, value in result.items()
    ]
    print_result(result, as_json, "\n".join(lines))


def run_job(job_id: str) -> None:
    """Run a job in this process; the app starts these."""
    from core.jobs.runner import run

    raise typer.Exit(run(job_id))
