"""The generated part of the documentation: every method, setting and option, as the registries define them.

``python -m core.ui.help.reference`` writes ``docs/reference.md``; a test compares the file with
:func:`format_reference`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import typer

from core.cli import app as command_line
from core.clustering import CLUSTERERS
from core.collection.datasets import LAYOUTS
from core.config import Field, settable
from core.config.reading import format_value
from core.export.formats import FORMATS
from core.export.formats.format_spec import FormatSpec
from core.features import EXTRACTORS
from core.fusion import FUSIONS
from core.models import MODELS
from core.models.model_entry import ModelSpec
from core.models.train_config import TrainConfig
from core.projection import PROJECTIONS
from core.recipes import RECIPES
from core.registry import Spec
from core.scoring import METRICS
from core.simulated import SIMULATED
from core.ui.help.documents import DOCS

FILE = DOCS / "reference.md"
HEAD = """# Reference

Every method, setting and command-line option with its range and default, generated from the registries by
`python -m core.ui.help.reference`. The other pages explain the methods.
"""


def format_reference() -> str:
    """Return the whole of ``docs/reference.md``."""
    chapters = (
        ("Audio and text representations", _format_extractors()),
        ("Models", map(_format_model, MODELS.values())),
        ("Training settings", [format_settings(TrainConfig)]),
        ("Fusion methods", map(_format_entry, FUSIONS.values())),
        ("Clustering algorithms", map(_format_entry, CLUSTERERS.values())),
        ("Projections", map(_format_entry, PROJECTIONS.values())),
        ("Scores", [_format_metrics()]),
        ("Export formats", map(_format_export, FORMATS.values())),
        ("Recipes", map(_format_entry, RECIPES.values())),
        ("Simulated collections", [_format_simulated()]),
        ("Dataset layouts", [_format_layouts()]),
        ("Commands", _format_commands()),
    )
    parts = [HEAD.strip()]
    for title, entries in chapters:
        parts += [f"## {title}", *entries]
    return "\n\n".join(part for part in parts if part) + "\n"


def format_settings(config: type, overrides: Mapping[str, Any] | None = None) -> str:
    """Return a table of a config's settings; ``overrides`` replaces defaults by name."""
    rows = [
        (
            f"`{field.name}`",
            _code(format_value((overrides or {}).get(field.name, field.default))),
            format_range(field),
            f"**{field.setting.title}.** {field.setting.help}",
        )
        for field in settable(config)
    ]
    return format_table(("Setting", "Default", "Range", "Meaning"), rows) if rows else "No settings."


def format_range(field: Field) -> str:
    """Return the values that a field accepts: its choices, its bounds as an interval, or its type."""
    bounds = field.setting
    if field.choices:
        values = ", ".join(_code(str(choice)) for choice in field.choices)
    elif any(bound is not None for bound in (bounds.low, bounds.high, bounds.above, bounds.below)):
        values = _format_bounds(bounds)
    else:
        values = {bool: "`true`, `false`", str: "text"}.get(field.plain_kind, "any")
    return f"{values}, or `none`" if field.allows_none else values


def _format_bounds(bounds) -> str:
    """Return bounds in words and symbols: ``≥ 1``, ``0 to 1``, ``> 0 and < 1``."""
    if bounds.low is not None and bounds.high is not None:
        return f"{bounds.low:g} to {bounds.high:g}"
    signs = (("≥", bounds.low), (">", bounds.above), ("≤", bounds.high), ("<", bounds.below))
    return " and ".join(f"{sign} {bound:g}" for sign, bound in signs if bound is not None)


def format_table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; pipes and line breaks within cells are escaped."""
    head = [str(cell) for cell in header]
    return "\n".join(
        f"| {' | '.join(_cell(cell) for cell in line)} |" for line in [head, ["---"] * len(head), *rows]
    )


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text}`" if text.strip() else "empty"


def _format_head(spec: Spec) -> str:
    """Return an entry's heading, title, help and source."""
    source = f" *{spec.source}*" if spec.source else ""
    return f"### {spec.name}\n\n**{spec.title}.** {spec.help}{source}"


def _format_entry(spec: Spec) -> str:
    return f"{_format_head(spec)}\n\n{format_settings(spec.load())}"


def _format_export(spec: FormatSpec) -> str:
    endings = ", ".join(f"`{suffix}`" if suffix else "a name that ends in `/`" for suffix in spec.suffixes)
    of_map = "; also of `map`" if spec.for_map is not None else ""
    return f"{_format_head(spec)}\n\nFiles: {endings}{of_map}.\n\n{format_settings(spec.load())}"


def _format_extractors() -> list[str]:
    """Return the extractors; one that only presets another's settings refers to it."""
    first: dict[type, str] = {}
    parts = []
    for spec in EXTRACTORS.values():
        config = spec.load()
        name = "PREFIX" if spec.takes_name == "prefix" else "NAME_OR_FOLDER"
        facts = [
            "Audio or table" if spec.reads == "table" else spec.modality.capitalize(),
            f"also `{spec.name}:{name}`" if spec.takes_name else "",
            "input of models only" if spec.only_for_models else "",
        ]
        if config in first:
            presets = ", ".join(f"`{name}={format_value(value)}`" for name, value in spec.settings.items())
            settings = f"Settings of `{first[config]}`" + (f", with {presets}." if presets else ".")
        else:
            first[config] = spec.name
            settings = format_settings(config, spec.settings)
        parts.append(f"{_format_head(spec)}\n\n{'; '.join(filter(None, facts))}.\n\n{settings}")
    return parts


def _format_model(spec: ModelSpec) -> str:
    """Return a model: inputs, settings, and training defaults that differ from the training loop's."""
    model = spec.load()
    parts = [
        _format_head(spec),
        f"Inputs: {', '.join(f'`{name}`' for name in spec.inputs)}.",
        "Training uses the labels." if spec.sees_labels else "",
        format_settings(model.Config),
        _format_training(model.train_config),
    ]
    return "\n\n".join(part for part in parts if part)


def _format_training(defaults: TrainConfig | None) -> str:
    """Return a model's training defaults that differ from the training loop's."""
    if defaults is None:
        return "Fitted in closed form, without the training loop."
    own = ", ".join(
        f"`{field.name}={format_value(getattr(defaults, field.name))}`"
        for field in settable(TrainConfig)
        if getattr(defaults, field.name) != field.default
    )
    return f"Training defaults of its own: {own}." if own else ""


def _format_metrics() -> str:
    rows = [
        (
            f"`{metric.name}`",
            metric.kind,
            f"{metric.worst:g} to {metric.best:g}".replace("inf", "∞"),
            f"**{metric.title}.** {metric.description} *{metric.reference}*",
        )
        for metric in METRICS.values()
    ]
    return format_table(("Score", "Kind", "Worst to best", "Meaning"), rows)


def _format_simulated() -> str:
    rows = [(f"`{name}`", f"**{made.title}.** {made.summary}") for name, made in SIMULATED.items()]
    return format_table(("Source", "Meaning"), rows)


def _format_layouts() -> str:
    rows = [
        (f"`{spec.name}`", f"**{spec.title}.** {spec.help} {spec.source}.", f"{spec.expected}.")
        for spec in LAYOUTS.values()
    ]
    return format_table(("Layout", "Meaning", "Files that are looked for"), rows)


def _format_commands() -> list[str]:
    """Return every command with its arguments and options, those of a group by themselves."""
    group: Any = typer.main.get_command(command_line.app)
    found = []
    for name, command in group.commands.items():
        for part, one in getattr(command, "commands", {"": command}).items():
            if not command.hidden:
                found.append(_format_command(f"{name} {part}".strip(), one))
    return found


def _format_parameter(parameter) -> tuple[str, str, str]:
    """Return the row of an argument or option: name, default, meaning."""
    is_option = parameter.opts[0].startswith("-")
    default = parameter.default if isinstance(parameter.default, (str, int, float)) else None
    is_shown = is_option and default not in (None, "") and not isinstance(default, bool)
    return (
        f"`{parameter.opts[0] if is_option else parameter.name.upper()}`",
        "required" if parameter.required else _code(str(default)) if is_shown else "",
        getattr(parameter, "help", "") or "",
    )


def _format_command(name: str, command) -> str:
    rows = [_format_parameter(parameter) for parameter in command.params]
    # The models that `train` lists have a chapter of their own.
    summary = (command.help or "").split("\n\n")[0]
    table = format_table(("Argument or option", "Default", "Meaning"), rows)
    return f"### python -m core {name}\n\n{summary}\n\n{table}"


def main() -> None:
    """Write ``docs/reference.md``."""
    FILE.write_text(format_reference(), encoding="utf-8")
    print(f"{FILE.relative_to(DOCS.parent)} written")


if __name__ == "__main__":
    main()
