"""Arguments and options that several commands share."""

from typing import Annotated

import typer

Name = Annotated[str, typer.Argument(help="A collection's name.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
TextField = Annotated[
    str | None,
    typer.Option(
        "--text-field", help="Text field: the column to read instead of lyrics, else caption, else title."
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="A parameter as name=value; may be repeated."),
]


def parse_settings(pairs: list[str] | None) -> dict[str, str]:
    """Convert ``["epochs=5"]`` to ``{"epochs": "5"}``."""
    for pair in pairs or []:
        if "=" not in pair:
            raise typer.BadParameter(f"--set takes name=value, got {pair!r}")
    parts = (pair.partition("=") for pair in pairs or [])
    return {name.strip().replace("-", "_"): value.strip() for name, _, value in parts}
