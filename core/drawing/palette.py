"""Colours of clusters and labels, one palette per theme, distinguishable with any colour vision.

The ten colours of each palette were searched in OKLab so that every one has a contrast ratio of at least
3 : 1 to the theme's background (WCAG 2.2, 1.4.11), and any two are at least 0.08 apart in normal vision
and in simulated deuteranopia, protanopia and tritanopia (Machado, Oliveira and Fernandes 2009,
severity 1.0). A cluster has about the same hue in both. Beyond ten the symbol changes as well. Noise and
"unknown" are grey.
"""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Palette:
    """The colours of one theme.

    Attributes
    ----------
    colours : tuple of str
        Of clusters and labels.
    grey : str
        Of noise, "unknown", and what is not highlighted.
    main, accent : str
        Of a chart's bars and lines, and of the one value that a chart is about; 4.5 : 1, so readable as text.
    scale : tuple of (float, str)
        From audio (0) by grey to text (1).
    ramp : tuple of (float, str)
        From low (0) to high (1): lightness runs one way with any colour vision.
    """

    colours: tuple[str, ...]
    grey: str
    main: str
    accent: str
    scale: tuple[tuple[float, str], ...]
    ramp: tuple[tuple[float, str], ...]


LIGHT = Palette(
    colours=(
        "#1749d5",
        "#24875f",
        "#a90f01",
        "#c67f24",
        "#9b0b9c",
        "#03613d",
        "#2a96bd",
        "#936d03",
        "#fd3f8a",
        "#9266f4",
    ),
    grey="#868c97",
    main="#0f6e6b",
    accent="#96560a",
    scale=((0.0, "#1749d5"), (0.5, "#868c97"), (1.0, "#b45309")),
    ramp=((0.0, "#9a901a"), (0.25, "#5a835f"), (0.5, "#1b628c"), (0.75, "#3e359d"), (1.0, "#3b0a66")),
)
DARK = Palette(
    colours=(
        "#3e63d9",
        "#4cebb5",
        "#f14c37",
        "#febd76",
        "#c873be",
        "#349c6a",
        "#67c1e5",
        "#caa738",
        "#f984a7",
        "#ac72f3",
    ),
    grey="#737a86",
    main="#58c4b5",
    accent="#e0a24a",
    scale=((0.0, "#5b86ff"), (0.5, "#737a86"), (1.0, "#f08c2e")),
    ramp=((0.0, "#7d5fd7"), (0.25, "#518fc6"), (0.5, "#39bd9e"), (0.75, "#92d561"), (1.0, "#fdea55")),
)
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "x")
"""Their order is that of the map's shader, ``assets/map/renderer.js``."""

_SHAPES = {
    "circle": '<circle cx="8" cy="8" r="6"/>',
    "diamond": '<path d="M8 1 15 8 8 15 1 8Z"/>',
    "square": '<path d="M2.5 2.5h11v11h-11Z"/>',
    "triangle-up": '<path d="M8 2 15 14H1Z"/>',
    "cross": '<path d="M5.5 1.5h5v4h4v5h-4v4h-5v-4h-4v-5h4Z"/>',
    "x": '<path d="M4.5 1 8 4.5 11.5 1 15 4.5 11.5 8 15 11.5 11.5 15 8 11.5 4.5 15 1 11.5 4.5 8 1 4.5Z"/>',
}


def mark_of(number: int, palette: Palette = LIGHT) -> tuple[str, str]:
    """Return the colour and the symbol of cluster ``number``; below 0 is noise: a grey circle.

    The first ten differ in colour only, the next fifty in colour and symbol together; then they repeat.
    """
    if number < 0:
        return palette.grey, SYMBOLS[0]
    n_colours = len(palette.colours)
    return palette.colours[number % n_colours], SYMBOLS[number // n_colours % len(SYMBOLS)]


def swatch(number: int, palette: Palette = LIGHT) -> str:
    """Return the mark of a cluster as a data URI of an image that a table cell can show."""
    colour, symbol = mark_of(number, palette)
    image = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="{colour}">{_SHAPES[symbol]}</svg>'
    )
    return "data:image/svg+xml," + quote(image)
