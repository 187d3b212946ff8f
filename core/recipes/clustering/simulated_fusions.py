"""ARI of each fusion on the simulated tracks whose audio and text mislead in turn."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

COMPARED = ("concat", "per-track", "graph", "learned", "auto")
TAKE_CUES = ("per-track", "auto")
SHUFFLES = ("shuffled_cues", "shuffled_rows")
"""Ways to make cues worthless, see :func:`shuffle_cues`."""
WEIGHTS = tuple(round(w / 10, 1) for w in range(11))


def score_seed(
    seed: int, cue_reliability: float, compared: Sequence[str] = COMPARED
) -> tuple[dict[str, float], dict[str, str]]:
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
        name.replace("-", "_"): fusion_spec(name).load()().fuse(audio, text, **given) for name in compared
    }
    for shuffle in SHUFFLES:
        given["cues"] = pd.DataFrame(shuffle_cues(data.cues, shuffle, seed), columns=list(CUES))
        for name in filter(TAKE_CUES.__contains__, compared):
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
