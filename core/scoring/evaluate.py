"""All scores of one clustering, at once and as JSON."""

import math
from collections.abc import Sequence

import numpy as np

from core.scoring import contingency, metrics
from core.scoring.metric_specs import EXTERNAL, INTERNAL


def evaluate(X: np.ndarray, labels: np.ndarray, truth: Sequence | None = None, seed: int = 0) -> dict:
    """Score one clustering by every metric that applies.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
        The representation that was clustered.
    labels : ndarray of int, shape=(n_tracks,)
        Clusters, -1 is noise.
    truth : sequence of str, length n_tracks, optional
        Labels to compare with; "" and None are unlabelled.
    seed : int
        Of the sample on which Silhouette is computed above 10,000 tracks.

    Returns
    -------
    dict
        JSON-ready: ``n_tracks``, ``n_labelled``, ``n_clusters``, ``noise_share`` (0 … 1), ``scores`` (metric
        → value, None where it is not defined) and ``notes`` (metric → why it is not defined, or how it was
        computed where that is not the plain way). External metrics are left out without ``truth``.

    Raises
    ------
    ConfigError
        When rows don't fit together or ``X`` is not finite.
    """
    labels = np.asarray(labels)
    clustered, _ = metrics.validate_internal(X, labels)
    n_clusters, n_noise = len(np.unique(labels[labels != -1])), int((labels == -1).sum())
    values = {name: getattr(metrics, name) for name in INTERNAL}
    scores = {
        name: float(of(X, labels, seed) if name == "silhouette" else of(X, labels))
        for name, of in values.items()
    }
    notes = {}
    for name in INTERNAL:
        if not math.isfinite(scores[name]):
            notes[name] = _why_undefined(len(clustered), n_clusters, n_noise)
    if len(clustered) > metrics.SILHOUETTE_SAMPLE and "silhouette" not in notes:
        notes["silhouette"] = (
            f"computed on a random sample of {metrics.SILHOUETTE_SAMPLE:,} of {len(clustered):,} tracks"
        )

    n_labelled = 0
    if truth is not None:
        external, reason = score_external(truth, labels)
        scores |= external
        notes |= {name: reason for name in EXTERNAL if reason}
        n_labelled = int(metrics.labelled(truth).sum())
    return {
        "n_tracks": len(labels),
        "n_labelled": n_labelled,
        "n_clusters": n_clusters,
        "noise_share": n_noise / len(labels) if len(labels) else 0.0,
        "scores": {name: json_number(value) for name, value in scores.items()},
        "notes": notes,
    }


def score_external(truth: Sequence, labels: np.ndarray) -> tuple[dict[str, float], str]:
    """Return the external metrics and, where they are nan, the reason."""
    known, found = metrics.validate_external(truth, labels)
    n_classes = len(np.unique(known))
    if n_classes < 2:
        reason = "no track has a label" if not n_classes else "all labelled tracks carry the same label"
        return dict.fromkeys(EXTERNAL, math.nan), reason
    table = contingency.contingency_table(known, found)
    return {name: float(getattr(contingency, name)(table)) for name in EXTERNAL}, ""


def json_number(value: float) -> float | None:
    """Return a number that JSON knows: None for nan and infinity."""
    return float(value) if math.isfinite(value) else None


def _why_undefined(n_clustered: int, n_clusters: int, n_noise: int) -> str:
    """Say why an internal metric has no value."""
    if not n_clustered:
        return "every track is noise" if n_noise else "there are no tracks"
    if n_clusters == 1:
        return "there is only one cluster" + (" besides noise" if n_noise else "")
    if n_clusters == n_clustered:
        return "every track is a cluster of its own"
    return "every track stands exactly on its cluster's centre"
