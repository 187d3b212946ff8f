"""The map component: one persistent chart that reports clicks and selections as rows of the collection."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

HEIGHT_PX = 560
LIBRARY = "plotly.min.js"
"""Path, relative to the app's, of the JavaScript library that the plotly package ships."""

_ASSETS = Path(__file__).resolve().parents[4] / "assets"

_LABEL = "Map of the tracks: nearby tracks are similar. The tables below list the same tracks."
_HTML = f"""<div class="soundmap" role="group" aria-label="{_LABEL}">
<div class="soundmap-plot"></div><p class="soundmap-note">Loading the map …</p></div>"""
_CSS = f"""
.soundmap {{ position: relative; height: {HEIGHT_PX}px; }}
.soundmap-plot {{ position: absolute; inset: 0; font-family: var(--st-font, sans-serif); }}
.soundmap-note {{ position: absolute; inset: 45% 0 auto; text-align: center; pointer-events: none;
  opacity: .8; margin: 0; }}
"""


@dataclass(frozen=True)
class Pick:
    """An action on the map ("click", "box", "lasso" or "clear") and the selected rows of the collection."""

    kind: str
    rows: tuple[int, ...]


def show_map(
    figure,
    *,
    collection_name: str,
    view: str,
    chosen: np.ndarray | None,
    current: int | None,
    key: str,
    on_pick: Callable[[], None],
) -> None:
    """Show the map; in ``on_pick``, :func:`read_pick` returns what was clicked or selected.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        From :func:`core.ui.explore.map.figure.draw_figure`.
    collection_name : str
        While it stays the same, points move from their previous positions.
    view : str
        While it stays the same, zoom and hidden legend entries persist.
    chosen : ndarray of int or None
        Positions in the collection that are highlighted; None: no highlight.
    current : int or None
        The position that is marked by a ring.
    """
    data = {
        "figure": figure.to_json(),
        "chosen": None if chosen is None else [int(i) for i in chosen],
        "current": None if current is None else int(current),
        "place": collection_name,
        "view": view,
        "library": _library(),
    }
    _component()(data=data, key=key, on_picked_change=on_pick)


def preload_library() -> None:
    """Make the browser load the JavaScript library while the page is still being computed."""
    script = """export default ({ data, parentElement }) => {
      if (window.Plotly || window.songscapeLibrary) return;
      const link = document.createElement("link");
      Object.assign(link, { rel: "preload", as: "script", href: data });
      window.songscapeLibrary = document.head.appendChild(link);
    }"""
    st.components.v2.component("songscape_read_ahead", js=script, html="<span></span>")(
        data=_library(), key="read-ahead", height=1
    )


def _library() -> str:
    """Return the URL path of the JavaScript library on this server."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return "/" + "/".join(part for part in (base, LIBRARY) if part)


def read_pick(state) -> Pick | None:
    """Parse what the map reported; None for anything but a known kind with integers."""
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
