"""``python -m core explain`` and ``compare-tracks``."""

from pathlib import Path
from typing import Annotated

import typer

from core.cli.command_options import ChoiceOptions, Json, Name
from core.cli.commands.export_commands import Projection, SubsetOptions
from core.cli.option_groups import with_option_groups
from core.cli.terminal import print_result


@with_option_groups
def explain(
    name: Name,
    options: ChoiceOptions,
    subset: SubsetOptions,
    projection: Projection = "pacmap",
    bootstrap: Annotated[
        int, typer.Option("--bootstrap", min=0, help="Bootstrap samples for the stability; 0: none.")
    ] = 50,
    set_name: Annotated[
        str | None,
        typer.Option("--set-name", help="Name the cluster of --only-cluster; '' deletes its name."),
    ] = None,
    label_by: Annotated[
        str, typer.Option(help="Labels: 'main' (labels) or 'coarse' (groups of genres).")
    ] = "main",
    out: Annotated[
        str | None, typer.Option(help="Also write a row per group, with its text weights: .csv or .parquet.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Describe clusters or a selection: labels, typical tracks, words, tags, descriptors, stability.

    Also what the clusters follow (labels, artists, albums, folders) and how far the map can be trusted.
    """
    from core.export.explanation import explain_report
    from core.export.group_table import write_groups

    if set_name is not None and subset.only_cluster is None:
        raise typer.BadParameter("--set-name names one cluster, so give --only-cluster too")
    if out is not None and Path(out).suffix not in (".csv", ".parquet"):
        raise typer.BadParameter(f"--out {out!r} must end in .csv or .parquet")
    report = options.run(
        name,
        lambda choice, progress: explain_report(
            name, choice, subset.subset(), n_boot=bootstrap, new_name=set_name, progress=progress
        ),
        projection=projection,
        label_by=label_by,
    )
    if out is not None:
        write_groups(report["groups"], Path(out))
    print_result(report, as_json, format_explanation(report))


@with_option_groups
def compare_tracks(
    name: Name,
    first: Annotated[str, typer.Argument(help="A track: its id or title.")],
    second: Annotated[str, typer.Argument(help="Another track.")],
    options: ChoiceOptions,
    projection: Projection = "pacmap",
    as_json: Json = False,
) -> None:
    """Compare two tracks: distance and rank in audio, text, fused and on the map, words, descriptors."""
    from core.export.explanation import pair_report

    report = options.run(
        name,
        lambda choice, progress: pair_report(name, choice, first, second, progress=progress),
        projection=projection,
    )
    print_result(report, as_json, format_pair(report))


def format_explanation(report: dict) -> str:
    """Format a report of :func:`core.export.explanation.explain_report`."""
    from core.messages.analysis import explain_messages as messages

    lines = [f"{report['collection']}: {report['choice']}"]
    for group in report["groups"]:
        lines += ["", *_format_group(group)]
    lines.append("")
    lines += [messages.describe_bootstrap(report["stability"])] if report["stability"] else []
    lines += messages.describe_agreements(report["confounds"])
    lines += messages.describe_followed(report["confounds"])
    lines += [messages.describe_map_trust(report["map"])] if report["map"] else []
    return "\n".join([*lines, *(messages.LACKS[name] for name in report["lacks"])])


def _format_group(group: dict) -> list[str]:
    """Format one group."""
    from core.messages.analysis import explain_messages as messages
    from core.messages.quantities import count_tracks

    title = f"Cluster {group['cluster']}" if group["cluster"] else "Tracks"
    name = group["name"] or group["suggested_name"]
    lines = [
        f"{title}{f', {name}' if name else ''}: {count_tracks(group['n_tracks'])} ({group['share']:.0%})",
        f"labels: {messages.describe_labels(group['labels'])}" if group["labels"] else "",
        f"medoid: {_track(group['medoid'])}" if group["medoid"] else "",
        *(
            f"boundary: {_track(t)}, {t['share_elsewhere']:.0%} of its neighbours elsewhere"
            for t in group["boundary"]
        ),
        *(f"outlier: {_track(t)}, {t['ratio']:.1f} × the usual distance" for t in group["outliers"]),
        f"words: {messages.describe_words(group['words'])}" if group["words"] else "",
        *(f"tag: {messages.describe_effect(tag)}" for tag in group["tags"]),
        *(messages.describe_effect(each) for each in group["descriptors"]),
        messages.describe_text_weight(group["text_weight"]) if group["text_weight"] else "",
        messages.describe_jaccard(group["stability"]) if group["stability"] else "",
    ]
    first, *others = filter(None, lines)
    return [first, *(f"  {line}" for line in others)]


def format_pair(report: dict) -> str:
    """Format a report of :func:`core.export.explanation.pair_report`."""
    from core.messages.analysis import explain_messages as messages

    first, second = report["first"], report["second"]
    near, far = report["descriptors"]["nearest"], report["descriptors"]["farthest"]
    lines = [
        f"{_track(first)} (cluster {first['cluster'] or '–'}) and {_track(second)} (cluster "
        f"{second['cluster'] or '–'})",
        *(messages.describe_place(view, place) for view, place in report["views"].items()),
        messages.VERDICTS[report["verdict"]] if report["verdict"] else "",
        messages.describe_shared_words(report["words"]),
        *(f"near in {messages.describe_nearness(entry)}" for entry in near),
        *(f"far in {messages.describe_nearness(entry)}" for entry in far),
        *(
            f"nearest {messages.VIEWS[view]}: {', '.join(map(_track, tracks))}"
            for view, tracks in report["neighbours"].items()
            if tracks
        ),
    ]
    return "\n".join(filter(None, lines))


def _track(track: dict) -> str:
    """Format a track as title and artist, or its id."""
    return " – ".join(filter(None, (track["title"], track["artist"]))) or track["track_id"]
