"""``python -m core add`` and ``list``."""

from typing import Annotated

import typer

from core.cli import listing
from core.cli.shared_options import Json
from core.cli.terminal import print_result, progress_line


def add(
    source: Annotated[
        str,
        typer.Argument(
            help="A folder of audio, a CSV/Parquet table of features, 'demo', or 'simulated-lyrics' "
            "(synthetic)."
        ),
    ],
    name: Annotated[str, typer.Option(help="The collection's name.")],
    text: Annotated[
        str | None,
        typer.Option(help="CSV/Parquet to join: title, artist, lyrics, caption, language, genre …"),
    ] = None,
    audio: Annotated[
        str | None, typer.Option(help="For a table: the folder with the audio files of its rows.")
    ] = None,
    on: Annotated[str | None, typer.Option(help="Column to join on.")] = None,
    label: Annotated[
        str | None, typer.Option(help="Source of the labels: a column's name, 'folder' or 'tags'.")
    ] = None,
    genres: Annotated[
        str | None,
        typer.Option(
            help="The column that holds several genres per track, 'tags', or 'none': a cell is one genre."
        ),
    ] = None,
    main_genres: Annotated[
        str | None,
        typer.Option(help="Main genres for the majority rule, separated by commas; default: found."),
    ] = None,
    genre_map: Annotated[
        str | None, typer.Option(help="CSV with the columns genre and coarse, instead of the shipped one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Add a source as a collection, or update a collection from its source.

    Options left out keep the values of the previous call with the same source and name.
    """
    from core.jobs.work import add_collection

    if on and not (text or audio):
        raise typer.BadParameter(
            "--on names the column of a join, and there is nothing to join: give --text or --audio"
        )
    with progress_line() as progress:
        result = add_collection(
            source,
            name,
            text=text,
            audio=audio,
            on=on,
            label=label,
            genres=genres,
            main_genres=main_genres,
            genre_map=genre_map,
            progress=progress,
        )
    print_result(result, as_json, listing.describe_added(result))


def list_(
    name: Annotated[
        str | None, typer.Argument(help="A collection's name; without it all are listed.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List collections, or one collection's counts, problems and checkpoints."""
    result = listing.list_one(name) if name else listing.list_all()
    print_result(result, as_json, listing.describe_listing(result))
