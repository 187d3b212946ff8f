"""Automatic choice of a fusion by the stability of its clusters, without labels."""

import functools
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from core.config import Config, setting
from core.fusion.fuser import Fused, Fusion
from core.fusion.gate import single_threaded
from core.fusion.graph import MAX_TRACKS, Graph
from core.fusion.learned import MIN_TRACKS, Learned
from core.fusion.per_track import PerTrack
from core.fusion.standardise import centre
from core.fusion.weighted import Weighted
from core.progress import Progress, silent
from core.scoring.quality.shared_neighbours import shared_neighbours

SHARED_Z = 3.0
"""Least z of the neighbours that audio and text share; for unrelated texts one in 700 exceeds it."""

K_RANGE = (6, 8, 10, 12)
"""Numbers of clusters that replication is averaged over: fewer clusters replicate even without structure."""


@dataclass(frozen=True)
class Auto(Config):
    """Choose the fusion whose clusters replicate best.

    For each candidate (``weighted`` at ½, ``per-track`` where there are cues, ``graph``, ``learned``) the
    tracks that have both modalities are split into three parts, ``n_splits`` times. The first part is fused
    once together with the second and once together with the third, including scaling and everything the
    fusion learns (for speed the gate takes the number of prototypes from the fit to all tracks and 10
    steps, the graph's embedding 100 epochs); both results are clustered by k-means. The adjusted Rand index
    between the two labellings of the first part, averaged over k = 6, 8, 10, 12, measures stability. Some
    fusions produce stable clusters even in noise, so the same is measured with shuffled rows of text and cues
    as a control:

        replication = (measured − control) / (1 − control)

    1 means that the same clusters are found again, 0 no more than with the text of other tracks.

    Whether the modalities have anything in common is tested first, by the nearest neighbours that they share,
    a twentieth of the tracks or 10 (see :mod:`core.scoring.quality.shared_neighbours`). If they share no more
    than by chance (z < 3), no fusion can gain from their agreement and ``weighted`` is chosen. Otherwise the
    default is ``graph``, which is built on shared neighbours, or ``weighted`` with too many tracks for it;
    another candidate is chosen if it beats the default by more than twice the standard error of their
    difference over the splits.

    What replicates needn't match the labels, so the choice can be wrong: where there are labels, its regret
    against the better single modality is reported (see :mod:`core.scoring.fusion_gain`).

    References
    ----------
    Lange, Roth, Braun and Buhmann, "Stability-Based Validation of Clustering Solutions", Neural Computation
    2004. Tibshirani and Walther, "Cluster Validation by Prediction Strength", 2005.
    """

    name: ClassVar[str] = "auto"

    n_splits: int = setting(
        4,
        low=2,
        title="Splits",
        help="Random splits of the tracks that replication is averaged over; its standard error needs two.",
    )
    n_tracks: int = setting(
        1500,
        low=60,
        title="Tracks",
        help="Most tracks that replication is measured on, sampled with the seed.",
    )

    def fuse(
        self,
        audio: np.ndarray,
        text: np.ndarray,
        audio_present: np.ndarray | None = None,
        text_present: np.ndarray | None = None,
        *,
        cues: pd.DataFrame | None = None,
        seed: int = 0,
        progress: Progress = silent,
    ) -> Fused:
        """Return the result of the chosen fusion.

        Parameters are those of :class:`core.fusion.fuser.Fusion`; ``per-track`` is no candidate without cues.

        Returns
        -------
        Fused
            ``details``: those of :func:`choose`; ``left_out`` {candidate: reason}; ``of_picked``, the details
            of the chosen fusion; ``shared``, see
            :func:`core.scoring.quality.shared_neighbours.shared_neighbours`. With too few tracks to measure
            replication: ``picked`` = "weighted", ``replication`` = {}, ``n_both``, the tracks that have both
            modalities, and ``left_out``.
        """
        n = len(audio)
        has_a = np.ones(n, bool) if audio_present is None else np.asarray(audio_present, bool)
        has_t = np.ones(n, bool) if text_present is None else np.asarray(text_present, bool)
        both = np.flatnonzero(has_a & has_t)
        candidates, left_out = self._candidates(n, len(both), cues)
        if len(both) < MIN_TRACKS:
            fused = candidates["weighted"].fuse(audio, text, has_a, has_t)
            few = {"picked": "weighted", "replication": {}, "n_both": len(both), "left_out": left_out}
            return replace(fused, details=few)

        @functools.cache
        def fuse(name: str) -> Fused:
            return candidates[name].fuse(audio, text, has_a, has_t, cues=cues, seed=seed)

        n_steps = len(candidates) + 2
        progress(0, n_steps, "fusing learned" if "learned" in candidates else "comparing fusions")
        compared = dict(candidates)
        if "learned" in candidates:  # selecting the number of prototypes in every split would be too slow
            n_prototypes = fuse("learned").details["n_prototypes"]
            compared["learned"] = Learned(n_prototypes=n_prototypes, n_steps=10)
        if "graph" in candidates:
            compared["graph"] = Graph(n_epochs=100)
        sample = np.sort(np.random.default_rng([seed, 1]).permutation(both)[: self.n_tracks])
        sample_cues = None if cues is None else cues.iloc[sample].reset_index(drop=True)
        replications = {}
        for i, (name, fusion) in enumerate(compared.items()):
            progress(i + 1, n_steps, f"replication of {name}")
            replications[name] = measure_replication(
                fusion, audio[sample], text[sample], sample_cues, n_splits=self.n_splits, seed=seed
            )
        n_neighbours = max(10, len(sample) // 20)
        shared = shared_neighbours(
            centre(audio[sample]), centre(text[sample]), n_neighbours=n_neighbours, seed=seed
        )
        details = {**choose(replications, shared["z"]), "shared": shared}
        progress(n_steps - 1, n_steps, f"fusing {details['picked']}")
        picked = fuse(details["picked"])
        return replace(picked, details={**details, "left_out": left_out, "of_picked": picked.details})

    def _candidates(
        self, n: int, n_both: int, cues: pd.DataFrame | None
    ) -> tuple[dict[str, Fusion], dict[str, str]]:
        """Return the candidates that these tracks allow, and the reason for each that they don't."""
        candidates: dict[str, Fusion] = {"weighted": Weighted(0.5)}
        left_out = {}
        if cues is not None and cues.notna().any(axis=None):
            candidates["per-track"] = PerTrack()
        else:
            left_out["per-track"] = "no track has a cue"
        if n <= MAX_TRACKS:
            candidates["graph"] = Graph()
        else:
            left_out["graph"] = f"it takes at most {MAX_TRACKS:,} tracks"
        if 2 * (n_both // 3) >= MIN_TRACKS:  # two thirds of them are fused at a time
            candidates["learned"] = Learned()
        else:
            left_out["learned"] = (
                f"two thirds of the tracks with both modalities must be {MIN_TRACKS} or more"
            )
        return candidates, left_out


def measure_replication(
    fusion: Fusion,
    audio: np.ndarray,
    text: np.ndarray,
    cues: pd.DataFrame | None,
    *,
    n_splits: int,
    seed: int,
) -> np.ndarray:
    """Return the replication of a fusion's clusters per split, shape=(n_splits,); see :class:`Auto`."""
    rng = np.random.default_rng([seed, 3])
    shuffled = text[rng.permutation(len(text))]
    shuffled_cues = None if cues is None else cues.iloc[rng.permutation(len(text))].reset_index(drop=True)
    measured = measure_stability(fusion, audio, text, cues, n_splits=n_splits, seed=seed)
    control = measure_stability(fusion, audio, shuffled, shuffled_cues, n_splits=n_splits, seed=seed)
    control = control.clip(max=0.95)
    return (measured - control) / (1 - control)


def measure_stability(
    fusion: Fusion,
    audio: np.ndarray,
    text: np.ndarray,
    cues: pd.DataFrame | None,
    *,
    n_splits: int,
    seed: int,
) -> np.ndarray:
    """Return the ARI between clusters of the same tracks fused with different others, shape=(n_splits,)."""
    import warnings

    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.metrics import adjusted_rand_score

    scores = []
    for split in range(n_splits):
        order = np.random.default_rng([seed, 2, split]).permutation(len(audio))
        third = len(order) // 3
        spaces = []
        for other in (order[third : 2 * third], order[2 * third :]):
            rows = np.concatenate([order[:third], other])
            part = None if cues is None else cues.iloc[rows].reset_index(drop=True)
            spaces.append(fusion.fuse(audio[rows], text[rows], cues=part, seed=seed).X)
        with single_threaded(), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # duplicate tracks give fewer clusters than k
            ks = [k for k in K_RANGE if k <= max(third // 3, K_RANGE[0])]
            pairs = [
                [KMeans(k, n_init=4, random_state=seed).fit_predict(X)[:third] for X in spaces] for k in ks
            ]
        scores.append(np.mean([adjusted_rand_score(*pair) for pair in pairs]))
    return np.array(scores)


def choose(replications: dict[str, np.ndarray], shared_z: float) -> dict[str, Any]:
    """Choose a fusion from replications per split and the z of shared neighbours.

    Returns
    -------
    dict
        ``picked``; ``default``, which is chosen unless another replicates clearly better; ``replication``
        {candidate: mean over splits}; ``lead`` of the chosen over the default, or of the default over the
        next best; ``lead_error``, its standard error over splits.
    """
    means = {name: float(values.mean()) for name, values in replications.items()}
    is_related = shared_z >= SHARED_Z
    default = "graph" if is_related and "graph" in replications else "weighted"
    others = [name for name in replications if name != default]
    picked, best, lead, error = default, None, 0.0, 0.0
    if others:
        best = max(others, key=lambda name: means[name])
        difference = replications[best] - replications[default]
        lead, error = float(difference.mean()), float(difference.std(ddof=1) / np.sqrt(len(difference)))
        picked = best if is_related and lead > 2 * error else default
    return {
        "picked": picked,
        "default": default,
        "replication": {name: round(mean, 3) for name, mean in means.items()},
        "lead": round(lead if picked == best else -lead, 3),
        "lead_error": round(error, 3),
    }
