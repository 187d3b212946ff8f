"""The map as a plotly figure: positions, colours and hover texts in, figure out; no Streamlit here."""

from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from core.collection.genres.splitting import SEPARATOR, parse_genres
from core.ui.shared.fields.genre_choice import GENRE, WEIGHT
from core.ui.shared.palette import LIGHT, Palette, mark_of

MOST_GROUPS = 60
"""Names beyond these are grey "others": no palette could distinguish them."""
_AXIS = {"visible": False, "fixedrange": False}
_LAYOUT = {
    "template": "none",
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "autosize": True,
    "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
    "dragmode": "lasso",
    "hovermode": "closest",
    "showlegend": True,
    "xaxis": _AXIS,
    "legend": {
        "orientation": "h",
        "yanchor": "top",
        "y": 0,
        "x": 0,
        "itemsizing": "constant",
        "title": {"text": ""},
    },
}


@dataclass(frozen=True, eq=False)
class Group:
    """Points of one colour: name in the legend, number of the mark, positions in the space."""

    name: str
    number: int
    members: np.ndarray


def name_of(cluster: int) -> str:
    """Return the displayed name of a cluster, counted from 1; -1 is "No cluster"."""
    return f"Cluster {cluster + 1}" if cluster >= 0 else "No cluster"


def group_points(
    labels: np.ndarray, tracks: pd.DataFrame, colour_by: str = "cluster", genre: str = ""
) -> list[Group]:
    """Group points by cluster, label, coarse genre group, language, or by whether they have a genre.

    Parameters
    ----------
    labels : ndarray of int, shape=(n,)
        Cluster per point, -1 is noise.
    tracks : DataFrame
        One row per point, with the column that ``colour_by`` names.
    colour_by : {"cluster", "label", "coarse", "genre", "language"}
    genre : str
        The one that ``colour_by="genre"`` marks, searched in the column ``genres``.

    Returns
    -------
    list of Group
        In the order of the legend, grey ones last. A label's colour does not depend on the clustering: the
        most frequent comes first, ties in alphabetical order.
    """
    if colour_by == "cluster":
        return [
            Group(name_of(c), c, np.flatnonzero(labels == c))
            for c in sorted(set(labels.tolist()), key=lambda c: (c < 0, c))
        ]
    if colour_by == GENRE:
        has = np.array([genre in parse_genres(text) for text in tracks["genres"]], bool)
        return split_groups(has, genre, f"Not {genre}")
    values = tracks[colour_by].to_numpy(object)
    counts = pd.Series(values[values != ""]).value_counts()
    ranked = sorted(counts.index, key=lambda name: (-counts[name], name))
    groups = [
        Group(str(name), i, np.flatnonzero(values == name)) for i, name in enumerate(ranked[:MOST_GROUPS])
    ]
    rest = np.flatnonzero(np.isin(values, ranked[MOST_GROUPS:]))
    unknown = np.flatnonzero(values == "")
    groups += [Group(f"{len(ranked) - MOST_GROUPS} others", -1, rest)] if len(rest) else []
    return groups + ([Group("Unknown", -1, unknown)] if len(unknown) else [])


def hover_texts(
    tracks: pd.DataFrame, labels: np.ndarray, text_weights: np.ndarray | None = None
) -> list[str]:
    """Return a hover text per point, with everything from tags escaped."""
    texts = []
    weights = np.full(len(labels), np.nan) if text_weights is None else text_weights
    for title, artist, label, some, cluster, weight in zip(
        tracks["title"],
        tracks["artist"],
        tracks["label"],
        tracks["genres"] if "genres" in tracks else [""] * len(labels),
        labels,
        weights,
    ):
        first = f"<b>{_short(title) or 'Untitled'}</b>" + (f" – {_short(artist)}" if artist else "")
        weights_line = [f"text weight {weight:.0%}"] if np.isfinite(weight) else []
        every = [f"<i>{_short(some.replace(SEPARATOR, ', '), 90)}</i>"] if some and some != label else []
        texts.append(
            "<br>".join(
                [first, *([_short(label)] if label else []), *every, name_of(int(cluster)), *weights_line]
            )
        )
    return texts


def draw_figure(
    tracks: pd.DataFrame,
    positions: np.ndarray,
    labels: np.ndarray,
    rows: np.ndarray,
    *,
    colour_by: str = "cluster",
    text_weights: np.ndarray | None = None,
    genre: str = "",
    palette: Palette = LIGHT,
):
    """Return the figure of the map.

    Parameters
    ----------
    tracks : DataFrame
        One row per point: ``title``, ``artist``, ``label`` and, for ``colour_by``, ``language``.
    positions : ndarray, shape=(n, 2)
        The projection; its axes have no unit, so none are shown.
    labels : ndarray of int, shape=(n,)
        Cluster per point.
    rows : ndarray of int, shape=(n,)
        What a click or a lasso returns: the points' positions in the collection (``customdata``).
    colour_by : str
        A key of :data:`core.ui.shared.fields.genre_choice.FIELDS`; ``text_weight`` needs ``text_weights``,
        "genre" needs ``genre``.
    text_weights : ndarray or None, shape=(n,)
        Text weight per point, 0 (audio) to 1 (text), nan if undefined (grey).
    palette : Palette
        That of the visitor's theme.

    Returns
    -------
    plotly.graph_objects.Figure
        One WebGL trace per colour; by text weight one trace with a continuous colour scale.
    """
    import plotly.graph_objects as go

    positions, rows = np.asarray(positions, np.float32), np.asarray(rows, np.int32)
    texts = np.array(hover_texts(tracks, labels, text_weights), object)
    if colour_by == WEIGHT:
        groups = split_groups(np.isfinite(text_weights), "Text weight", "No text weight")
    else:
        groups = group_points(labels, tracks, colour_by, genre)
    traces = []
    for rank, group in enumerate(groups, start=1):
        colour, symbol = mark_of(group.number, palette)
        has_scale = colour_by == WEIGHT and group.number >= 0
        shades = {"color": text_weights[group.members], **_scale(palette)} if has_scale else {"color": colour}
        traces.append(
            go.Scattergl(
                x=positions[group.members, 0],
                y=positions[group.members, 1],
                customdata=rows[group.members],
                hovertext=texts[group.members],
                hoverinfo="text",
                mode="markers",
                uid=f"{colour_by}-{group.name}",
                name=f"{_short(group.name, 28)} ({len(group.members)})",
                showlegend=not has_scale,
                legendrank=rank,
                marker={**shades, "symbol": symbol, "size": marker_size(len(rows)), "opacity": 1.0},
                selected={"marker": {"opacity": 1.0}},
                unselected={"marker": {"opacity": 0.12}},
            )
        )
    if colour_by == GENRE:  # the genre's points are drawn above the rest
        traces.reverse()
    y_axis = {**_AXIS, "scaleanchor": "x", "scaleratio": stretch(positions)}
    return go.Figure(traces).update_layout(**_LAYOUT, yaxis=y_axis)


def split_groups(has: np.ndarray, name: str, other: str) -> list[Group]:
    """Return the points that have something and those that have not, grey; without empty groups."""
    groups = [Group(name, 0, np.flatnonzero(has)), Group(other, -1, np.flatnonzero(~has))]
    return [group for group in groups if len(group.members)]


def _scale(palette: Palette) -> dict:
    """Return the marker properties of the continuous colour scale from audio to text."""
    return {
        "colorscale": [list(stop) for stop in palette.scale],
        "cmin": 0,
        "cmax": 1,
        "showscale": True,
        "colorbar": {
            "orientation": "h",
            "y": 0,
            "yanchor": "top",
            "x": 0.03,
            "xanchor": "left",
            "len": 0.6,
            "thickness": 12,
            "outlinewidth": 0,
            "title": {"text": ""},
            "ticklabeloverflow": "allow",
            "tickvals": [0, 0.5, 1],
            "ticktext": ["0 audio", "½", "1 text"],
            "tickangle": 0,
        },
    }


def stretch(positions: np.ndarray, wide: float = 1.25) -> float:
    """Return the aspect ratio of a unit, 0.5 to 2, so an elongated layout fills its panel."""
    if len(positions) < 2:
        return 1.0
    width, height = np.ptp(positions, axis=0)
    return float(np.clip(width / (height * wide), 0.5, 2.0)) if height > 0 else 1.0


def marker_size(n: int) -> float:
    """Return the marker size in pixels for n points."""
    return 11.0 if n <= 200 else 8.0 if n <= 1000 else 6.0 if n <= 5000 else 4.0 if n <= 30000 else 2.5


def _short(text: str, length: int = 60) -> str:
    """Put untrusted text on one line, truncate it, and escape what plotly would read as markup."""
    line = " ".join(str(text).split())
    return escape(line if len(line) <= length else line[: length - 1].rstrip() + "…", quote=False)
