"""``python -m core train``, ``bench``, and ``run-job``, which the app runs."""

from collections import Counter
from typing import Annotated

import typer

from core.cli.command_options import EngineOptions, Json, Name, Settings, TextField, parse_settings
from core.cli.option_groups import with_option_groups
from core.cli.terminal import describe_left_out, print_result, progress_line


def describe_models() -> str:
    """Return the help of ``train``, with one line per registered model."""
    from core.models import MODELS

    lines = [f"{name}: {spec.help} Reads {', '.join(spec.inputs)}." for name, spec in MODELS.items()]
    return "Train a model on a collection.\n\nModels:\n\n" + "\n\n".join(lines)


@with_option_groups
def train(
    name: Name,
    model: Annotated[
        str, typer.Option(help="Model, or model:input; inputs side by side as in mlp-vae:musicnn+mfcc.")
    ],
    settings: Settings = None,
    text_field: TextField = None,
    pooled: Annotated[
        list[str] | None,
        typer.Option("--pool", help="Another collection whose tracks are trained on too; may be repeated."),
    ] = None,
    out: Annotated[
        str | None, typer.Option(help="Write the checkpoint to this file instead of the store.")
    ] = None,
    folds: Annotated[
        int,
        typer.Option(
            min=0,
            help="Folds of a cross-validation of a model that predicts genres (5 in papers); 0 for none.",
        ),
    ] = 0,
    *,
    engine: EngineOptions,
    as_json: Json = False,
) -> None:
    """Train a model on a collection and save its checkpoint."""
    from core import collection as collections
    from core.cli.reading_notice import announce_training
    from core.messages.fold_messages import describe_folds
    from core.messages.latent_messages import describe_collapse, describe_latent_use
    from core.training.launch import is_main_process
    from core.training.train_collection import train_model

    given = parse_settings(settings)
    with engine.use(), progress_line() as progress:
        announce_training(collections.load(name), model, given, folds)
        result = train_model(
            name,
            model,
            given,
            out=out,
            text_field=text_field,
            folds=folds,
            pooled=pooled or (),
            progress=progress,
        )
    if not is_main_process():
        return
    result["warning"] = describe_collapse(result["figures"], result.pop("config"))
    lines = [
        f"checkpoint {result['checkpoint']} written to {result['path']}",
        result["warning"] or describe_latent_use(result["figures"]),
        describe_folds(result["folds"]),
        describe_left_out(Counter(result["left_out"].values())),
    ]
    print_result(result, as_json, "\n".join(filter(None, lines)))


def bench(
    what: Annotated[str, typer.Argument(help="The benchmark; leave out for the list.")] = "",
    first_seed: Annotated[
        int | None, typer.Option("--first-seed", min=0, help="fusion: the first of five seeds.")
    ] = None,
    cue_reliability: Annotated[
        float | None,
        typer.Option("--cue-reliability", help="fusion: how reliable the cues are, 0 to 1."),
    ] = None,
    tracks: Annotated[
        int | None, typer.Option("--tracks", min=1000, help="scale: the largest number of tracks.")
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option("--engine", help="scale: ray measures two nodes of one processor against one."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="hostile: what files and requests are made from.")
    ] = None,
    files: Annotated[
        int | None, typer.Option("--files", min=10, help="hostile: the number of audio files.")
    ] = None,
    kills: Annotated[
        int | None, typer.Option("--kills", min=0, help="hostile: the number of killed commands.")
    ] = None,
    sessions: Annotated[
        int | None, typer.Option("--sessions", min=1, help="sessions: how many use the app at once.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=10, help="sessions: how long they use it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Run a benchmark: speed, fusions on data with known clusters, many sessions at once, hostile input."""
    from core.bench import BENCHES, get_bench

    if not what:
        print_result({"benches": list(BENCHES)}, as_json, "\n".join(BENCHES))
        return
    given: dict[str, dict[str, int | float | str | None]] = {
        "fusion": {"first_seed": first_seed, "cue_reliability": cue_reliability},
        "scale": {"tracks": tracks, "engine": engine},
        "hostile": {"seed": seed, "files": files, "kills": kills},
        "sessions": {"sessions": sessions, "seconds": seconds},
    }
    named = {
        owner: {name: value for name, value in options.items() if value is not None}
        for owner, options in given.items()
    }
    for owner, found in named.items():
        if found and owner != what:
            names = " and ".join(f"--{name.replace('_', '-')}" for name in given[owner])
            raise typer.BadParameter(f"{names} belong to 'bench {owner}'; {what} has no such setting")
    options = named.get(what, {})
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
