"""Do clusters follow artists, albums or folders rather than labels? Agreement with each, and by chance."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from core.collection import Collection
from core.collection.genres.label_source import folder_at
from core.scoring.contingency import adjusted_rand, bootstrap, contingency_table, normalized_mutual_info

METRICS = {"adjusted_rand": adjusted_rand, "normalized_mutual_info": normalized_mutual_info}
N_BOOT = 500
N_SHUFFLES = 200
LARGEST_P = 0.01
"""Largest p-value with which clusters are said to follow something beyond the labels."""


def sources_of(collection: Collection, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return artist, album and folders of the tracks at some rows, "" where unknown; only those that vary."""
    tracks = collection.tracks.iloc[rows]
    nothing = pd.Series("", index=tracks.index)
    files = tracks.get("sound_file", nothing).where(
        tracks.get("sound_file", nothing).fillna("") != "", tracks.get("file", nothing)
    )
    found = {
        name: tracks[name].fillna("").astype(str).str.strip().str.casefold().to_numpy(object)
        for name in ("artist", "album")
        if name in tracks
    }
    for name, depth in (("folder", "top"), ("innermost folder", "deepest")):
        folders = [folder_at(str(file), f"folder:{depth}") for file in files.fillna("")]
        found[name] = np.array(folders, object)
    if np.array_equal(found["folder"], found["innermost folder"]):
        del found["innermost folder"]
    return {name: values for name, values in found.items() if _varies(values)}


def measure_confounds(
    labels: np.ndarray, truth: np.ndarray, sources: dict[str, np.ndarray], *, seed: int = 0
) -> dict:
    """Compare clusters with labels and with what else tracks may have in common.

    A source agrees with the clusters *beyond the labels* if it does more than with its values shuffled among
    the tracks of each label; the share of such shuffles that agree as much is the p-value.

    Parameters
    ----------
    labels : ndarray of int, shape=(n_tracks,)
        Cluster per track; noise counts as one cluster.
    truth : ndarray of str, shape=(n_tracks,)
        Labels, "" where unknown.
    sources : dict of ndarray of str, shape=(n_tracks,)
        By name, see :func:`sources_of`.

    Returns
    -------
    dict
        ``agreements``: by name, "label" first where there are labels, ``n_tracks`` that have a value,
        ``n_values``, and ``adjusted_rand`` and ``normalized_mutual_info``, each ``value``, ``interval``
        (95 %, bootstrap over tracks) and ``control`` (mean with shuffled values). Of sources of labelled
        tracks also ``beyond_labels``: ``value``, the NMI on tracks with both, ``control``, its mean over
        shuffles within labels, ``p_value`` and ``of_labels``, the NMI of the labels on these tracks above
        chance. ``follows``: the sources with a p-value up to 0.01 whose NMI above chance is higher than that
        of the labels.

    References
    ----------
    Vinh, Epps & Bailey (2010) for NMI above chance, (NMI − control) / (1 − control); Flexer (2007), A closer
    look on artist filters for musical genre classification.
    """
    clusters = np.unique(labels, return_inverse=True)[1]
    has_labels = _varies(truth)
    agreements: dict[str, dict] = {}
    if has_labels:
        agreements["label"] = agreement(truth, clusters, seed)
    follows = []
    for name, values in sources.items():
        if has_labels and _is_same_partition(values, truth):
            continue
        agreements[name] = agreement(values, clusters, seed)
        beyond = _beyond_labels(values, truth, clusters, seed) if has_labels else None
        if beyond:
            agreements[name]["beyond_labels"] = beyond
            if beyond["p_value"] <= LARGEST_P and beyond["above_chance"] > beyond["of_labels"]:
                follows.append(name)
    return {"agreements": agreements, "follows": follows}


def agreement(values: np.ndarray, clusters: np.ndarray, seed: int = 0) -> dict:
    """Return ARI and NMI of values and clusters, with intervals and controls."""
    known = values != ""
    classes, inside = np.unique(values[known].astype(str), return_inverse=True)[1], clusters[known]
    table = contingency_table(classes, inside)
    replicates = bootstrap(table, METRICS, N_BOOT, seed)
    controls = _shuffled(classes, inside, lambda rng: rng.permutation(len(classes)), seed)
    return {
        "n_tracks": int(known.sum()),
        "n_values": len(table),
        **{
            name: {
                "value": float(metric(table)),
                "interval": _centred(replicates[name], float(metric(table))),
                "control": float(np.mean([metric(shuffled) for shuffled in controls])),
            }
            for name, metric in METRICS.items()
        },
    }


def _centred(replicates: np.ndarray, value: float) -> list[float]:
    """Return what 95 % of the replicates lie in, moved to the value: with many values they are biased."""
    low, high = np.percentile(replicates - replicates.mean(), (2.5, 97.5))
    return [float(max(-0.5, value + low)), float(min(1.0, value + high))]


def _beyond_labels(values: np.ndarray, truth: np.ndarray, clusters: np.ndarray, seed: int) -> dict | None:
    """Return the NMI of a source with shuffles within labels; None with fewer than two values or labels."""
    known = (values != "") & (truth != "")
    if not known.any() or not _varies(values[known]) or not _varies(truth[known]):
        return None
    classes = np.unique(values[known].astype(str), return_inverse=True)[1]
    names = np.unique(truth[known].astype(str), return_inverse=True)[1]
    inside = clusters[known]
    by_label = np.argsort(names, kind="stable")

    def within(rng: np.random.Generator) -> np.ndarray:
        order = np.empty(len(names), int)
        order[by_label] = np.lexsort((rng.random(len(names)), names))
        return order

    value = float(normalized_mutual_info(contingency_table(classes, inside)))
    shuffles = [float(normalized_mutual_info(t)) for t in _shuffled(classes, inside, within, seed)]
    return {
        "value": value,
        "control": float(np.mean(shuffles)),
        "p_value": (1 + sum(each >= value - 1e-12 for each in shuffles)) / (1 + len(shuffles)),
        "above_chance": _above_chance(classes, inside, seed),
        "of_labels": _above_chance(names, inside, seed),
    }


def _above_chance(classes: np.ndarray, clusters: np.ndarray, seed: int) -> float:
    """Return (NMI − control) / (1 − control)."""
    value = float(normalized_mutual_info(contingency_table(classes, clusters)))
    controls = _shuffled(classes, clusters, lambda rng: rng.permutation(len(classes)), seed)
    control = float(np.mean([normalized_mutual_info(table) for table in controls]))
    return (value - control) / (1 - control) if control < 1 else 0.0


def _shuffled(
    classes: np.ndarray, clusters: np.ndarray, order: Callable[[np.random.Generator], np.ndarray], seed: int
) -> list[np.ndarray]:
    """Return the contingency tables of shuffled classes."""
    rng = np.random.default_rng(seed)
    return [contingency_table(classes[order(rng)], clusters) for _ in range(N_SHUFFLES)]


def _varies(values: np.ndarray) -> bool:
    """Return whether there are two values or more, and tracks that share one."""
    known = values[values != ""]
    n_values = len(set(known.tolist()))
    return 2 <= n_values < len(known)


def _is_same_partition(values: np.ndarray, truth: np.ndarray) -> bool:
    """Return whether values and labels split the tracks in the same way."""
    pairs = set(zip(values.tolist(), truth.tolist()))
    return len(pairs) == len({value for value, _ in pairs}) == len({label for _, label in pairs})
