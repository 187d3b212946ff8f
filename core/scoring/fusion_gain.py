"""Was fusing worth it? A fused clustering beside those of each modality alone, where there are labels to judge by."""

from collections.abc import Sequence

import numpy as np

from core.scoring.metrics import adjusted_rand

N_RESAMPLES = 500


def compare_with_single(
    truth: Sequence[str],
    fused: np.ndarray,
    audio: np.ndarray,
    text: np.ndarray,
    *,
    seed: int = 0,
    n_resamples: int = N_RESAMPLES,
) -> dict:
    """Return how much a fused clustering gains on the better single modality.

    ``gain = ARI(fused) − max(ARI(audio), ARI(text))``, and regret is −gain. The interval is a paired
    bootstrap over labelled tracks: each resample scores all three clusterings on the same tracks, and takes
    the modality that is the better one on all of them, so that the choice of the better one is no part of the
    noise.

    Parameters
    ----------
    truth : sequence of str, shape=(n_tracks,)
        "" where unknown; those tracks take no part.
    fused, audio, text : ndarray of int, shape=(n_tracks,)
        Clusters, -1 for noise, which counts as one cluster. Only tracks that have both modalities belong
        here: one that lacks a modality is in no cluster of it.

    Returns
    -------
    dict
        ``better`` ("audio" or "text"), ``audio``, ``text``, ``fused`` (adjusted Rand index each), ``gain``,
        ``regret``, ``interval`` (of the gain, 95 %), ``n_labelled``.
    """
    known = np.array([bool(label) for label in truth])
    codes = np.unique(np.asarray(truth, dtype=object)[known].astype(str), return_inverse=True)[1]
    groups = {"fused": fused[known], "audio": audio[known], "text": text[known]}
    scores = {name: float(adjusted_rand(codes, labels)) for name, labels in groups.items()}
    better = max(("audio", "text"), key=scores.get)
    rng = np.random.default_rng(seed)
    gains = []
    for _ in range(n_resamples):
        some = rng.integers(len(codes), size=len(codes))
        gains.append(
            adjusted_rand(codes[some], groups["fused"][some])
            - adjusted_rand(codes[some], groups[better][some])
        )
    low, high = np.percentile(gains, [2.5, 97.5])
    gain = scores["fused"] - scores[better]
    return {
        **{name: round(value, 4) for name, value in scores.items()},
        "better": better,
        "gain": round(gain, 4),
        "regret": round(-gain, 4) + 0.0,
        "interval": [round(float(low), 4), round(float(high), 4)],
        "n_labelled": int(known.sum()),
    }
