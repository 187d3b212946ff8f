"""Draw ``docs/layers.svg``: the packages of ``core/`` by layer, and which of them import which.

``python docs/draw_layers.py``. The layers are those of pyproject.toml; the imports are read from the code.
"""

import sys
import tomllib
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "layers.svg"
FLOORS = {
    "Interfaces": "__main__",
    "Workflows": "jobs",
    "Representations": "captioning",
    "Learning": "training",
    "Analysis": "scoring",
    "Data": "features",
    "Foundation": "store",
}
"""The groups of layers from the top down, each with a package of its uppermost layer."""

COLOURS = ("#cfe3e1", "#d8e6c8", "#f3e3bd", "#f1d5c3", "#e5d3e6", "#d3dcf0", "#dedbd2")
CELL, ROW_LABEL, FLOOR_LABEL, TOP = 19, 118, 132, 122


def read_layers() -> list[list[str]]:
    """Return the packages of each layer of pyproject.toml, from the top down."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [[name.strip() for name in layer.replace("|", ":").split(":")] for layer in contract["layers"]]


def read_imports() -> set[tuple[str, str]]:
    """Return the pairs (importing package, imported package) of ``core/``."""
    import grimp

    sys.path.insert(0, str(ROOT))  # the script's own folder is what Python looks in
    graph = grimp.build_graph("core", cache_dir=None)
    pairs = set()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            pair = tuple(name.split(".")[1] for name in (module, imported) if "." in name)
            if len(pair) == 2 and pair[0] != pair[1]:
                pairs.add(pair)
    return pairs


def draw(layers: list[list[str]], imports: set[tuple[str, str]]) -> str:
    """Return the picture: a matrix with a dot where the package of the row imports that of the column."""
    names = [name for layer in layers for name in layer]
    place = {name: index for index, name in enumerate(names)}
    layer_of = {name: index for index, layer in enumerate(layers) for name in layer}
    floors = _floors(layers)
    left, n = FLOOR_LABEL + ROW_LABEL, len(names)
    width, height = left + n * CELL + 44, TOP + n * CELL + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="12" fill="#21302f">',
        "<title>Packages of core/ by layer, and their imports</title>",
        f'<rect width="{width}" height="{height}" fill="#fbfaf6"/>',
    ]
    for colour, (floor, members) in zip(COLOURS, floors.items(), strict=True):
        parts += _draw_floor(floor, [place[name] for name in members], colour, left, n)
    for name, index in place.items():
        y, x = TOP + index * CELL, left + index * CELL
        parts.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<text transform="translate({x + 13} {TOP - 6}) rotate(-60)">{escape(name)}</text>')
        parts.append(f'<rect x="{x + 1}" y="{y + 1}" width="{CELL - 2}" height="{CELL - 2}" fill="#8a958f"/>')
    for importer, imported in sorted(imports):
        is_down = layer_of[importer] < layer_of[imported]
        x, y = left + place[imported] * CELL + CELL / 2, TOP + place[importer] * CELL + CELL / 2
        colour, what = ("#0f6e6b", "imports") if is_down else ("#c22f1a", "breaks the layers: imports")
        title = f"<title>{importer} {what} {imported}</title>"
        parts.append(f'<circle cx="{x}" cy="{y}" r="5" fill="{colour}">{title}</circle>')
    parts.append(
        f'<text x="12" y="{height - 16}">A dot: the package of the row imports that of the column. Imports '
        "point down the layers, so all dots lie right of the diagonal.</text></svg>"
    )
    return "\n".join(parts) + "\n"


def _floors(layers: list[list[str]]) -> dict[str, list[str]]:
    """Return the packages of each group of layers."""
    floors: dict[str, list[str]] = {}
    starts = {package: floor for floor, package in FLOORS.items()}
    for layer in layers:
        floor = next((starts[name] for name in layer if name in starts), None) or list(floors)[-1]
        floors.setdefault(floor, []).extend(layer)
    return floors


def _draw_floor(floor: str, places: list[int], colour: str, left: int, n: int) -> list[str]:
    """Return the band of one group of layers, with its name and a box per package."""
    y, height = TOP + places[0] * CELL, len(places) * CELL
    band = f'<rect x="0" y="{y}" width="{left + n * CELL}" height="{height}" fill="{colour}" opacity="0.45"/>'
    title = f'<text x="12" y="{y + 15}" font-weight="bold">{escape(floor)}</text>'
    boxes = [
        f'<rect x="{FLOOR_LABEL + 2}" y="{TOP + place * CELL + 1}" width="{ROW_LABEL - 4}" '
        f'height="{CELL - 2}" rx="3" fill="{colour}"/>'
        for place in places
    ]
    return [band, title, *boxes]


if __name__ == "__main__":
    FILE.write_text(draw(read_layers(), read_imports()), encoding="utf-8")
    print(f"{FILE.relative_to(ROOT)} written")
