"""One script of several JavaScript modules, without a build step.

Each module becomes a function that returns what it exports, in the order of the imports. Understood is what
the modules of ``assets/map`` use: imports and exports on one line each, at the beginning of the line.
"""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import (?P<what>[\w$]+|\{[^}]*\}) from "(?P<path>\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?P<default>default )?(?P<kind>async function|function|class|const|let) (?P<name>[\w$]+)",
    re.MULTILINE,
)
_OTHER = re.compile(r"^(import|export)\b.*$|\bimport\(", re.MULTILINE)


def bundle(entry: Path) -> str:
    """Return a script that runs a module and those that it imports.

    Raises
    ------
    ValueError
        When a module imports in a circle, or in a way that is not understood.
    """
    order: list[Path] = []
    _visit(entry.resolve(), order, ())
    names = {path: f"m{number}" for number, path in enumerate(order)}
    parts = [_wrap(path, names) for path in order]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();\n"


def _visit(path: Path, order: list[Path], on_the_way: tuple[Path, ...]) -> None:
    """Append a module after those that it imports."""
    if path in on_the_way:
        raise ValueError(f"{path.name} imports itself by way of {', '.join(p.name for p in on_the_way)}")
    if path in order:
        return
    for found in _IMPORT.finditer(path.read_text(encoding="utf-8")):
        _visit((path.parent / found["path"]).resolve(), order, (*on_the_way, path))
    order.append(path)


def _wrap(path: Path, names: dict[Path, str]) -> str:
    """Return a module as a constant that holds its exports."""
    source = path.read_text(encoding="utf-8")
    exports: list[str] = []

    def bind(found: re.Match) -> str:
        module = names[(path.parent / found["path"]).resolve()]
        what = found["what"].replace(" as ", ": ")
        return f"const {what if what.startswith('{') else f'{{ default: {what} }}'} = {module};\n"

    def note(found: re.Match) -> str:
        exports.append(f"default: {found['name']}" if found["default"] else found["name"])
        return f"{found['kind']} {found['name']}"

    body = _EXPORT.sub(note, _IMPORT.sub(bind, source))
    if other := _OTHER.search(body):
        raise ValueError(f"{path.name}: {other[0]!r} is not understood")
    return (
        f"const {names[path]} = (() => {{ // {path.name}\n{body}\nreturn {{ {', '.join(exports)} }};\n}})();"
    )
