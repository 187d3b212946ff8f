"""``python -m core score`` and ``search``."""

from typing import Annotated

import typer

from core.cli.command_options import Audio, ChoiceOptions, Json, Name, Text
from core.cli.option_groups import with_option_groups
from core.cli.terminal import print_result, progress_line
from core.messages.analysis.score_messages import (
    describe_gain,
    describe_quality,
    describe_rank,
    describe_stability,
)
from core.scoring.metric_specs import REPRESENTATION


@with_option_groups
def score(
    name: Name,
    options: ChoiceOptions,
    seeds: Annotated[int, typer.Option(min=1, help="Number of seeds for means and intervals.")] = 5,
    label_by: Annotated[
        str, typer.Option(help="Reference labels: 'main' (labels) or 'coarse' (groups of genres).")
    ] = "main",
    as_json: Json = False,
) -> None:
    """Cluster a collection and score the clusters, with intervals and controls.

    Internal metrics: Silhouette, Davies–Bouldin, Calinski–Harabasz; external ones: ARI, NMI, purity.
    """
    from core.export.fusion_report import full_report
    from core.messages.analysis.fusion_messages import add_sentence

    result = options.run(
        name,
        lambda choice, progress: full_report(name, choice, n_seeds=seeds, progress=progress),
        label_by=label_by,
    )
    result["fusion"] = add_sentence(result["fusion"])
    print_result(result, as_json, format_report(result))


def format_report(report: dict) -> str:
    """Format the report of :func:`core.export.fusion_report.full_report` as a table with notes."""
    lines = [
        f"{report['collection']}: {report['choice']}",
        f"{report['n_tracks']} tracks, {report['n_labelled']} labelled, "
        f"{report['n_clusters']} cluster{'' if report['n_clusters'] == 1 else 's'}, "
        f"noise {report['noise_share']:.0%}"
        + (f", {report['left_out']} left out" if report["left_out"] else ""),
        "",
        f"{'':24} {'mean':>8}  {'interval':>17}  {'control':>8}",
    ]
    lines += [*_rows(report), "", *_quality_rows(report["representation"])]
    if genres := report.get("multilabel"):
        rare = f", {genres['n_genres_left_out']} rarer ones left out" if genres["n_genres_left_out"] else ""
        lines += [
            "",
            f"genres predicted from {genres['k']} neighbours: {genres['n_genres']} genres on "
            f"{genres['n_tracks']} tracks{rare}",
            *_rows(genres),
        ]
    stability = report["stability"]
    words, single = report["fusion"].get("words"), report["against_single"]
    notes = [
        describe_stability(stability) if stability else "",
        f"fusion: {words}" if words else "",
        describe_gain(single) if single else "",
        *report["notes"],
    ]
    notes = [note for note in notes if note]
    return "\n".join([*lines, *([""] + notes if notes else [])])


def _rows(figures: dict) -> list[str]:
    """Format one line per metric: mean, interval, control."""
    unknown = (None, None)
    return [
        f"{metric:24} {_number(value)}  "
        f"{' '.join(map(_number, figures['intervals'].get(metric) or unknown))}  "
        f"{_number(figures['control'].get(metric))}"
        for metric, value in figures["scores"].items()
    ]


def _quality_rows(quality: dict) -> list[str]:
    """Format the measures of the representation, its effective rank, and what they are computed on."""
    scores = {name: quality[name] for name in REPRESENTATION}
    ranks = {f"{modality} {each['name']}": each for modality, each in quality["encoders"].items()}
    ranks["space that is clustered"] = quality
    return [
        "representation, without clusters:",
        *_rows({**quality, "scores": scores}),
        *(f"{name}: {describe_rank(each)}" for name, each in ranks.items()),
        *describe_quality(quality),
    ]


def _number(value) -> str:
    """Format a number in eight columns, a missing one as a dash."""
    return f"{value:8.3f}" if isinstance(value, (int, float)) and value == value else f"{'–':>8}"


def search(
    name: Name,
    phrase: Annotated[
        str | None, typer.Argument(help="The query: a description in any language, or a title or artist.")
    ] = None,
    like: Annotated[
        str | None,
        typer.Option("--like", help="Instead of a phrase: the id or title of a track to find similar ones."),
    ] = None,
    through: Annotated[
        str | None,
        typer.Option(
            "--through",
            help="What to compare: contrastive, clap, clap:NAME_OR_FOLDER, words (texts), words:ENCODER or a "
            "checkpoint; with --like any representation.",
        ),
    ] = None,
    audio: Audio = None,
    text: Text = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Maximum number of tracks.")] = 20,
    as_json: Json = False,
) -> None:
    """Find tracks by a phrase or by similarity to a track, and report what was searched."""
    from core import collection as collections
    from core.messages.analysis.search_messages import describe_match, describe_search
    from core.pipeline.choice import Choice
    from core.search import find_track
    from core.search import search as find

    if (phrase is None) == (like is None):
        raise typer.BadParameter("give a phrase, or a track with --like (one of the two)")
    if (audio or text) and (like is None or through):
        raise typer.BadParameter(
            "--audio and --text choose the representations for --like; they go with neither a phrase "
            "nor --through"
        )
    collection = collections.load(name)
    track_id = find_track(collection, like) if like is not None else None
    with progress_line() as progress:
        found = find(
            collection,
            phrase,
            track_id,
            through=through,
            choice=Choice(audio=audio, text=text) if audio or text else None,
            limit=limit,
            progress=progress,
        )
    query = phrase if like is None else collection.tracks.set_index("track_id")["title"][track_id]
    report = {
        "collection": name,
        "query": query,
        **({"like": track_id} if track_id else {}),
        "through": describe_search(found.report),
        "rep": found.rep,
        "results": found.table.assign(why=list(map(describe_match, found.matches))).to_dict("records"),
    }
    print_result(report, as_json, format_results(report["through"], report["results"]))


def format_results(through: str, results: list[dict]) -> str:
    """Return what was searched and one line per track found."""
    lines = [
        f"{row['score']:6.3f}  {' – '.join(filter(None, (row['title'], row['artist']))) or row['track_id']} "
        f" ({row['why']})"
        for row in results
    ]
    return "\n".join([through, *(lines or ["Nothing was found."])])
