"""``python -m core search``: find tracks by a phrase or by a similar track."""

from typing import Annotated

import typer

from core.cli.command_options import Audio, Text
from core.cli.shared_options import Json, Name
from core.cli.terminal import print_result, progress_line


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
    from core.messages.search_messages import describe_match, describe_search
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
    choice = Choice(audio=audio, text=text) if audio or text else None
    with progress_line() as progress:
        found = find(
            collection, phrase, track_id, through=through, choice=choice, limit=limit, progress=progress
        )
    results = found.table.assign(why=list(map(describe_match, found.matches))).to_dict("records")
    through_text = describe_search(found.report)
    query = phrase if like is None else collection.tracks.set_index("track_id")["title"][track_id]
    report = {
        "collection": name,
        "query": query,
        **({"like": track_id} if track_id else {}),
        "through": through_text,
        "rep": found.rep,
        "results": results,
    }
    print_result(report, as_json, format_results(through_text, results))


def format_results(through: str, results: list[dict]) -> str:
    """Return what was searched and one line per track found."""
    lines = [
        f"{row['score']:6.3f}  {' – '.join(filter(None, (row['title'], row['artist']))) or row['track_id']} "
        f" ({row['why']})"
        for row in results
    ]
    return "\n".join([through, *(lines or ["Nothing was found."])])
