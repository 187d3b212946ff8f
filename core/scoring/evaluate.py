"""All metrics of one clustering, and their value by chance, as JSON-ready data."""

import math

import numpy as np

from core.clustering.clusterer import Clusterer
from core.scoring import contingency, metrics
from core.scoring.centroid_scores import centroid_scores
from core.scoring.metric_specs import EXTERNAL, INTERNAL
from core.scoring.metrics import Truth

Note = dict[str, str | int]
"""A remark on one metric: ``reason``, a code, and the numbers that belong to it."""


def evaluate(X: np.ndarray, labels: np.ndarray, truth: Truth | None = None, seed: int = 0) -> dict:
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
        Seed of the sample on which Silhouette is computed above 10,000 tracks.

    Returns
    -------
    dict
        JSON-ready: ``n_tracks``, ``n_labelled``, ``n_clusters``, ``noise_share`` (0 … 1), ``scores`` (metric
        → value, None where undefined) and ``notes`` (metric → :data:`Note`). The reasons are ``all_noise,
        no_tracks, one_cluster, one_cluster_and_noise, singletons, zero_scatter, unlabelled, one_label`` where
        a metric is undefined, and ``sampled`` (with ``n_sampled, n_tracks``) where it was computed on a
        sample. External metrics are left out without ``truth``.

    Raises
    ------
    ConfigError
        When lengths don't match or ``X`` is not finite.
    """
    labels = np.asarray(labels)
    clustered, clusters = metrics.validate_internal(X, labels)
    n_clusters, n_noise = len(np.unique(labels[labels != -1])), int((labels == -1).sum())
    scores = {
        "silhouette": metrics.silhouette_of(clustered, clusters, seed),
        **centroid_scores(clustered, clusters),
    }
    notes: dict[str, Note] = {}
    for name in INTERNAL:
        if not math.isfinite(scores[name]):
            notes[name] = {"reason": _undefined_reason(len(clustered), n_clusters, n_noise)}
    n_sampled = metrics.SILHOUETTE_SAMPLE
    if len(clustered) > n_sampled and "silhouette" not in notes:
        notes["silhouette"] = {"reason": "sampled", "n_sampled": n_sampled, "n_tracks": len(clustered)}

    n_labelled = 0
    if truth is not None:
        external, reason = score_external(truth, labels)
        scores |= external
        if reason:
            notes |= {name: {"reason": reason} for name in EXTERNAL}
        n_labelled = int(metrics.is_labelled(truth).sum())
    return {
        "n_tracks": len(labels),
        "n_labelled": n_labelled,
        "n_clusters": n_clusters,
        "noise_share": n_noise / len(labels) if len(labels) else 0.0,
        "scores": {name: json_number(value) for name, value in scores.items()},
        "notes": notes,
    }


def score_external(truth: Truth, labels: np.ndarray) -> tuple[dict[str, float], str]:
    """Return the external metrics and, where they are nan, the reason's code."""
    classes, clusters = metrics.validate_external(truth, labels)
    n_classes = len(np.unique(classes))
    if n_classes < 2:
        return dict.fromkeys(EXTERNAL, math.nan), "one_label" if n_classes else "unlabelled"
    table = contingency.contingency_table(classes, clusters)
    return {name: float(metric(table)) for name, metric in contingency.EXTERNAL_METRICS.items()}, ""


def json_number(value: float | np.floating) -> float | None:
    """Return a float that JSON can represent: None for nan and infinity."""
    return float(value) if math.isfinite(value) else None


def _undefined_reason(n_clustered: int, n_clusters: int, n_noise: int) -> str:
    """Return the code of why an internal metric is undefined."""
    if not n_clustered:
        return "all_noise" if n_noise else "no_tracks"
    if n_clusters == 1:
        return "one_cluster_and_noise" if n_noise else "one_cluster"
    return "singletons" if n_clusters == n_clustered else "zero_scatter"


def control_scores(
    X: np.ndarray,
    clusterer: Clusterer,
    labels: np.ndarray,
    truth: Truth | None = None,
    seed: int = 0,
    n_shuffles: int = 20,
) -> dict[str, float | None]:
    """Score the clustering against shuffled labels, and the clusterer on column-permuted data.

    External metrics: ``truth`` is shuffled among the labelled tracks; mean over ``n_shuffles``. Internal
    metrics: every column of ``X`` is permuted independently, which preserves the marginal distributions and
    destroys the dependence between features; the clusterer is fitted and scored on the result.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    clusterer : Clusterer
        A config of :data:`core.clustering.CLUSTERERS`.
    labels : ndarray of int, shape=(n_tracks,)
        Clusters of ``X`` by ``clusterer``.
    truth : sequence of str, length n_tracks, optional
    seed, n_shuffles : int

    Returns
    -------
    dict
        Metric → control value; None where it is undefined (e.g. one cluster in the permuted data).
    """
    rng = np.random.default_rng(seed)
    labels = np.asarray(labels)
    permuted = rng.permuted(np.asarray(X), axis=0)
    scores = evaluate(permuted, clusterer.fit(permuted, seed), seed=seed)["scores"]
    values = {name: scores[name] for name in INTERNAL}
    if truth is not None:
        rows = np.flatnonzero(metrics.is_labelled(truth))
        names = np.array([str(truth[int(i)]) for i in rows], dtype=np.object_)
        shuffled = [score_external(rng.permutation(names), labels[rows])[0] for _ in range(n_shuffles)]
        values |= {name: json_number(np.mean([scores[name] for scores in shuffled])) for name in EXTERNAL}
    return values
