"""Gain of a fused clustering on the better single modality, measured against labels."""

from collections.abc import Sequence

import numpy as np

from core.scoring.contingency import adjusted_rand, contingency_table
from core.scoring.metrics import validate_external

N_RESAMPLES = 500


def fusion_gain(
    truth: Sequence[str],
    fused: np.ndarray,
    audio: np.ndarray,
    text: np.ndarray,
    *,
    seed: int = 0,
    n_resamples: int = N_RESAMPLES,
) -> dict:
    """Return the gain in adjusted Rand index of a fused clustering on the better single modality.

    ``gain = ARI(fused) − max(ARI(audio), ARI(text))``; regret is −gain. The interval is a paired bootstrap
    over labelled tracks: each resample scores both clusterings on the same tracks, against the modality that
    is better on all tracks, so that this choice adds no variance.

    Parameters
    ----------
    truth : sequence of str, length n_tracks
        "" where unknown; those tracks are left out.
    fused, audio, text : ndarray of int, shape=(n_tracks,)
        Clusters; -1 is noise and counts as one cluster. Pass only tracks that have both modalities: one
        without a modality has no cluster in it.

    Returns
    -------
    dict
        ``better`` ("audio" or "text"), ``audio``, ``text``, ``fused`` (adjusted Rand index each), ``gain``,
        ``regret``, ``interval`` (of the gain, 95 %), ``n_labelled``.
    """
    classes = validate_external(truth, fused)[0]
    clusters = {
        name: validate_external(truth, labels)[1]
        for name, labels in {"fused": fused, "audio": audio, "text": text}.items()
    }

    def ari(name: str, rows: np.ndarray) -> float:
        return float(adjusted_rand(contingency_table(classes[rows], clusters[name][rows])))

    scores = {name: ari(name, np.arange(len(classes))) for name in clusters}
    better = max(("audio", "text"), key=lambda modality: scores[modality])
    rng = np.random.default_rng(seed)
    gains = []
    for _ in range(n_resamples):
        rows = rng.integers(len(classes), size=len(classes))
        gains.append(ari("fused", rows) - ari(better, rows))
    low, high = np.percentile(gains, [2.5, 97.5])
    gain = scores["fused"] - scores[better]
    return {
        **{name: round(value, 4) for name, value in scores.items()},
        "better": better,
        "gain": round(gain, 4),
        "regret": round(-gain, 4) + 0.0,
        "interval": [round(float(low), 4), round(float(high), 4)],
        "n_labelled": len(classes),
    }
