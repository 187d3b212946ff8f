"""``python -m core versions``."""

from typing import Annotated

import typer

from core.cli.command_options import Json, Name
from core.cli.terminal import print_result, progress_line
from core.collection import Collection


def versions(
    name: Name,
    audio: Annotated[
        str | None,
        typer.Option(
            help="The representation to compare; by default MusiCNN, without audio the table's features."
        ),
    ] = None,
    rejected: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--reject",
            metavar="TRACK TRACK",
            help="Record that these two tracks, by id or title, are not the same recording.",
        ),
    ] = None,
    restored: Annotated[
        tuple[str, str] | None,
        typer.Option("--restore", metavar="TRACK TRACK", help="Undo the rejection of a pair."),
    ] = None,
    as_json: Json = False,
) -> None:
    """List tracks that are versions of one recording: other encodings, edits, other takes, with evidence.

    Rejected pairs are left out, here, on Library and in the counts beside scores.
    """
    from core import collection as collections
    from core.search import find_track
    from core.search.versions import find_versions, reject, restore

    collection = collections.load(name)
    for tracks, change in ((rejected, reject), (restored, restore)):
        if tracks:
            first, second = (find_track(collection, track) for track in tracks)
            change([{"first": first, "second": second}])
    with progress_line() as progress:
        result = find_versions(collection, audio, progress)
    print_result(result, as_json, _format(collection, result))


def _format(collection: Collection, result: dict) -> str:
    """Format groups as indented lines: the pairs of each with their evidence."""
    from core.messages.quantities import count
    from core.messages.version_messages import describe_pair, describe_versions

    tracks = collection.tracks.set_index("track_id")
    names = {
        track_id: f"{row.title or row.path or track_id} ({track_id[:8]})"
        for track_id, row in zip(tracks.index, tracks.itertuples())
    }
    lines = [describe_versions(result)]
    for number, group in enumerate(result["groups"], start=1):
        lines.append(f"{number}.")
        for pair in group["pairs"]:
            lines += [f"   {names[pair['first']]} – {names[pair['second']]}", f"     {describe_pair(pair)}"]
    if result["rejected"]:
        lines.append(f"{count(len(result['rejected']), 'pair')} left out that you rejected.")
    return "\n".join(lines)
