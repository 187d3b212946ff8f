"""Chance-level controls: the value of every metric on data without structure."""

import numpy as np

from core.clustering.clusterer import Clusterer
from core.scoring.evaluate import evaluate, json_number, score_external
from core.scoring.metric_specs import EXTERNAL, INTERNAL
from core.scoring.metrics import Truth, is_labelled


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
        rows = np.flatnonzero(is_labelled(truth))
        names = np.array([str(truth[int(i)]) for i in rows], dtype=np.object_)
        shuffled = [score_external(rng.permutation(names), labels[rows])[0] for _ in range(n_shuffles)]
        values |= {name: json_number(np.mean([scores[name] for scores in shuffled])) for name in EXTERNAL}
    return values
