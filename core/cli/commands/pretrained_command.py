"""``python -m core pretrained``: lists pretrained encoders, and gets one by name or folder."""

from dataclasses import asdict
from typing import Annotated, Literal

import typer

from core.cli.command_options import Json
from core.cli.terminal import print_result, progress_line
from core.errors import ConfigError


def pretrained(
    action: Annotated[Literal["list", "get", "remove"], typer.Argument(help="What to do.")] = "list",
    name: Annotated[
        str,
        typer.Argument(help="Short name of the list, name on the Hugging Face hub (OWNER/NAME), or folder."),
    ] = "",
    as_json: Json = False,
) -> None:
    """List pretrained encoders, get one as a representation, or take one off the list again.

    What was got is a representation like any other (--audio, --text) by the name that is printed.
    """
    from core.features.encoders.obtained import obtain, remove

    if action == "list":
        if name:
            raise typer.BadParameter(f"list takes no name; to get {name} use: pretrained get {name}")
        result = list_encoders()
        print_result(result, as_json, describe_encoders(result))
        return
    if not name:
        raise ConfigError(f"give the name of an encoder, or its folder: pretrained {action} NAME")
    if action == "remove":
        one = remove(name)
        print_result(asdict(one), as_json, f"{one.title} ({one.model}) is off the list; its files stay")
        return
    with progress_line() as progress:
        one = obtain(name, progress)
    uses = " or ".join(f"--{modality} {one.rep}" for modality in one.modalities)
    print_result(asdict(one), as_json, f"{one.title} is a representation now: {uses}")


def list_encoders() -> dict:
    """Return the table of encoders, and those that the user got."""
    from core.features.encoders.encoder_table import ENCODERS
    from core.features.encoders.obtained import is_obtained, list_obtained

    return {
        "encoders": [asdict(entry) | {"obtained": is_obtained(entry)} for entry in ENCODERS.values()],
        "obtained": [asdict(one) for one in list_obtained()],
    }


def describe_encoders(listing: dict) -> str:
    """Format a listing for a terminal."""
    lines = []
    for entry in listing["encoders"]:
        state = "got" if entry["obtained"] else "needs own code" if entry["needs_code"] else ""
        facts = ", ".join(
            filter(None, (f"{entry['size_mb']} MB", entry["licence"], entry["languages"], state))
        )
        lines.append(f"{entry['name']:11} {entry['modality']:6} {entry['title']}: {facts}. {entry['help']}")
    lines += [
        f"got: {one['rep']} ({' and '.join(one['modalities'])}), from {one['model']}"
        for one in listing["obtained"]
    ]
    return "\n".join(lines)
