"""The text weight of the tracks of a group: mean, interval and distribution."""

import numpy as np

from core.collection import Collection
from core.fusion import fusion_spec
from core.pipeline.choice import Choice
from core.pipeline.space import Space, represent_modalities
from core.progress import Progress, silent

N_BINS = 10
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def text_weights_of(
    collection: Collection, space: Space, choice: Choice, progress: Progress = silent
) -> np.ndarray | None:
    """Return the text weight of each track of a space, 0 (audio) to 1 (text), shape=(n,).

    In a fusion with one text weight, a track that lacks a modality has 0 or 1. None where nothing is fused or
    the fusion has no text weights.
    """
    if choice.modality != "fused":
        return None
    if space.weights is not None:
        return space.weights["text_weight"].to_numpy(float)
    if not fusion_spec(choice.fusion).takes_weight:
        return None
    parts = represent_modalities(collection, choice, progress)
    has_audio, has_text = (parts[m].present[space.rows] for m in ("audio", "text"))
    return np.where(has_audio & has_text, choice.text_weight, np.where(has_text, 1.0, 0.0))


def describe_weights(weights: np.ndarray) -> dict | None:
    """Describe the text weights of a group.

    Parameters
    ----------
    weights : ndarray, shape=(n_tracks,)
        0 to 1, nan where undefined.

    Returns
    -------
    dict or None
        ``n`` tracks with a weight, ``mean``, ``interval`` (95 %, Student's, None with one track), ``std``,
        ``p10, p25, p50, p75, p90`` and ``counts``, the tracks in ten equal bins from 0 to 1. None without
        any.
    """
    known = weights[np.isfinite(weights)]
    if not len(known):
        return None
    from core.scoring.statistics.t_interval import interval_of

    interval = [float(np.clip(end, 0, 1)) for end in interval_of(known)] if len(known) > 1 else None
    return {
        "n": len(known),
        "mean": float(known.mean()),
        "interval": interval,
        "std": float(known.std(ddof=1)) if len(known) > 1 else None,
        **{f"p{100 * q:.0f}": float(np.quantile(known, q)) for q in QUANTILES},
        "counts": np.histogram(known, N_BINS, (0.0, 1.0))[0].tolist(),
    }
