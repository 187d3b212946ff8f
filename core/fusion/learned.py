"""Fusion by a gate that is learnt from the two modalities alone."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import Config, setting
from core.errors import ConfigError
from core.fusion.fused import Fused
from core.fusion.standardise import bring_together, weigh_rows
from core.progress import Progress, silent

FEWEST = 40
"""Tracks with both modalities from which prototypes of both can be learnt."""
CANDIDATES = (4, 6, 8, 10, 12, 16)
PATIENCE = 2
"""Larger numbers of prototypes that are tried after the best one: their cost grows with the square."""


@dataclass(frozen=True)
class Learned(Config):
    """Learn from the two modalities alone how far to trust which, track by track.

    The gate of :mod:`core.fusion.gate` is fitted to the tracks that have both, at least 40; its expectation g
    is a track's trust in its sound and w = 1 − g its weight of text (see
    :func:`core.fusion.standardise.weigh_rows`). It helps where one modality of a track misleads; where both
    say different things that are both right, ``weighted`` and ``graph`` do better.

    References
    ----------
    Arevalo et al., "Gated Multimodal Units for Information Fusion", 2017. Siddique, Hybrid Audio–Text
    Clustering for Music, names learned fusion by gating as future work.
    """

    name: ClassVar[str] = "learned"

    n_prototypes: int | None = setting(
        None,
        low=2,
        title="Prototypes",
        help="Of each modality; none: the best of 4, 6, 8, 10, 12 and 16 by the Bayesian information "
        "criterion, up to two after it that are worse.",
    )
    n_dimensions: int = setting(
        16,
        low=1,
        title="Dimensions",
        help="Principal components of each modality that the gate is fitted on.",
    )
    n_starts: int = setting(
        2, low=1, title="Initialisations", help="Per modality; the one of the highest likelihood is kept."
    )
    n_steps: int = setting(15, low=1, title="EM steps", help="Steps of expectation–maximisation.")
    n_fitted: int = setting(
        1000,
        low=1,
        title="Tracks",
        help="Tracks that the gate is fitted to at most, drawn from the seed; the gates of all are then "
        "inferred.",
    )

    def fuse(
        self,
        audio: np.ndarray,
        text: np.ndarray,
        audio_present: np.ndarray | None = None,
        text_present: np.ndarray | None = None,
        *,
        seed: int = 0,
        progress: Progress = silent,
        **context,
    ) -> Fused:
        """Return both modalities side by side, each track by its learnt weight.

        Parameters are those of :class:`core.fusion.fuser.Fusion`.

        Raises
        ------
        ConfigError
            When fewer than 40 tracks have both.
        """
        from core.fusion.gate import fit_gate, one_thread

        a, t, has_a, has_t = bring_together(audio, text, audio_present, text_present)
        both = np.flatnonzero(has_a & has_t)
        if len(both) < FEWEST:
            raise ConfigError(
                f"a gate is learnt from {FEWEST} tracks or more that have both sound and words; here "
                f"{len(both)} have"
            )
        view_a, view_t = (_components(X[both], self.n_dimensions) for X in (a, t))
        some = np.sort(np.random.default_rng(seed).permutation(len(both))[: self.n_fitted])
        sizes = [self.n_prototypes] if self.n_prototypes else [k for k in CANDIDATES if k <= len(some) / 8]
        weights, bic = np.full(len(a), 0.5), {}
        with one_thread():
            for done, k in enumerate(sizes):
                progress(done, len(sizes), f"learning a gate with {k} prototypes")
                fit = fit_gate(
                    view_a[some],
                    view_t[some],
                    n_prototypes=k,
                    n_starts=self.n_starts,
                    n_steps=self.n_steps,
                    seed=seed,
                )
                bic[k] = fit.bic()
                if bic[k] <= min(bic.values()):
                    best, gate = k, fit
                if sizes.index(k) - sizes.index(best) == PATIENCE:
                    break
            weights[both] = 1 - gate.open(view_a, view_t)
        X, w = weigh_rows(a, t, has_a, has_t, weights)
        told = {"n_prototypes": best, "bic": {str(k): round(value, 1) for k, value in bic.items()}}
        told["words"] = f"a gate over {best} prototypes, learnt from {len(some):,} tracks without labels"
        return Fused(X, w, None, told)


def _components(X: np.ndarray, n: int) -> np.ndarray:
    """Return leading principal components at the scale that the gate is fitted on, shape (n_tracks, at most n)."""
    from core.fusion.gate import SPREAD

    centred = X.astype(np.float64) - X.mean(0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    Z = centred @ vectors[:, ::-1][:, : min(n, X.shape[1])]
    return (Z * SPREAD / max(np.sqrt(np.square(Z).sum(1).mean()), 1e-12)).astype(np.float32)
