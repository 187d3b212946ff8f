"""``python -m core add``, ``list``, ``rename``, ``relabel``, ``refresh`` and ``delete``."""

import sys
from typing import Annotated

import typer

from core.cli.command_options import EngineOptions, Json, Name
from core.cli.commands import listing
from core.cli.option_groups import with_option_groups
from core.cli.terminal import print_result, progress_line
from core.collection.datasets import LAYOUTS, PLAIN
from core.errors import CollectionError


@with_option_groups
def add(
    source: Annotated[
        list[str],
        typer.Argument(
            help="A folder of audio, CSV/Parquet tables of features or texts (several are one collection), "
            "'demo', or 'simulated-lyrics' (synthetic)."
        ),
    ],
    name: Annotated[
        str | None, typer.Option(help="The collection's name; may be left out with --as: the dataset's.")
    ] = None,
    layout: Annotated[
        str | None,
        typer.Option(
            "--as",
            help="The published dataset that the folder holds, as downloaded: "
            f"{', '.join(LAYOUTS)}; 'plain': none, a folder of audio.",
        ),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(help="CSV/Parquet to join: title, artist, lyrics, caption, language, genre …"),
    ] = None,
    audio: Annotated[
        str | None, typer.Option(help="For a table: the folder with the audio files of its rows.")
    ] = None,
    on: Annotated[str | None, typer.Option(help="Column to join on.")] = None,
    label: Annotated[
        str | None,
        typer.Option(
            help="Source of the labels: a column's name, 'tags', 'folder' (the first below the source), "
            "'folder:deepest', 'folder:path' or 'folder:2'."
        ),
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
    top_genres: Annotated[
        int | None,
        typer.Option(
            min=1, help="Only tracks whose genres are all among so many most frequent ones; 50 for Music4All."
        ),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="A random sample (seeded): this many tracks per label.")
    ] = None,
    *,
    engine: EngineOptions,
    as_json: Json = False,
) -> None:
    """Add a source as a collection, or update a collection from its source.

    Options left out keep the values of the previous call with the same source and name.
    """
    from core.jobs.work import add_collection

    if name is None and layout in (None, PLAIN):
        raise typer.BadParameter("Missing option '--name'; only a dataset (--as) has a name of its own")
    if on and not (text or audio):
        raise typer.BadParameter(
            "--on names the column of a join, and there is nothing to join: give --text or --audio"
        )
    with engine.use(), progress_line() as progress:
        result = add_collection(
            source if len(source) > 1 else source[0],
            str(layout) if name is None else name,
            layout=layout,
            text=text,
            audio=audio,
            on=on,
            label=label,
            genres=genres,
            main_genres=main_genres,
            genre_map=genre_map,
            top_genres=top_genres,
            sample=sample,
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


def rename(
    old: Annotated[str, typer.Argument(help="The collection's name.")],
    new: Annotated[str, typer.Argument(help="Its new name.")],
    as_json: Json = False,
) -> None:
    """Rename a collection; checkpoints trained on it still belong to it."""
    from core import collection as collections
    from core.jobs import job as jobs

    jobs.check_idle(old)
    collections.rename(old, new)
    print_result({"collection": new, "former_name": old}, as_json, f"{old} is now {new}")


def relabel(
    name: Name,
    label: Annotated[
        str,
        typer.Option(
            help="A column of the collection, with --from of that table; 'folder', 'folder:deepest', "
            "'folder:path' or 'folder:2'; 'tags'; 'original' for the labels as read from the source."
        ),
    ],
    table: Annotated[
        str | None, typer.Option("--from", help="CSV/Parquet with the labels, joined as with add --text.")
    ] = None,
    on: Annotated[str | None, typer.Option(help="The column of --from that names the track.")] = None,
    as_json: Json = False,
) -> None:
    """Change the labels of a collection, also for later refreshes; nothing is read or extracted again."""
    from core import collection as collections
    from core.jobs import job as jobs
    from core.messages.collection.label_messages import describe_relabelled

    if on and not table:
        raise typer.BadParameter("--on names a column of the table with the labels: give --from")
    jobs.check_idle(name)
    info = collections.relabel(name, label, table, on).info
    result = {"collection": name, "labels": info["labels"], "join": info.get("label_join")}
    print_result(result, as_json, describe_relabelled(result))


def refresh(name: Name, as_json: Json = False) -> None:
    """Read a collection's source again: add new files, remove those that are gone.

    Unchanged files are not opened.
    """
    from core.jobs.work import refresh_collection
    from core.messages.collection.add_messages import describe_added

    with progress_line() as progress:
        result = refresh_collection(name, progress)
    print_result(result, as_json, describe_added(result))


def delete(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Delete a collection from the library; audio files and checkpoints trained on it stay."""
    from core import collection as collections
    from core.jobs import job as jobs

    jobs.check_idle(name)
    what = f"the collection {name}; audio files and checkpoints trained on it stay"
    if name in collections.names() and not yes:
        _confirm(f"delete {what}")
    collections.remove(name)
    print_result({"deleted": name}, as_json, f"deleted {what}")


def _confirm(action: str) -> None:
    """Ask on a terminal before an action that can't be undone.

    Raises
    ------
    CollectionError
        When the answer is no, or there is no terminal to ask on.
    """
    if not sys.stdin.isatty():
        raise CollectionError(f"this would {action}. Run it again with --yes to do it")
    if not typer.confirm(f"{action.capitalize()}. Continue?", err=True):
        raise CollectionError("nothing was deleted")
