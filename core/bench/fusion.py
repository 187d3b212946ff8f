"""Benchmark: ARI of each fusion on simulated data where each modality is uninformative for some tracks.

ARI of K-Means with k = 8 against the genres, on the dataset of :mod:`core.simulated.modalities`, five seeds.
"""

import numpy as np
import pandas as pd

from core.errors import ConfigError
from core.progress import Progress, silent

N_SEEDS = 5
COMPARED = ("concat", "per-track", "graph", "learned", "auto")
TAKE_CUES = ("per-track", "auto")
SHUFFLES = ("shuffled_cues", "shuffled_rows")
"""Ways to make cues worthless, see :func:`shuffle_cues`."""
WEIGHTS = tuple(round(w / 10, 1) for w in range(11))


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
        :func:`shuffle_cues`; SHUFFLE is ``shuffled_cues`` or ``shuffled_rows``. ``X_vs_single`` and
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
    figures: dict[str, float | list[float]] = {name: round(float(table[name].mean()), 4) for name in rows[0]}
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


def score_seed(seed: int, cue_reliability: float) -> tuple[dict[str, float], dict[str, str]]:
    """Return each fusion's ARI on the dataset of one seed, and the fusions that ``auto`` selected."""
    from core.clustering import clusterer_spec
    from core.fusion import fusion_spec
    from core.fusion.standardise import standardise
    from core.scoring.metrics import adjusted_rand
    from core.simulated.modalities import CUES, Recipe, make_modalities

    data = make_modalities(seed, Recipe(cue_reliability=cue_reliability))
    audio, text = standardise(data.audio), standardise(data.text)
    given = {"cues": pd.DataFrame(data.cues, columns=list(CUES)), "seed": seed}
    clusterer = clusterer_spec("kmeans").load()(n_clusters=8)

    def ari(X: np.ndarray) -> float:
        return float(adjusted_rand(data.label, clusterer.fit(X, seed=seed)))

    fused = {
        name.replace("-", "_"): fusion_spec(name).load()().fuse(audio, text, **given) for name in COMPARED
    }
    for shuffle in SHUFFLES:
        given["cues"] = pd.DataFrame(shuffle_cues(data.cues, shuffle, seed), columns=list(CUES))
        for name in TAKE_CUES:
            fused[f"{name.replace('-', '_')}_{shuffle}"] = (
                fusion_spec(name).load()().fuse(audio, text, **given)
            )
    by_weight = {w: ari(fusion_spec("weighted").load()(w).fuse(audio, text).X) for w in WEIGHTS}
    scores = {"audio": ari(audio), "text": ari(text)}
    scores |= {"weighted_best": max(by_weight.values()), "weighted_half": by_weight[0.5]}
    scores |= {name: ari(result.X) for name, result in fused.items()}
    picked = {
        name.replace("auto", "picked"): fused[name].details["picked"] for name in fused if "auto" in name
    }
    return scores, picked


def shuffle_cues(cues: np.ndarray, shuffle: str, seed: int) -> np.ndarray:
    """Return cues of shape (n_tracks, n_cues) that carry nothing about their tracks.

    ``shuffled_cues``: each cue is shuffled over the tracks on its own, so that cues don't agree with each
    other either. ``shuffled_rows``: all cues of a track go to another one, so that they agree with each other
    as before; agreement can't reveal that they are worthless.
    """
    rng = np.random.default_rng(seed)
    return rng.permuted(cues, axis=0) if shuffle == "shuffled_cues" else rng.permutation(cues, axis=0)


def interval_of(differences: pd.Series) -> list[float]:
    """Return the 95 % t-interval of a mean over seeds (Student 1908)."""
    from scipy.stats import t

    half = t.ppf(0.975, len(differences) - 1) * differences.std(ddof=1) / np.sqrt(len(differences))
    return [round(float(differences.mean() - half), 4), round(float(differences.mean() + half), 4)]
