"""The command line: the pages' verbs, for terminals and scripts.

Results go to standard output (with ``--json`` one object and nothing else), progress to standard error. Exit
status: 0 done, 1 something the user can mend (one line says what), 2 wrong usage (one line, too).
"""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from core.cli.choice_options import (
    Audio,
    Cluster,
    Fusion,
    K,
    Recompute,
    Seed,
    Set,
    Text,
    TextField,
    Weight,
    choice_of,
    chosen,
    parse_settings,
    refresh_features,
)
from core.cli.terminal import call, progress_line, tell

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__.split("\n")[0]
)

Name = Annotated[str, typer.Argument(help="A collection's name.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def main() -> None:
    """Run the command line (see :func:`core.cli.terminal.call`)."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console may know no emoji; names of files have them
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(call(app, sys.argv[1:]))


def left_out_in_words(reasons: dict[str, int]) -> str:
    """Say how many tracks took no part, and why; ``reasons`` counts them."""
    if not reasons:
        return ""
    return f"\n{sum(reasons.values())} left out: " + "; ".join(
        f"{reason} ({count})" for reason, count in reasons.items()
    )


def written_in_words(result: dict) -> str:
    """Say what was written where, and by which choice."""
    return f"{result['n_tracks']} tracks written to {result['out']}\n{result['choice']}" + left_out_in_words(
        result["left_out"]
    )


@app.command()
def add(
    source: Annotated[
        str,
        typer.Argument(
            help="A folder of audio, a CSV/Parquet table of features, 'demo', or 'simulated-lyrics' (made "
            "up)."
        ),
    ],
    name: Annotated[str, typer.Option(help="The collection's name.")],
    text: Annotated[
        str | None,
        typer.Option(help="CSV/Parquet to join: title, artist, lyrics, caption, language, genre …"),
    ] = None,
    audio: Annotated[
        str | None, typer.Option(help="For a table: the folder with the sound of its rows.")
    ] = None,
    on: Annotated[str | None, typer.Option(help="Column to join on.")] = None,
    label: Annotated[
        str | None, typer.Option(help="Where labels come from: a column's name, 'folder' or 'tags'.")
    ] = None,
    genres: Annotated[
        str | None,
        typer.Option(
            help="The column that holds several genres per track, 'tags', or 'none': a cell is one genre."
        ),
    ] = None,
    main_genres: Annotated[
        str | None, typer.Option(help="Main genres by the majority rule, with commas; found if left out.")
    ] = None,
    genre_map: Annotated[
        str | None, typer.Option(help="CSV with the columns genre and coarse, in place of the shipped one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read a source into a collection, or take up what is new and gone in one.

    The same source under the same name keeps the options of the time before, where they are left out.
    """
    from core.jobs.work import add_collection

    if on and not (text or audio):
        raise typer.BadParameter(
            "--on names the column of a join, and there is nothing to join: give --text or --audio"
        )
    with progress_line() as progress:
        how = {"label": label, "genres": genres, "main_genres": main_genres, "genre_map": genre_map}
        result = add_collection(source, name, text=text, audio=audio, on=on, **how, progress=progress)
    from core.cli.listing import added_in_words

    tell(result, as_json, added_in_words(result))


@app.command("list")
def list_(
    name: Annotated[str | None, typer.Argument(help="A collection's name; all are listed without.")] = None,
    as_json: Json = False,
) -> None:
    """List collections, or one collection's counts, problems and checkpoints."""
    from core.cli import listing

    result = listing.of_collection(name) if name else listing.of_everything()
    tell(result, as_json, listing.in_words(result))


def models_in_words() -> str:
    """Say each registered model in one line."""
    from core.models import MODELS

    lines = [f"{name}: {spec.help} Reads {', '.join(spec.inputs)}." for name, spec in MODELS.items()]
    return "Train a model on a collection.\n\nModels:\n\n" + "\n\n".join(lines)


@app.command(help=models_in_words())
def train(
    name: Name,
    model: Annotated[str, typer.Option(help="Model, or model:input.")],
    settings: Set = None,
    text_field: TextField = None,
    out: Annotated[
        str | None, typer.Option(help="Write the checkpoint to this file instead of the store.")
    ] = None,
    folds: Annotated[
        int,
        typer.Option(
            min=0,
            help="For a model that predicts genres: cross-validate it first in so many folds (5 in papers); "
            "0 doesn't.",
        ),
    ] = 0,
    as_json: Json = False,
) -> None:
    from core.jobs.training_job import train_model
    from core.messages.fold_messages import describe_folds
    from core.messages.latent_messages import describe_collapse, describe_latent_use

    with progress_line() as progress:
        result = train_model(
            name,
            model,
            parse_settings(settings),
            out=out,
            text_field=text_field,
            folds=folds,
            progress=progress,
        )
    result["warning"] = describe_collapse(result["figures"], result.pop("config"))
    said = [
        f"checkpoint {result['checkpoint']} written to {result['path']}",
        result["warning"] or describe_latent_use(result["figures"]),
        describe_folds(result["folds"]),
    ]
    tell(
        result,
        as_json,
        "\n".join(filter(None, said)) + left_out_in_words(Counter(result["left_out"].values())),
    )


@app.command()
def score(
    name: Name,
    audio: Audio = None,
    text: Text = None,
    text_field: TextField = None,
    fusion: Fusion = "weighted",
    text_weight: Weight = None,
    cluster: Cluster = "kmeans",
    n_clusters: K = None,
    settings: Set = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds the means and intervals are over.")] = 5,
    label_by: Annotated[
        str, typer.Option(help="Compare clusters with 'main' (labels) or 'coarse' (groups of genres).")
    ] = "main",
    seed: Seed = 0,
    recompute: Recompute = False,
    as_json: Json = False,
) -> None:
    """Cluster a collection and score the clusters, with intervals and controls."""
    from core.export.fusion_report import full_report, report_in_words
    from core.messages.fusion_messages import add_sentence

    choice = choice_of(
        name,
        audio,
        text,
        text_field,
        fusion,
        text_weight,
        cluster,
        n_clusters,
        settings,
        seed,
        label_by=label_by,
    )
    with progress_line() as progress:
        refresh_features(name, choice, recompute, progress)
        result = chosen(full_report(name, choice, n_seeds=seeds, progress=progress), audio, text)
    result["fusion"] = add_sentence(result["fusion"])
    tell(result, as_json, report_in_words(result))


@app.command("map")
def map_(
    name: Name,
    out: Annotated[Path, typer.Option(help="A .parquet or .html file.")],
    audio: Audio = None,
    text: Text = None,
    text_field: TextField = None,
    fusion: Fusion = "weighted",
    text_weight: Weight = None,
    cluster: Cluster = "kmeans",
    n_clusters: K = None,
    settings: Set = None,
    projection: Annotated[str, typer.Option(help="pca, tsne, umap or pacmap.")] = "pacmap",
    seed: Seed = 0,
    recompute: Recompute = False,
    as_json: Json = False,
) -> None:
    """Write the map: positions, clusters and what is known of each track."""
    from core.export.export_file import write_map

    choice = choice_of(
        name, audio, text, text_field, fusion, text_weight, cluster, n_clusters, settings, seed, projection
    )
    with progress_line() as progress:
        refresh_features(name, choice, recompute, progress)
        result = chosen(write_map(name, choice, out, progress), audio, text)
    tell(result, as_json, written_in_words(result))


@app.command()
def export(
    name: Name,
    out: Annotated[
        Path, typer.Option(help="A .parquet (tracks and vectors), .m3u/.m3u8 (playlist) or .html (map) file.")
    ],
    audio: Audio = None,
    text: Text = None,
    text_field: TextField = None,
    fusion: Fusion = "weighted",
    text_weight: Weight = None,
    cluster: Cluster = "kmeans",
    n_clusters: K = None,
    settings: Set = None,
    only_cluster: Annotated[
        int | None,
        typer.Option(
            "--only-cluster", help="Write this cluster's tracks only, numbered from 1 as on the pages."
        ),
    ] = None,
    seed: Seed = 0,
    recompute: Recompute = False,
    as_json: Json = False,
) -> None:
    """Write tracks with their clusters: as a table with vectors, as a playlist, or as a map to look at."""
    from core.export.export_file import export_collection

    choice = choice_of(
        name, audio, text, text_field, fusion, text_weight, cluster, n_clusters, settings, seed
    )
    with progress_line() as progress:
        refresh_features(name, choice, recompute, progress)
        result = chosen(export_collection(name, choice, out, only_cluster, progress), audio, text)
    tell(result, as_json, written_in_words(result))


@app.command()
def caption(
    name: Name,
    by: Annotated[str, typer.Option("--with", help="Who writes: 'offline' or 'endpoint'.")] = "offline",
    yes: Annotated[
        bool, typer.Option("--yes", help="Begin, though lyrics leave this machine and it may cost money.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write anew also where a caption was written here before.")
    ] = False,
    genre: Annotated[
        str | None,
        typer.Option(help="Column that holds the genre, or 'none'; left out: genre, unless it is the label."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write three sentences per track that has no caption: sentiment, theme, sentiment with genre.

    offline: from a lexicon, key phrases and the tags of a pretrained network; nothing leaves this machine.

    endpoint: by a language model. THE LYRICS ARE SENT to the server that OPENAI_BASE_URL names (else OpenAI),
    with OPENAI_API_KEY, for SONGSCAPE_CAPTION_MODEL. Without --yes it only says what that would take.
    Optional: SONGSCAPE_CAPTION_CONCURRENCY (4), SONGSCAPE_CAPTION_PRICE_IN and _OUT (per million tokens).
    """
    from core.captioning import write_captions
    from core.messages import caption_messages as words

    if estimate := words.check_agreed(name, by, replace, genre, yes):
        typer.echo(estimate, err=True)
    with progress_line() as progress:
        result = write_captions(name, by, replace, genre, progress=progress)
    tell(
        result,
        as_json,
        "\n".join(
            [words.written_in_words(result), *(f"{s['title']}: {s['caption']}" for s in result["samples"])]
        ),
    )


@app.command()
def bench(
    what: Annotated[str, typer.Argument(help="What to measure; leave out for the list.")] = "",
    first_seed: Annotated[
        int | None, typer.Option("--first-seed", min=0, help="fusion: the first of five seeds.")
    ] = None,
    cue_reliability: Annotated[
        float | None,
        typer.Option("--cue-reliability", help="fusion: how far the cues tell the truth, 0 to 1."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure speed, as ratios in one run; or what each fusion finds on a dataset whose truth is known."""
    from core.bench import BENCHES, get_bench

    if not what:
        tell({"benches": list(BENCHES)}, as_json, "\n".join(BENCHES))
        return
    options = {
        name: value
        for name, value in (("first_seed", first_seed), ("cue_reliability", cue_reliability))
        if value is not None
    }
    if options and what != "fusion":
        raise typer.BadParameter(
            f"--first-seed and --cue-reliability belong to 'bench fusion'; {what} has no such setting"
        )
    with progress_line() as progress:
        result = get_bench(what)(progress, **options)
    tell(
        result,
        as_json,
        "\n".join(
            f"{key:32} {value:.4g}" if isinstance(value, float) else f"{key:32} {value}"
            for key, value in result.items()
        ),
    )


@app.command("run-job", hidden=True)
def run_job(job_id: str) -> None:
    """Do a job's work; the app starts these."""
    from core.jobs import job as jobs

    raise typer.Exit(jobs.run(job_id))


from core.cli import search_command, transcribe_command  # noqa: E402, F401  add their verbs; behind what they take from here
