"""The figures of a run as images, drawn once."""

import base64

import numpy as np

from core import store
from core.export.recipes.draw_figure import draw
from core.recipes.findings import Figure, findings_of
from core.recipes.stored_runs import load_run
from core.store.hashing.source import source_hash

THUMBNAIL_INCHES = 3.2


def draw_once(run: dict, figure: Figure, width: float = 7.0) -> bytes:
    """Return a figure of a run, which never changes, as PNG, ``width`` inches wide."""
    key = store.key_of(run["id"], run["created"], figure.key, figure.title, width, source_hash(draw))
    make = lambda: np.frombuffer(draw(figure, "png", width=width), np.uint8)  # noqa: E731
    return store.cached("figures", key, make).tobytes()


def thumbnail(run_id: str) -> str | None:
    """Return the first figure of a run as a data URL, None where it has none."""
    run = load_run(run_id)
    figures = findings_of({"tables": [], "claims": [], "figures": run["figures"][:1]}).figures
    if not figures:
        return None
    image = draw_once(run, figures[0], THUMBNAIL_INCHES)
    return f"data:image/png;base64,{base64.b64encode(image).decode()}"
