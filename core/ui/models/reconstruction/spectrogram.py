"""Plotly figures of spectrograms and of vectors beside their reconstruction; no Streamlit here."""

import numpy as np

from core.reconstruction.spectrogram_scale import Scale

COLOURS = ((0.0, "#0d1719"), (0.35, "#134f50"), (0.65, "#2a9d8f"), (0.85, "#a9d9b0"), (1.0, "#fdf3c4"))
"""From quiet to loud in even steps of lightness, readable in print and with colour blindness."""
MASKED = "rgba(140, 146, 158, 0.3)"
"""Background that shows where patches are masked."""
SIDES = {"Original": "#8a8f94", "Reconstructed": "#2a9d8f"}
TICKS_HZ = (100, 500, 1000, 2000, 4000, 8000)
RANGE_DB = 70
"""Decibels between the brightest and the darkest colour, at most."""
MAX_BARS = 24
"""Dimensions of a vector that are shown: of more, those that differ most."""


def range_of(original_db: np.ndarray) -> tuple[float, float]:
    """Return the decibels of the darkest and the brightest colour, shared by all spectrograms of a track."""
    top = float(np.ceil(original_db.max()))
    return max(float(np.floor(original_db.min())), top - RANGE_DB), top


def spectrogram_figure(db: np.ndarray, scale: Scale, bounds: tuple[float, float]):
    """Return one spectrogram.

    Parameters
    ----------
    db : ndarray, shape=(n_mels, n_frames)
        nan where masked: left blank.
    bounds : tuple of float
        See :func:`range_of`.
    """
    import plotly.graph_objects as go

    (low, high), (n_mels, n_frames), step = bounds, db.shape, scale.hop_length / scale.sr
    is_masked = np.isnan(db).any()
    z = np.clip(db, low, high)
    heat = go.Heatmap(
        z=np.round(z, 1).astype(np.float32)
        if is_masked
        else np.round(z).astype(np.int8),  # a quarter of what a browser has to load
        x0=scale.start_s,
        dx=step,
        zmin=low,
        zmax=high,
        colorscale=[list(stop) for stop in COLOURS],
        showscale=False,
        hovertemplate="%{x:.2f} s: %{z:.0f} dB<extra></extra>",
        hoverongaps=False,
    )
    positions, names = frequency_ticks(scale.frequencies())
    bare = {"showgrid": False, "zeroline": False}
    return go.Figure(heat).update_layout(
        height=230,
        margin={"l": 4, "r": 4, "t": 4, "b": 4, "pad": 0},
        plot_bgcolor=MASKED if is_masked else "rgba(0,0,0,0)",
        xaxis={
            "ticksuffix": " s",
            "nticks": 5,
            "range": [scale.start_s - step / 2, scale.start_s + (n_frames - 0.5) * step],
            **bare,
        },
        yaxis={
            "tickvals": positions,
            "ticktext": names,
            "range": [-0.5, n_mels - 0.5],
            "automargin": True,
            **bare,
        },
    )


def frequency_ticks(hz: np.ndarray) -> tuple[list[float], list[str]]:
    """Return positions and names of round frequencies on an axis of mel bands.

    Parameters
    ----------
    hz : ndarray, shape=(n_mels,)
        Centre frequency of each band; 0 for empty bands.

    Examples
    --------
    >>> frequency_ticks(np.array([400.0, 600.0, 1000.0, 2000.0]))
    ([0.5, 2.0, 3.0], ['500 Hz', '1 kHz', '2 kHz'])
    """
    bands = np.flatnonzero(hz > 0)
    inside = [f for f in TICKS_HZ if len(bands) and hz[bands[0]] <= f <= hz[bands[-1]]]
    positions = [float(np.interp(f, hz[bands], bands)) for f in inside]
    apart = [
        i for i in range(len(inside)) if i == 0 or positions[i] - positions[i - 1] >= len(hz) / 16
    ]  # so that names don't overlap
    return [positions[i] for i in apart], [
        f"{inside[i] / 1000:g} kHz" if inside[i] >= 1000 else f"{inside[i]} Hz" for i in apart
    ]


def vector_figure(original: np.ndarray, reconstructed: np.ndarray, names: list[str], unit: str):
    """Return a bar chart of a vector beside its reconstruction, see :func:`most_changed`.

    Parameters
    ----------
    original, reconstructed : ndarray, shape=(d,)
    names : list of str
        Names of the dimensions.
    unit : str
        Title of the value axis.
    """
    import plotly.graph_objects as go

    shown = most_changed(original, reconstructed)
    figure = go.Figure()
    for side, values in (("Original", original), ("Reconstructed", reconstructed)):
        figure.add_bar(
            x=[names[i] for i in shown],
            y=values[shown],
            name=side,
            marker_color=SIDES[side],
            hovertemplate="%{x}: %{y:.3g}<extra>" + side + "</extra>",
        )
    return figure.update_layout(
        height=260,
        margin={"l": 4, "r": 4, "t": 28, "b": 4},
        barmode="group",
        bargap=0.3,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        xaxis={"type": "category", "tickangle": -45, "automargin": True},
        yaxis={"title": {"text": unit}, "nticks": 5},
    )


def most_changed(original: np.ndarray, reconstructed: np.ndarray) -> np.ndarray:
    """Return the dimensions to show in the vector's order: all, or the :data:`MAX_BARS` that differ most."""
    return np.sort(np.argsort(-np.abs(reconstructed - original), kind="stable")[:MAX_BARS])
