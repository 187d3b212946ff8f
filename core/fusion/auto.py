"""Fusion that picks a fusion, without looking at a label."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from core.config import Config, setting
from core.fusion.fused import Fused
from core.fusion.graph import MOST, Graph
from core.fusion.learned import FEWEST, Learned
from core.fusion.per_track import PerTrack
from core.fusion.weighted import Weighted
from core.progress import Progress, silent

K_RANGE = (6, 8, 10, 12)
"""Numbers of clusters that replication is averaged over: fewer replicate whatever they mean."""


@dataclass(frozen=True)
class Auto(Config):
    """Fuse in the way whose clusters replicate best.

    For each candidate (``weighted`` at ½, ``per-track`` where there are cues, ``graph``, ``learned``) the
    tracks that have both modalities are split in three, ``n_splits`` times. The first third is fused once
    together with the second and once together with the third, from the standardisation on and with everything
    that the fusion learns (of the gate, the number of prototypes is taken from the fit to all tracks, and 10
    steps are made); both are clustered by K-Means, and the adjusted Rand index between the two labellings of
    the first third, averaged over k = 6, 8, 10, 12, says how far the same clusters come out of different
    tracks. Some ways of fusing find the same clusters again even in noise, so the same is measured with the
    words of other tracks (rows of text and of cues shuffled, each on its own), and

        replication = (measured − with words of other tracks) / (1 − with words of other tracks)

    is compared: 1 where the same clusters come back, 0 where they do so no more than with words that belong
    to other tracks. No label takes part. The best is picked; ``weighted`` stays where nothing beats it by
    more than twice the standard error of their difference over the splits.

    ``told`` holds ``picked``; ``replication`` {candidate: mean over splits}; ``lead`` and ``lead_error`` (of
    the picked over ``weighted``, or of ``weighted`` over the next best, with the standard error over splits);
    ``left_out`` {candidate: reason}; ``words``; and under ``of_picked`` what the picked one tells.

    What replicates needs not be what somebody's labels say, so the choice can be wrong: where there are
    labels, its regret against the better single modality is shown beside it (see :mod:`core.scoring.fusion_gain`).

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
        help="Random splits of the tracks that replication is averaged over; its spread needs two.",
    )
    n_tracks: int = setting(
        1500,
        low=60,
        title="Tracks",
        help="Tracks that replication is measured on at most, drawn from the seed.",
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
        """Return what the picked fusion returns; ``told`` says what was picked and why.

        Parameters are those of :class:`core.fusion.fuser.Fusion`; ``per-track`` is no candidate without cues.

        Returns
        -------
        Fused
            ``told``: ``picked``; ``replication`` {candidate: mean over splits}; ``lead`` and ``lead_error``
            (of the picked over ``weighted``, or of ``weighted`` over the next best, with the standard error
            over splits); ``left_out`` {candidate: reason}; ``words``; and under ``of_picked`` what the picked
            one tells.
        """
        n = len(audio)
        has_a = np.ones(n, bool) if audio_present is None else np.asarray(audio_present, bool)
        has_t = np.ones(n, bool) if text_present is None else np.asarray(text_present, bool)
        both = np.flatnonzero(has_a & has_t)
        given = {"audio_present": has_a, "text_present": has_t, "cues": cues, "seed": seed}
        candidates, left_out = self._candidates(n, len(both), cues)
        if len(both) < FEWEST:
            fused = candidates["weighted"].fuse(audio, text, has_a, has_t)
            words = (
                f"by weight: only {len(both)} tracks have both sound and words, too few to measure what "
                "replicates"
            )
            return replace(
                fused, told={"picked": "weighted", "replication": {}, "left_out": left_out, "words": words}
            )
        fused = {}
        for done, (name, how) in enumerate(candidates.items()):
            progress(done, 2 * len(candidates), f"fusing {name}")
            fused[name] = how.fuse(audio, text, **given)
        if "learned" in candidates:  # what is chosen once is not chosen again in every split
            sizes = fused["learned"].told
            candidates["learned"] = replace(
                candidates["learned"], n_prototypes=sizes["n_prototypes"], n_steps=10
            )
        some = np.sort(np.random.default_rng([seed, 1]).permutation(both)[: self.n_tracks])
        part = (audio[some], text[some], None if cues is None else cues.iloc[some].reset_index(drop=True))
        found = {}
        for done, (name, how) in enumerate(candidates.items()):
            progress(len(candidates) + done, 2 * len(candidates), f"replication of {name}")
            found[name] = replicate(how, *part, n_splits=self.n_splits, seed=seed)
        told = choose(found)
        picked = fused[told["picked"]]
        return replace(picked, told={**told, "left_out": left_out, "of_picked": picked.told})

    def _candidates(self, n: int, n_both: int, cues: pd.DataFrame | None) -> tuple[dict, dict[str, str]]:
        """Return what can be tried, and why the others can't."""
        candidates, left_out = {"weighted": Weighted(0.5)}, {}
        if cues is not None and cues.notna().any(axis=None):
            candidates["per-track"] = PerTrack()
        else:
            left_out["per-track"] = "nothing is known of the tracks that could weigh them"
        if n <= MOST:
            candidates["graph"] = Graph()
        else:
            left_out["graph"] = f"it takes at most {MOST:,} tracks"
        if 2 * (n_both // 3) >= FEWEST:  # two thirds of them are fused at a time
            candidates["learned"] = Learned()
        else:
            left_out["learned"] = f"two thirds of the tracks with both modalities must be {FEWEST} or more"
        return candidates, left_out


def replicate(
    how, audio: np.ndarray, text: np.ndarray, cues: pd.DataFrame | None, *, n_splits: int, seed: int
) -> np.ndarray:
    """Return the replication of a fusion's clusters per split beyond that with words of other tracks, shape (n_splits,); see :class:`Auto`."""
    rng = np.random.default_rng([seed, 3])
    others = text[rng.permutation(len(text))]
    other_cues = None if cues is None else cues.iloc[rng.permutation(len(text))].reset_index(drop=True)
    measured = replicate_as_is(how, audio, text, cues, n_splits=n_splits, seed=seed)
    control = replicate_as_is(how, audio, others, other_cues, n_splits=n_splits, seed=seed).clip(max=0.95)
    return (measured - control) / (1 - control)


def replicate_as_is(
    how, audio: np.ndarray, text: np.ndarray, cues: pd.DataFrame | None, *, n_splits: int, seed: int
) -> np.ndarray:
    """Return the adjusted Rand index between clusters that come out of different tracks, per split, shape (n_splits,)."""
    import warnings

    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.metrics import adjusted_rand_score

    from core.fusion.gate import one_thread

    scores = []
    for split in range(n_splits):
        order = np.random.default_rng([seed, 2, split]).permutation(len(audio))
        third = len(order) // 3
        spaces = []
        for other in (order[third : 2 * third], order[2 * third :]):
            rows = np.concatenate([order[:third], other])
            given = None if cues is None else cues.iloc[rows].reset_index(drop=True)
            spaces.append(how.fuse(audio[rows], text[rows], cues=given, seed=seed).X)
        with one_thread(), warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", ConvergenceWarning
            )  # equal tracks make fewer groups than asked, which is no fault
            ks = [k for k in K_RANGE if k <= max(third // 3, K_RANGE[0])]
            halves = [
                [KMeans(k, n_init=4, random_state=seed).fit_predict(X)[:third] for X in spaces] for k in ks
            ]
        scores.append(np.mean([adjusted_rand_score(*pair) for pair in halves]))
    return np.array(scores)


def choose(found: dict[str, np.ndarray]) -> dict:
    """Return what is picked from replications per split, and by how much.

    ``weighted`` stays unless another leads it by more than twice the standard error of the difference.
    """
    means = {name: float(values.mean()) for name, values in found.items()}
    others = [name for name in found if name != "weighted"]
    picked = "weighted"
    best = max(others, key=means.get) if others else None
    lead, error = 0.0, 0.0
    if best:
        difference = found[best] - found["weighted"]
        lead, error = float(difference.mean()), float(difference.std(ddof=1) / np.sqrt(len(difference)))
        picked = best if lead > 2 * error else "weighted"
    told = {"picked": picked, "replication": {name: round(mean, 3) for name, mean in means.items()}}
    told |= {"lead": round(lead if picked == best else -lead, 3), "lead_error": round(error, 3)}
    listed = ", ".join(
        f"{name} {mean:.2f}" for name, mean in sorted(means.items(), key=lambda item: -item[1])
    )
    if picked == "weighted":
        why = "nothing replicates clearly better than equal weights"
    else:
        why = f"its clusters replicate best beyond chance, {lead:+.2f} ± {error:.2f} against equal weights"
    return {**told, "words": f"picked {picked}: {why} ({listed}; no label took part)"}
