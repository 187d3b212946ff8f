"""What the page shows, as JSON values: points, colours, tracks, clusters, scores."""

import base64

import numpy as np

from core.clustering.cluster_summary import summarise_clusters
from core.drawing.colouring import Colours, group_values
from core.drawing.legend import colour_clusters, describe_legend, name_of, number_groups
from core.drawing.palette import DARK, LIGHT
from core.export.fusion_report import describe_choice
from core.export.taken import Taken
from core.pipeline.stages import score_fully
from core.progress import Progress
from core.scoring.metric_specs import METRICS

HEADLINE = ("silhouette", "adjusted_rand", "normalized_mutual_info")
MOST_FULLY_SCORED = 5_000
"""Above so many tracks scores have no intervals: those take as long as five more clusterings."""


def page_data(taken: Taken, progress: Progress, *, has_clips: bool) -> dict:
    """Return what ``assets/standalone/standalone.js`` reads.

    Returns
    -------
    dict
        ``title, about, notes``; ``positions`` and ``chain``, arrays as base64, the chain None without a text
        weight; its ``steps`` and ``weight``; ``colourings`` (``title, groups, light, dark``: legends);
        ``tracks`` [title, artist, label]; ``clusters`` (``name, size, label, typical``); ``scores`` [title,
        help, value, interval, chance] and ``headline``, as text.
    """
    tracks = taken.tracks
    titles = tracks["title"].where(tracks["title"] != "", tracks["path"].str.rsplit("/", n=1).str[-1])
    labels = taken.labels[taken.members]
    chain = taken.chain(progress)
    scores, headline = _scores(taken, progress)
    return {
        "title": f"{taken.collection.name}: {len(tracks):,} tracks",
        "about": describe_choice(taken.choice),
        "notes": _notes(taken, chain is not None, has_clips),
        "positions": encode(taken.places(progress)),
        "chain": None if chain is None else encode(chain),
        "steps": 0 if chain is None else len(chain),
        "weight": None if chain is None else taken.choice.text_weight,
        "colourings": _colourings(labels, tracks["label"].to_numpy(object), taken.names),
        "tracks": [list(row) for row in zip(titles, tracks["artist"], tracks["label"])],
        "clusters": _clusters(taken),
        "scores": scores,
        "headline": headline,
    }


def encode(array: np.ndarray) -> str:
    """Return an array's bytes, little-endian, as base64; floats in single precision."""
    kind = "<f4" if array.dtype.kind == "f" else array.dtype.newbyteorder("<")
    return base64.b64encode(np.ascontiguousarray(array, kind).tobytes()).decode()


def _colourings(labels: np.ndarray, names: np.ndarray, cluster_names: dict[int, str]) -> list[dict]:
    """Return the colours by cluster, and by label where there are labels."""
    offered: dict[str, Colours] = {"Cluster": colour_clusters(labels, cluster_names)}
    if any(names):
        offered["Label"] = group_values(names)
    return [
        {
            "title": title,
            "groups": encode(number_groups(colours, len(labels))),
            "light": describe_legend(colours, len(labels), LIGHT),
            "dark": describe_legend(colours, len(labels), DARK),
        }
        for title, colours in offered.items()
    ]


def _clusters(taken: Taken) -> list[dict]:
    """Return name, size, most frequent label and typical tracks of each cluster, in the legend's order."""
    names = taken.names
    table = summarise_clusters(taken.vectors, taken.labels[taken.members], taken.tracks)
    return [
        {
            "name": name_of(row["cluster"], names),
            "size": row["size"],
            "label": f"{row['label']} ({100 * row['label_share']:.0f} %)" if row["label"] else "",
            "typical": row["typical"],
        }
        for row in table.to_dict("records")
    ]


def _scores(taken: Taken, progress: Progress) -> tuple[list[list[str]], list[list[str]]]:
    """Return the rows of the table of scores, and the scores above the map, as text."""
    n_seeds = 5 if len(taken.labels) <= MOST_FULLY_SCORED else 1
    found = score_fully(taken.collection, taken.space, taken.choice, n_seeds=n_seeds, progress=progress)
    rows = []
    for name, value in found["scores"].items():
        if value is None or not np.isfinite(value):
            continue
        low, high = found["intervals"].get(name) or (None, None)
        interval = f"{_number(low)} … {_number(high)}" if low is not None else "–"
        metric = METRICS[name]
        rows.append(
            [
                metric.title,
                metric.description,
                _number(value),
                interval,
                _number(found["control"].get(name)),
            ]
        )
    headline = [[METRICS[name].title, _number(found["scores"].get(name))] for name in HEADLINE]
    return rows, [entry for entry in headline if entry[1] != "–"]


def _number(value: float | None) -> str:
    """Format a score."""
    if value is None or not np.isfinite(value):
        return "–"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"


def _notes(taken: Taken, has_chain: bool, has_clips: bool) -> list[str]:
    """Say what the numbers and the sound are of."""
    n = len(taken.labels)
    notes = ["Near tracks are similar; distances between islands mean nothing."]
    if len(taken.members) < n:
        notes.append(f"Positions and scores are those of the whole map of {n:,} tracks.")
    if has_chain:
        notes.append(
            "The slider moves the points; clusters and scores are those at text weight "
            f"{100 * taken.choice.text_weight:.0f} %."
        )
    if has_clips:
        notes.append("What plays are excerpts at equal loudness, from the middle of each track.")
    if taken.space.sees_labels:
        notes.append("The model was trained with the labels, so the scores against labels are biased.")
    return notes
