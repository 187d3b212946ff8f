"""Scores of predicted label sets.

Task
    Every track carries a set of labels (its genres), and a model gives a probability for each.
    *Example-based* metrics turn probabilities into a set per track and compare the two sets track by track;
    *average precision* looks at one label at a time, at how the tracks are ranked by its probability, and
    needs no threshold.

Conventions
    ``truth`` is bool and ``probability`` lies in [0, 1], both of shape (n_tracks, n_classes). A label is
    predicted where its probability is above the threshold, strictly. Two empty sets agree, which counts 1 in
    each example-based metric; where only the denominator is empty (nothing predicted, for precision; nothing
    true, for recall) the track counts 0. Tracks of equal probability share one threshold. A class that no
    track carries has no average precision (nan) and is left out of the mean; how many those are is told.
    Without a track, or without a class, a metric is nan.

Metrics
    Example-based: :func:`accuracy` (Jaccard), :func:`precision`, :func:`recall`, :func:`f1`.
    Per class: :func:`average_precision`, of which the mean is "mAP".

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
"""Sigmoid(-1.5), about 0.182, the published threshold: a label counts as predicted long before it is likelier than not."""
SCORES = ("accuracy", "precision", "recall", "f1", "mean_average_precision")
"""What :func:`evaluate` gives, each in [0, 1], 1 best."""


def validate(truth: np.ndarray, probability: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ``truth`` as bool and ``probability`` as float64, both (n_tracks, n_classes); refuse what doesn't fit."""
    truth, probability = np.asarray(truth), np.asarray(probability, np.float64)
    if truth.ndim != 2:
        raise ConfigError(f"truth must have shape (n_tracks, n_classes), not {truth.shape}")
    if truth.shape != probability.shape:
        raise ConfigError(
            f"truth has shape {truth.shape} but probability {probability.shape}; do rows and classes belong "
            "together?"
        )
    if truth.dtype != bool:
        odd = truth[(truth != 0) & (truth != 1)]
        if odd.size:
            raise ConfigError(
                f"truth holds {odd.flat[0]}; it must be true or false for each class. Are these numbers of "
                "labels?"
            )
    if not np.isfinite(probability).all():
        raise ConfigError("probability holds NaN or infinity; did training go astray?")
    if probability.size and not (probability.min() >= 0 and probability.max() <= 1):
        raise ConfigError(
            f"probability reaches from {probability.min():.3g} to {probability.max():.3g} and must lie in "
            "[0, 1]. Are these logits?"
        )
    return truth.astype(bool), probability


# Example-based: of sets Y (true) and P (predicted), both (n_tracks, n_classes), bool


def accuracy(Y: np.ndarray, P: np.ndarray) -> float:
    """Return the mean over tracks of |Y ∩ P| / |Y ∪ P|, the Jaccard index; equation 5.1. 1 is best, 0 worst."""
    return _mean_ratio((Y & P).sum(1), (Y | P).sum(1), Y, P)


def precision(Y: np.ndarray, P: np.ndarray) -> float:
    """Return the mean over tracks of |Y ∩ P| / |P|: which share of what is predicted is true; equation 5.2."""
    return _mean_ratio((Y & P).sum(1), P.sum(1), Y, P)


def recall(Y: np.ndarray, P: np.ndarray) -> float:
    """Return the mean over tracks of |Y ∩ P| / |Y|: which share of what is true is predicted; equation 5.3."""
    return _mean_ratio((Y & P).sum(1), Y.sum(1), Y, P)


def f1(Y: np.ndarray, P: np.ndarray) -> float:
    """Return the mean over tracks of 2 |Y ∩ P| / (|Y| + |P|), each track's harmonic mean of both; equation 5.4."""
    return _mean_ratio(2 * (Y & P).sum(1), Y.sum(1) + P.sum(1), Y, P)


def _mean_ratio(above: np.ndarray, below: np.ndarray, Y: np.ndarray, P: np.ndarray) -> float:
    """Return the mean of above / below; 1 where both sets are empty, 0 where only the denominator is."""
    if not len(Y) or not Y.shape[1]:
        return math.nan
    agree_on_nothing = ~(Y.any(1) | P.any(1))
    return float(np.where(agree_on_nothing, 1.0, above / np.maximum(below, 1)).mean())


# Per class


def average_precision(truth: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Return each class's average precision, the precision averaged over the gains in recall as the threshold falls.

    ``AP_c = Σ_n (R_n - R_{n-1}) P_n``, equation 5.7, where the n-th threshold is the n-th largest probability
    and tracks at the threshold count as predicted, so that the first prediction is one track. (5.6 prints a
    strict >, with which it would be none.)

    Parameters
    ----------
    truth : ndarray of bool, shape=(n_tracks, n_classes)
    probability : ndarray, shape=(n_tracks, n_classes)
        Only its order within a class matters.

    Returns
    -------
    ndarray, shape=(n_classes,)
        1 is best: all tracks of the class stand before all others. An order by chance gives about the share
        of the tracks that carry it. nan for a class that none carries.
    """
    truth, probability = validate(truth, probability)
    return np.array([_average_precision(y, z) for y, z in zip(truth.T, probability.T)], np.float64)


def _average_precision(y: np.ndarray, z: np.ndarray) -> float:
    """Return one class's average precision of y (n,), bool, and z (n,)."""
    if not y.any():
        return math.nan
    order = np.argsort(-z, kind="stable")
    hits = np.cumsum(y[order])
    ends = np.flatnonzero(np.append(np.diff(z[order]) != 0, True))  # last of each group of equal probability
    return float(np.sum(np.diff(hits[ends], prepend=0) / hits[-1] * hits[ends] / (ends + 1)))


def evaluate(truth: np.ndarray, probability: np.ndarray, threshold: float = THRESHOLD) -> dict[str, float]:
    """Return every metric of this module.

    Parameters
    ----------
    truth : ndarray of bool, shape=(n_tracks, n_classes)
    probability : ndarray, shape=(n_tracks, n_classes), in [0, 1]
    threshold : float in [0, 1]
        A label is predicted where its probability is above this.

    Returns
    -------
    dict
        ``accuracy, precision, recall, f1, mean_average_precision`` (in [0, 1], 1 best; nan where undefined),
        and ``n_tracks``, ``n_classes`` and ``n_classes_left_out``: those that no track carries, which the
        mean average precision leaves out.

    Raises
    ------
    ConfigError
        When shapes don't fit, or values can't be what they should be.
    """
    truth, probability = validate(truth, probability)
    if not 0 <= threshold <= 1:
        raise ConfigError(f"threshold={threshold} must lie in [0, 1]: it is a probability")
    predicted = probability > threshold
    per_class = average_precision(truth, probability)
    known = per_class[~np.isnan(per_class)]
    return {
        "accuracy": accuracy(truth, predicted),
        "precision": precision(truth, predicted),
        "recall": recall(truth, predicted),
        "f1": f1(truth, predicted),
        "mean_average_precision": float(known.mean()) if len(known) else math.nan,
        "n_tracks": len(truth),
        "n_classes": truth.shape[1],
        "n_classes_left_out": truth.shape[1] - len(known),
    }
