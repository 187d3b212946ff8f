"""``python -m core search``: from a phrase or a track to tracks."""

from typing import Annotated

import typer

from core.cli.app import Json, Name, app
from core.cli.choice_options import Audio, Text
from core.cli.terminal import progress_line, tell


@app.command()
def search(
    name: Name,
    phrase: Annotated[
        str | None, typer.Argument(help="What to search for: a description in any language, or a name.")
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(
            "--like", help="Instead of a phrase: the id or the title of a track that others are to be like."
        ),
    ] = None,
    through: Annotated[
        str | None,
        typer.Option(
            "--through",
            help="contrastive, clap, clap:NAME_OR_FOLDER, words, words:ENCODER or a checkpoint; with --like "
            "any representation.",
        ),
    ] = None,
    audio: Audio = None,
    text: Text = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many tracks to show at most.")] = 20,
    as_json: Json = False,
) -> None:
    """Find tracks by a phrase or by a track, and say what was searched."""
    from core import collection as collections
    from core.pipeline.choice import Choice
    from core.search import find_track
    from core.search import search as find

    if (phrase is None) == (like is None):
        raise typer.BadParameter("give a phrase, or a track with --like (one of the two)")
    if (audio or text) and (like is None or through):
        raise typer.BadParameter(
            "--audio and --text say in what a track given with --like is alike; they go with no phrase and "
            "no --through"
        )
    collection = collections.load(name)
    track_id = find_track(collection, like) if like is not None else None
    choice = Choice(audio=audio, text=text) if audio or text else None
    with progress_line() as progress:
        found = find(
            collection, phrase, track_id, through=through, choice=choice, limit=limit, progress=progress
        )
    results = found.table.to_dict("records")
    query = phrase if like is None else collection.tracks.set_index("track_id")["title"][track_id]
    told = {
        "collection": name,
        "query": query,
        **({"like": track_id} if track_id else {}),
        "through": found.through,
        "rep": found.rep,
        "results": results,
    }
    tell(told, as_json, in_words(found.through, results))


def in_words(through: str, results: list[dict]) -> str:
    """Say what was searched and list what was found, one line a track."""
    lines = [
        f"{row['score']:6.3f}  {' – '.join(filter(None, (row['title'], row['artist']))) or row['track_id']} "
        f" ({row['why']})"
        for row in results
    ]
    return "\n".join([through, *(lines or ["Nothing was found."])])
