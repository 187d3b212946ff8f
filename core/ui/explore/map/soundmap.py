"""The map component: it draws, moves and plays points, and reports clicks, selections and the text weight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.drawing.colouring import Colours
from core.drawing.palette import Palette
from core.server.signed_links import link_to
from core.ui.explore.map.points import Points, describe_points, refer, refer_chain
from core.ui.shared.server_access import base_path, scripts_link

MAP = "explore-map"
"""Key of Explore's map."""
LIBRARY = "plotly.min.js"
"""Path, relative to the app's, of the JavaScript library that the plotly package ships."""
KINDS = ("click", "box", "lasso", "clear", "weight")
_SCRIPT = """export default (c) => {
  const shown = import(location.origin + c.data.scripts + "/component.js").then((m) => m.show(c));
  shown.catch(() => (c.parentElement.textContent = "The map could not be loaded. Reload the page."));
  return () => shown.then((leave) => leave(), () => {});
};"""


@dataclass(frozen=True)
class Pick:
    """An action on the map.

    Attributes
    ----------
    kind : {"click", "box", "lasso", "clear", "weight"}
    rows : tuple of int
        The selected rows of the collection.
    weight : float or None
        The text weight that was set, from 0 to 1.
    """

    kind: str
    rows: tuple[int, ...]
    weight: float | None = None


@dataclass(frozen=True, eq=False)
class Weight:
    """The text weight that the map's slider shows.

    Attributes
    ----------
    value : float
    chain : ndarray or None, shape=(steps, n, 2)
        The layouts at equal steps of the weight from 0 to 1; None while they are missing.
    note : str
        Why they are missing.
    """

    value: float
    chain: np.ndarray | None = None
    note: str = ""


def show_map(
    points: Points,
    *,
    colours: Colours,
    palette: Palette,
    collection_name: str,
    view: str,
    zoom: str,
    chosen: np.ndarray | None,
    current: int | None,
    weight: Weight | None,
    headline: Sequence[tuple[str, str]],
    figure: Callable[[], object],
    key: str,
    on_pick: Callable[[], None],
    on_plain: Callable[[], None],
    link: str = "",
) -> None:
    """Show the map; in ``on_pick``, :func:`read_pick` returns what was clicked, selected or set.

    Parameters
    ----------
    points : Points
    colours : Colours
    palette : Palette
    collection_name : str
        While it stays the same, points move from their previous positions.
    view : str
        While it stays the same, the zoom persists.
    zoom : str
        The zoom of a link, "" for the whole map.
    chosen : ndarray of int or None
        Points that are highlighted; None: no highlight.
    current : int or None
        The point that is marked by a ring.
    weight : Weight or None
        None where the fusion takes no weight.
    headline : sequence of (name, value)
        Scores that stand beside the map when it fills the window.
    figure : callable
        Returns the plotly figure for browsers without WebGL2.
    on_plain : callable
        Called when the browser says that it has none, see :func:`is_plain`.
    link : str
        Maps of the same link mark the track under the pointer of one on all; "" for none.
    """
    plain = is_plain(key)
    data = {
        **describe_points(points, colours, palette),
        "scripts": scripts_link(),
        "place": collection_name,
        "view": view,
        "link": link,
        "zoom": zoom,
        "chosen": None if chosen is None else refer(np.asarray(chosen, np.int32)),
        "current": None if current is None else int(current),
        "weight": None if weight is None else weight.value,
        "chain": None if weight is None or weight.chain is None else refer_chain(weight.chain),
        "chainNote": "" if weight is None else weight.note,
        "headline": [list(entry) for entry in headline],
    }
    if plain:
        data |= {
            "figure": figure().to_json(),
            "library": link_to(LIBRARY, base=base_path()),
            "chosenRows": None if chosen is None else points.rows[chosen].tolist(),
            "currentRow": None if current is None else int(points.rows[current]),
        }
    _component()(
        data=data,
        key=key,
        default={"plain": plain},
        on_picked_change=on_pick,
        on_plain_change=on_plain,
    )


def is_plain(key: str) -> bool:
    """Return whether the browser draws this map with plotly, which has no slider of the text weight."""
    state = st.session_state.get(key)
    return bool(state.get("plain")) if hasattr(state, "get") else False


def read_pick(state) -> Pick | None:
    """Parse what the map reported; None for anything but a known kind with valid values."""
    picked = (state or {}).get("picked") if hasattr(state, "get") else None
    if not isinstance(picked, dict) or picked.get("kind") not in KINDS:
        return None
    rows, weight = picked.get("rows"), picked.get("weight")
    if not isinstance(rows, list) or not all(isinstance(row, int) for row in rows):
        return None
    if picked["kind"] != "weight":
        return Pick(picked["kind"], tuple(rows))
    if not isinstance(weight, (int, float)) or not 0 <= weight <= 1:
        return None
    return Pick("weight", (), round(float(weight), 2))


@st.cache_resource(show_spinner=False)
def _component():
    """Register the component once; its few lines are sent with every click, so the rest is a module."""
    return st.components.v2.component(
        "songscape_map", html='<div class="soundmap"></div>', js=_SCRIPT, isolate_styles=False
    )
