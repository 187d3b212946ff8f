"""``python -m core score``, ``map`` and ``export``."""

from pathlib import Path
from typing import Annotated

import typer

from core.cli.command_options import ChoiceOptions, with_choice_options
from core.cli.score_report import format_report
from core.cli.shared_options import Json, Name
from core.cli.terminal import describe_left_out, print_result, progress_line


@with_choice_options
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
    from core.messages.fusion_messages import add_sentence

    choice = options.choice(name, label_by=label_by)
    with progress_line() as progress:
        options.recompute_features(name, choice, progress)
        result = options.mark(full_report(name, choice, n_seeds=seeds, progress=progress))
    result["fusion"] = add_sentence(result["fusion"])
    print_result(result, as_json, format_report(result))


@with_choice_options
def map_(
    name: Name,
    out: Annotated[Path, typer.Option(help="A .parquet or .html file.")],
    options: ChoiceOptions,
    projection: Annotated[str, typer.Option(help="Projection to 2-D: pca, tsne, umap or pacmap.")] = "pacmap",
    as_json: Json = False,
) -> None:
    """Write the map: 2-D positions, clusters and metadata of each track."""
    from core.export.export_file import write_map

    choice = options.choice(name, projection=projection)
    with progress_line() as progress:
        options.recompute_features(name, choice, progress)
        result = options.mark(write_map(name, choice, out, progress))
    print_result(result, as_json, describe_written(result))


@with_choice_options
def export(
    name: Name,
    out: Annotated[
        Path, typer.Option(help="A .parquet (tracks and vectors), .m3u/.m3u8 (playlist) or .html (map) file.")
    ],
    options: ChoiceOptions,
    only_cluster: Annotated[
        int | None,
        typer.Option("--only-cluster", help="Only this cluster's tracks, numbered from 1 as on the pages."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Export tracks with their clusters: as a table with vectors, a playlist, or an interactive map."""
    from core.export.export_file import export_collection

    choice = options.choice(name)
    with progress_line() as progress:
        options.recompute_features(name, choice, progress)
        result = options.mark(export_collection(name, choice, out, only_cluster, progress))
    print_result(result, as_json, describe_written(result))


def describe_written(result: dict) -> str:
    """Describe an exported file: number of tracks, path, choice and tracks left out."""
    lines = [
        f"{result['n_tracks']} tracks written to {result['out']}",
        result["choice"],
        describe_left_out(result["left_out"]),
    ]
    return "\n".join(filter(None, lines))
