"""What a score would be if there were nothing to find: the number to hold every score against."""

from collections.abc import Sequence

import numpy as np

from core.scoring.evaluate import evaluate, json_number, score_external
from core.scoring.metric_specs import EXTERNAL, INTERNAL
from core.scoring.metrics import labelled


def control(
    X: np.ndarray,
    clusterer,
    labels: np.ndarray,
    truth: Sequence | None = None,
    seed: int = 0,
    n_shuffles: int = 20,
) -> dict[str, float | None]:
    """Score the same clustering against shuffled labels, and the same clusterer on data without structure.

    External metrics: ``truth`` is shuffled among the labelled tracks, mean over ``n_shuffles``. Internal
    metrics: every column of ``X`` is permuted on its own, which keeps each dimension's values and destroys
    what they have to do with one another; the clusterer runs on that and is scored there.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    clusterer : a config of :data:`core.clustering.CLUSTERERS`
    labels : ndarray of int, shape=(n_tracks,)
        What ``clusterer`` found in ``X``.
    truth : sequence of str, length n_tracks, optional
    seed, n_shuffles : int

    Returns
    -------
    dict
        Metric → control value; None where it is not defined (one cluster in the permuted data, say).
    """
    rng = np.random.default_rng(seed)
    labels = np.asarray(labels)
    permuted = rng.permuted(np.asarray(X), axis=0)
    scores = evaluate(permuted, clusterer.fit(permuted, seed), seed=seed)["scores"]
    values = {name: scores[name] for name in INTERNAL}
    if truth is not None:
        truth = list(truth)
        known = np.flatnonzero(labelled(truth))
        names, found = np.array([str(truth[i]) for i in known], dtype=object), labels[known]
        draws = [score_external(rng.permutation(names), found)[0] for _ in range(n_shuffles)]
        values |= {name: json_number(np.mean([draw[name] for draw in draws])) for name in EXTERNAL}
    return values
