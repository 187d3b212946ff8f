"""``python -m core map`` and ``export``: what is taken along."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli.command_options import ChoiceOptions, Json, Name, parse_settings
from core.cli.option_groups import with_option_groups
from core.cli.terminal import describe_left_out, print_result, progress_line
from core.messages.analysis.kept_map_messages import describe_kept
from core.messages.quantities import format_size
from core.pipeline.choice import Choice
from core.progress import Progress

if TYPE_CHECKING:
    from core.export.subset import Subset
    from core.pipeline.kept_map import Keep


@dataclass(frozen=True)
class SubsetOptions:
    """Values of the options that choose tracks of a map."""

    only_cluster: Annotated[
        int | None,
        typer.Option("--only-cluster", help="Only this cluster's tracks, numbered from 1 as on the pages."),
    ] = None
    selection: Annotated[
        str | None,
        typer.Option("--selection", help="Only a selection, as the address of Explore names it: group=s…"),
    ] = None
    phrase: Annotated[
        str | None, typer.Option("--search", help="Only the tracks that a search for this phrase finds.")
    ] = None
    like: Annotated[
        str | None, typer.Option("--like", help="Only the tracks most similar to this one: its id or title.")
    ] = None
    containing: Annotated[
        str | None,
        typer.Option(
            "--containing", help="Only the tracks with these words in title, artist, label or text."
        ),
    ] = None
    limit: Annotated[int, typer.Option("--limit", min=1, help="Hits of --search or --like.")] = 20

    def subset(self) -> "Subset":
        """Return which tracks the options choose.

        Raises
        ------
        ConfigError
            When more than one of them is given.
        """
        from core.export.subset import Subset

        return Subset(
            self.only_cluster,
            self.selection or "",
            self.phrase or "",
            self.like or "",
            self.containing or "",
            self.limit,
        )


View = Annotated[
    str | None,
    typer.Option(
        "--view",
        help="A view that Take along on Explore saved: its representation, clustering, projection and "
        "selection instead of the options for them.",
    ),
]
Options = Annotated[
    list[str] | None,
    typer.Option("--option", help="An option of the format as name=value; may be repeated."),
]
KeepMap = Annotated[
    bool,
    typer.Option(
        "--keep",
        help="Keep the places and clusters of the last map of this choice that was kept; tracks added "
        "since are placed between their nearest ones.",
    ),
]
Projection = Annotated[str, typer.Option(help="Projection to 2-D: pca, tsne, umap or pacmap.")]


@with_option_groups
def map_(
    name: Name,
    out: Annotated[
        str,
        typer.Option(
            help="An .html file (interactive, with excerpts), .png or .svg (picture), .parquet or .csv "
            "(table)."
        ),
    ],
    options: ChoiceOptions,
    subset: SubsetOptions,
    projection: Projection = "pacmap",
    view: View = None,
    option: Options = None,
    keep: KeepMap = False,
    fit_anew: Annotated[
        bool, typer.Option("--fit-anew", help="Fit the map anew and keep that as its next version.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the map: 2-D positions, clusters and metadata of each track."""
    from core.export.export_file import write_map

    path = _path_of(out, for_map=True)
    result = _run(
        options,
        name,
        view,
        subset.subset(),
        "anew" if fit_anew else "keep" if keep else "",
        lambda choice, subset, keep, progress: write_map(
            name,
            choice,
            path,
            progress,
            subset=subset,
            settings=_settings(path, option, for_map=True),
            keep=keep,
            announce=_announce,
        ),
        projection=projection,
    )
    print_result(result, as_json, describe_written(result))


@with_option_groups
def export(
    name: Name,
    out: Annotated[
        str,
        typer.Option(
            help="A file whose ending is the format: .parquet (tracks and vectors), .csv, .m3u or .m3u8 "
            "(playlist), .xml (Rekordbox), .zip (excerpts), .html, .png, .svg (map); a name that ends in / "
            "is a new folder of copies."
        ),
    ],
    options: ChoiceOptions,
    subset: SubsetOptions,
    projection: Projection = "pacmap",
    view: View = None,
    option: Options = None,
    keep: KeepMap = False,
    as_json: Json = False,
) -> None:
    """Export tracks with their clusters: tables, playlists, audio, pictures, or the map as one HTML file."""
    from core.export.export_file import export_collection

    path = _path_of(out)
    result = _run(
        options,
        name,
        view,
        subset.subset(),
        "keep" if keep else "",
        lambda choice, subset, keep, progress: export_collection(
            name,
            choice,
            path,
            progress=progress,
            subset=subset,
            settings=_settings(path, option),
            keep=keep,
            announce=_announce,
        ),
        projection=projection,
    )
    print_result(result, as_json, describe_written(result))


def _run(
    options: ChoiceOptions,
    name: str,
    view: str | None,
    subset: "Subset",
    keep: "Keep",
    work: Callable[[Choice, "Subset", "Keep", Progress], dict],
    **others: Any,
) -> dict:
    """Do the work with the choice of the options, or with that of a saved view and the map that it keeps."""
    if view is None:
        return options.run(name, lambda choice, progress: work(choice, subset, keep, progress), **others)
    from core.export.export_job import read_choice
    from core.export.saved_view import find_view

    if options.has_representation:
        raise typer.BadParameter("--view holds a representation, so --audio and --text have no effect")
    saved = find_view(view, name)
    if subset.is_whole and saved.selection:
        subset = replace(subset, selection=saved.selection)
    with progress_line() as progress:
        return work(read_choice(saved.choice), subset, keep or ("keep" if saved.is_kept else ""), progress)


def _path_of(out: str, *, for_map: bool = False) -> Path:
    """Return the path; a folder of copies has to be asked for by a slash, since it may be large.

    Raises
    ------
    ConfigError
        When it has neither an ending nor a slash.
    """
    from core.errors import ConfigError
    from core.export.formats import list_endings

    if not Path(out).suffix and not out.endswith(("/", os.sep)):
        folder = "" if for_map else ", or in / for a new folder of copies"
        raise ConfigError(f"{out!r} must end in {list_endings(for_map=for_map)}{folder}")
    return Path(out)


def _settings(out: Path, pairs: list[str] | None, *, for_map: bool = False) -> dict:
    """Read the options of the format of a path."""
    from core.config.reading import parse_fields
    from core.export.formats import format_of

    return parse_fields(format_of(out.suffix, for_map=for_map).load(), parse_settings(pairs, "--option"))


def _announce(n_bytes: int) -> None:
    """Say how large a file becomes, before it is written."""
    typer.echo(f"about {format_size(n_bytes)} will be written", err=True)


def describe_written(result: dict) -> str:
    """Describe an exported file: number of tracks, size, path, choice and tracks left out."""
    lines = [
        f"{result['n_tracks']} tracks written to {result['out']} ({format_size(result['bytes'])})",
        result["choice"],
        describe_left_out(result["left_out"]),
        describe_kept(result["kept"]) if "kept" in result else "",
    ]
    return "\n".join(filter(None, lines))
