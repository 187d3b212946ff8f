"""One palette for clusters and labels, for light and dark ground and for colour blindness.

The ten colours maximise, in OKLCH, the smallest distance between any two
in normal vision and in simulated deuteranopia, protanopia and tritanopia (Machado, Oliveira and Fernandes
2009, severity 1.0), all of them legible on white and on the dark theme. Beyond ten the symbol changes as
well. Noise and "unknown" are grey.
"""

from urllib.parse import quote

COLOURS = (
    "#255ce8",
    "#6cd11f",
    "#c12b11",
    "#e2afab",
    "#a923aa",
    "#1f744f",
    "#47a5c6",
    "#b0890e",
    "#fc4a93",
    "#a57afe",
)
GREY = "#8c929e"
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "x")

_SHAPES = {
    "circle": '<circle cx="8" cy="8" r="6"/>',
    "diamond": '<path d="M8 1 15 8 8 15 1 8Z"/>',
    "square": '<path d="M2.5 2.5h11v11h-11Z"/>',
    "triangle-up": '<path d="M8 2 15 14H1Z"/>',
    "cross": '<path d="M5.5 1.5h5v4h4v5h-4v4h-5v-4h-4v-5h4Z"/>',
    "x": '<path d="M4.5 1 8 4.5 11.5 1 15 4.5 11.5 8 15 11.5 11.5 15 8 11.5 4.5 15 1 11.5 4.5 8 1 4.5Z"/>',
}


def mark_of(number: int) -> tuple[str, str]:
    """Return colour and symbol of cluster ``number``; below 0 is noise, a grey circle.

    The first ten differ in colour, the next fifty in colour and symbol; then the cycle repeats.
    """
    if number < 0:
        return GREY, SYMBOLS[0]
    return COLOURS[number % len(COLOURS)], SYMBOLS[number // len(COLOURS) % len(SYMBOLS)]


def swatch(number: int) -> str:
    """Return the mark of a cluster as the URL of an image for a table cell."""
    colour, symbol = mark_of(number)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="{colour}">{_SHAPES[symbol]}</svg>'
    )
    return "data:image/svg+xml," + quote(svg)
