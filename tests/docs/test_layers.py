"""The picture of the layers: drawn from pyproject.toml and the imports."""

import importlib.util
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def draw_layers():
    spec = importlib.util.spec_from_file_location("draw_layers", DOCS / "draw_layers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_is_what_the_imports_are(draw_layers):
    drawn = draw_layers.draw(draw_layers.read_layers(), draw_layers.read_imports())
    assert (DOCS / "layers.svg").read_text(encoding="utf-8") == drawn, "run: python docs/draw_layers.py"


def test_an_import_against_the_layers_is_red(draw_layers):
    layers, floors = [["ui"], ["models"], ["store"]], {"Interfaces": "ui", "Learning": "models"}
    draw_layers.FLOORS, draw_layers.COLOURS = floors, draw_layers.COLOURS[:2]
    drawn = draw_layers.draw(layers, {("ui", "store"), ("store", "models")})
    assert "ui imports store" in drawn and "store breaks the layers: imports models" in drawn
    assert len(re.findall("<circle", drawn)) == 2 and "#c22f1a" in drawn
