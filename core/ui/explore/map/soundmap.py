"""The sound map: one living chart that reports clicks, boxes and lassos as places in the collection."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

HEIGHT_PX = 560
LIBRARY = "plotly.min.js"
"""Address, below the app's own, of the drawing library that the plotly package ships."""

_ASSETS = Path(__file__).resolve().parents[4] / "assets"

_HTML = """<div class="soundmap" role="group" aria-label="Map of the tracks: near means alike. The tables below hold the same tracks."><div class="soundmap-plot"></div><p class="soundmap-note">Drawing the map …</p></div>"""
_CSS = f"""
.soundmap {{ position: relative; height: {HEIGHT_PX}px; }}
.soundmap-plot {{ position: absolute; inset: 0; font-family: var(--st-font, sans-serif); }}
.soundmap-note {{ position: absolute; inset: 45% 0 auto; text-align: center; pointer-events: none; opacity: .6; margin: 0; }}
"""


@dataclass(frozen=True)
class Pick:
    """What a person did on the map: "click", "box", "lasso" or "clear", and the places in the collection it hit."""

    kind: str
    rows: tuple[int, ...]


def show_map(
    figure,
    *,
    place: str,
    view: str,
    chosen: np.ndarray | None,
    current: int | None,
    key: str,
    on_pick: Callable[[], None],
) -> None:
    """Show the map; :func:`read_pick` in ``on_pick`` tells what was clicked or circled.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        From :func:`core.ui.explore.map.figure.draw_figure`.
    place : str
        The collection: while it stays the same, points move from where they were.
    view : str
        What is looked at: while it stays the same, zoom and hidden legend entries are kept.
    chosen : ndarray of int or None
        Places in the collection that stand out; None: all alike.
    current : int or None
        The place that wears a ring.
    """
    data = {
        "figure": figure.to_json(),
        "chosen": None if chosen is None else [int(i) for i in chosen],
        "current": None if current is None else int(current),
        "place": place,
        "view": view,
        "library": _library(),
    }
    _component()(data=data, key=key, on_picked_change=on_pick)


def read_ahead() -> None:
    """Let the browser load the drawing library while the page is still being computed."""
    script = """export default ({ data, parentElement }) => {
      if (window.Plotly || window.songscapeLibrary) return;
      const link = Object.assign(document.createElement("link"), { rel: "preload", as: "script", href: data });
      window.songscapeLibrary = document.head.appendChild(link);
    }"""
    st.components.v2.component("songscape_read_ahead", js=script, html="<span></span>")(
        data=_library(), key="read-ahead", height=1
    )


def _library() -> str:
    """Return the drawing library's address on this server."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return "/" + "/".join(part for part in (base, LIBRARY) if part)


def read_pick(state) -> Pick | None:
    """Read what the map reported; anything else than a known kind with whole numbers is nothing."""
    picked = (state or {}).get("picked") if hasattr(state, "get") else None
    if not isinstance(picked, dict) or picked.get("kind") not in ("click", "box", "lasso", "clear"):
        return None
    rows = picked.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, int) for row in rows):
        return None
    return Pick(picked["kind"], tuple(rows))


@st.cache_resource(show_spinner=False)
def _component():
    """Register the component once."""
    script = (_ASSETS / "soundmap.js").read_text(encoding="utf-8")
    return st.components.v2.component("songscape_map", html=_HTML, css=_CSS, js=script, isolate_styles=False)
