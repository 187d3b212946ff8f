"""Benchmark: ARI of each fusion on simulated data where each modality is uninformative for some tracks.

ARI of K-Means with k = 8 against the genres, on the dataset of :mod:`core.simulated.modalities`, five seeds.
"""

import pandas as pd

from core.errors import ConfigError
from core.progress import Progress, silent
from core.recipes.clustering.simulated_fusions import SHUFFLES, score_seed
from core.scoring.statistics.t_interval import interval_of

N_SEEDS = 5


def run(progress: Progress = silent, *, first_seed: int = 0, cue_reliability: float = 0.7) -> dict:
    """Return mean ARI per fusion, and intervals of paired differences.

    Parameters
    ----------
    first_seed : int
        Seeds first_seed … first_seed + 4, for the simulated tracks and for clustering.
    cue_reliability : float in [0, 1]

    Returns
    -------
    dict
        Mean ARI over seeds: ``audio``, ``text``, ``concat``, ``weighted_best`` (the best fixed weight,
        chosen with the labels: an oracle), ``weighted_half``, ``per_track``, ``graph``, ``learned``,
        ``auto``. ``per_track_SHUFFLE`` and ``auto_SHUFFLE``: the same with worthless cues, see
        :func:`core.recipes.clustering.simulated_fusions.shuffle_cues`; SHUFFLE is ``shuffled_cues`` or
        ``shuffled_rows``. ``X_vs_single`` and
        ``X_vs_weighted_best`` for ``auto``, ``per_track`` and ``learned``, and
        ``per_track_vs_weighted_half``: [low, high], the 95 % t-interval over seeds of the difference to the
        better single modality, to the oracle, to w = ½. ``X_SHUFFLE_vs_weighted_best`` and
        ``X_SHUFFLE_vs_weighted_half``: the same for worthless cues. ``picked`` and ``picked_SHUFFLE``: the
        fusion that ``auto`` selected per seed. ``regret``: mean of the better single modality minus ``auto``.
    """
    if first_seed < 0:
        raise ConfigError(f"first_seed={first_seed} must be 0 or more")
    rows: list[dict[str, float]] = []
    selected: dict[str, list[str]] = {}
    for done, seed in enumerate(range(first_seed, first_seed + N_SEEDS)):
        progress(done, N_SEEDS, f"seed {seed}")
        scores, choice = score_seed(seed, cue_reliability)
        rows.append(scores)
        for name, picked in choice.items():
            selected.setdefault(name, []).append(picked)
    table = pd.DataFrame(rows)
    table["single"] = table[["audio", "text"]].max(axis=1)
    figures: dict[str, float | tuple[float, float]] = {
        name: round(float(table[name].mean()), 4) for name in rows[0]
    }
    figures |= {
        f"{name}_vs_{other}": interval_of(table[name] - table[other])
        for name in ("auto", "per_track", "learned")
        for other in ("single", "weighted_best")
    }
    figures["per_track_vs_weighted_half"] = interval_of(table["per_track"] - table["weighted_half"])
    figures |= {
        f"{name}_vs_{other}": interval_of(table[name] - table[other])
        for name in rows[0]
        if name.endswith(SHUFFLES)
        for other in ("weighted_best", "weighted_half")
    }
    figures["regret"] = round(float((table["single"] - table["auto"]).mean()), 4)
    return {
        **figures,
        **selected,
        "seeds": list(range(first_seed, first_seed + N_SEEDS)),
        "cue_reliability": cue_reliability,
    }
