"""Scores of predicted label sets.

Task
    Every track has a set of labels (its genres), and a model predicts a probability for each.
    *Example-based* metrics threshold the probabilities and compare the two label sets track by track;
    *average precision* scores the ranking of tracks by the probability of one label, without a threshold.

Conventions
    ``truth`` is bool and ``probability`` is in [0, 1], both of shape (n_tracks, n_classes). A label is
    predicted where its probability is strictly above the threshold. Two empty sets agree, which counts 1 in
    each example-based metric; where only the denominator is empty (nothing predicted, for precision; nothing
    true, for recall) the track counts 0. Tracks of equal probability share one threshold. A class without
    tracks has no average precision (nan); it is left out of the mean and counted. Without tracks or classes a
    metric is nan.

Metrics
    Example-based: :func:`accuracy` (Jaccard), :func:`precision`, :func:`recall`, :func:`f1`.
    Per class: :func:`average_precision`, of which the mean is "mAP", and F1, of which the mean over the
    classes that occur or are predicted is "macro F1".

References
----------
Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, 2024, section 5.2.2,
equations 5.1 to 5.7. Godbole & Sarawagi, "Discriminative Methods for Multi-labeled Classification", 2004: the
example-based ones.
"""

import math

import numpy as np

from core.errors import ConfigError

THRESHOLD = 1 / (1 + math.exp(1.5))
"""Sigmoid(-1.5), about 0.182: the published threshold, well below 0.5."""

SCORES = ("accuracy", "precision", "recall", "f1", "mean_average_precision")
"""The published metrics of :func:`evaluate`, each in [0, 1], 1 best."""
MACRO_F1 = "macro_f1"


def validate(truth: np.ndarray, probability: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ``truth`` as bool and ``probability`` as float64, both of shape (n_tracks, n_classes).

    Raises
    ------
    ConfigError
        When shapes don't match, or values are no probabilities.
    """
    truth, probability = np.asarray(truth), np.asarray(probability, np.float64)
    if truth.ndim != 2:
        raise ConfigError(f"truth must have shape (n_tracks, n_classes), not {truth.shape}")
    if truth.shape != probability.shape:
        raise ConfigError(
            f"truth has shape {truth.shape} but probability {probability.shape}; do rows and classes belong "
            "together?"
        )
    if not np.isfinite(probability).all():
        raise ConfigError("probability holds NaN or infinity; did training diverge?")
    if probability.size and not (probability.min() >= 0 and probability.max() <= 1):
        raise ConfigError(
            f"probability ranges from {probability.min():.3g} to {probability.max():.3g} and must be in "
            "[0, 1]. Are these logits?"
        )
    return truth.astype(bool), probability


def example_scores(Y: np.ndarray, P: np.ndarray) -> dict[str, np.ndarray]:
    """Return the scores of each track's sets Y (true) and P (predicted), shape=(n_tracks,), 1 best.

    ``accuracy`` |Y ∩ P| / |Y ∪ P|, the Jaccard index; ``precision`` |Y ∩ P| / |P|; ``recall`` |Y ∩ P| / |Y|;
    ``f1`` 2 |Y ∩ P| / (|Y| + |P|) (equations 5.1 to 5.4). 1 where both sets are empty, 0 where only a
    denominator is 0.

    Parameters
    ----------
    Y, P : ndarray of bool, shape=(n_tracks, n_classes)
    """
    n_both, n_true, n_predicted = (Y & P).sum(1), Y.sum(1), P.sum(1)
    ratios = {
        "accuracy": (n_both, (Y | P).sum(1)),
        "precision": (n_both, n_predicted),
        "recall": (n_both, n_true),
        "f1": (2 * n_both, n_true + n_predicted),
    }
    both_empty = n_true + n_predicted == 0
    return {
        name: np.where(both_empty, 1.0, above / np.maximum(below, 1))
        for name, (above, below) in ratios.items()
    }


def average_precision(truth: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Return the average precision of each class.

    ``AP_c = Σ_n (R_n - R_{n-1}) P_n``, equation 5.7, where the n-th threshold is the n-th largest probability
    and tracks at the threshold count as predicted, so that the first prediction is one track. (Equation 5.6
    prints a strict >, under which there would be none.)

    Parameters
    ----------
    truth : ndarray of bool, shape=(n_tracks, n_classes)
    probability : ndarray, shape=(n_tracks, n_classes)
        Only the order within a class matters.

    Returns
    -------
    ndarray, shape=(n_classes,)
        1 is best: all tracks of the class rank above all others. A random ranking gives about the share of
        the class. nan for a class without tracks.
    """
    truth, probability = validate(truth, probability)
    once = np.ones((1, len(truth)))
    return np.array(
        [weighted_average_precision(y, p, once)[0] for y, p in zip(truth.T, probability.T)], np.float64
    )


def weighted_average_precision(y: np.ndarray, probability: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return one class's average precision for many weightings of the tracks.

    Parameters
    ----------
    y : ndarray of bool, shape=(n,)
    probability : ndarray, shape=(n,)
        Predicted probability of the class.
    weights : ndarray, shape=(m, n)
        An integer weight equals that many copies of the track.

    Returns
    -------
    ndarray, shape=(m,)
        nan where no track of the class has weight; see :func:`average_precision`.
    """
    if not y.any():
        return np.full(len(weights), np.nan)
    order = np.argsort(-probability, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(probability[order]) != 0, True))
    hits = np.cumsum(weights[:, order] * y[order], axis=1)[:, ends]
    n = np.cumsum(weights[:, order], axis=1)[:, ends]
    gains = np.diff(hits, axis=1, prepend=0) * hits / np.maximum(n, 1e-12)
    with np.errstate(invalid="ignore"):
        return gains.sum(1) / np.where(hits[:, -1] > 0, hits[:, -1], np.nan)


def macro_f1(Y: np.ndarray, P: np.ndarray) -> float:
    """Return the mean over classes of F1, 2 |Y ∩ P| / (|Y| + |P|) over tracks; 1 best.

    Classes that no track has and that are never predicted are left out; nan where all are.

    Parameters
    ----------
    Y, P : ndarray of bool, shape=(n_tracks, n_classes)
    """
    either = Y.sum(0) + P.sum(0)
    occurs = either > 0
    return float((2 * (Y & P).sum(0)[occurs] / either[occurs]).mean()) if occurs.any() else math.nan


def evaluate(
    truth: np.ndarray, probability: np.ndarray, threshold: float = THRESHOLD, *, single: bool = False
) -> dict[str, float]:
    """Return every metric of this module.

    Parameters
    ----------
    truth : ndarray of bool, shape=(n_tracks, n_classes)
    probability : ndarray, shape=(n_tracks, n_classes), in [0, 1]
    threshold : float in [0, 1]
        A label is predicted where its probability is above this.
    single : bool
        Whether the most probable label alone is predicted, whatever the threshold.

    Returns
    -------
    dict
        ``accuracy, precision, recall, f1, mean_average_precision, macro_f1`` (in [0, 1], 1 best; nan where
        undefined), and ``n_tracks``, ``n_classes`` and ``n_classes_left_out``: classes without tracks, left
        out of the mean average precision.

    Raises
    ------
    ConfigError
        When shapes don't match, or values are no probabilities.
    """
    truth, probability = validate(truth, probability)
    predicted = probability > threshold
    if single:
        predicted = probability.argmax(1)[:, None] == np.arange(probability.shape[1])
    of_tracks = example_scores(truth, predicted)
    per_class = average_precision(truth, probability)
    defined = per_class[~np.isnan(per_class)]
    return {
        **{name: float(values.mean()) if truth.size else math.nan for name, values in of_tracks.items()},
        "mean_average_precision": float(defined.mean()) if len(defined) else math.nan,
        MACRO_F1: macro_f1(truth, predicted),
        "n_tracks": len(truth),
        "n_classes": truth.shape[1],
        "n_classes_left_out": truth.shape[1] - len(defined),
    }
