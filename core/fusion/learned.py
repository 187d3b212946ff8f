"""Fusion by a gate that is learnt from the two modalities alone."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import Config, setting
from core.errors import ConfigError
from core.fusion.fuser import Fused
from core.fusion.gate import SPREAD, Gate, fit_gate, single_threaded
from core.fusion.standardise import scale_both, weight_rows
from core.progress import Progress, silent

MIN_TRACKS = 40
"""Fewest tracks with both modalities that prototypes can be learnt from."""
CANDIDATES = (4, 6, 8, 10, 12, 16)
PATIENCE = 2
"""Candidates tried after the best number of prototypes so far: their cost grows with its square."""


@dataclass(frozen=True)
class Learned(Config):
    """Learn a text weight per track from the two modalities, without labels or cues.

    The gate of :mod:`core.fusion.gate` is fitted to the tracks that have both, at least 40; its expectation g
    is a track's trust in audio and w = 1 − g its text weight (see
    :func:`core.fusion.standardise.weight_rows`). It helps where one modality of a track misleads; where the
    modalities carry different but correct information, ``weighted`` and ``graph`` do better.

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
        help="Prototypes per modality; left out: the best of 4, 6, 8, 10, 12 and 16 by the Bayesian "
        "information criterion (stops after two that are worse).",
    )
    n_dimensions: int = setting(
        16,
        low=1,
        title="Dimensions",
        help="Principal components of each modality that the gate is fitted on.",
    )
    n_starts: int = setting(
        2, low=1, title="Initialisations", help="Per modality; the one with the highest likelihood is used."
    )
    n_steps: int = setting(15, low=1, title="EM steps", help="Steps of expectation–maximisation.")
    n_fitted: int = setting(
        1000,
        low=1,
        title="Tracks",
        help="Most tracks that the gate is fitted to, sampled with the seed; gates are inferred for all.",
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
        """Return the concatenation of both modalities, weighted per track by the learnt gate.

        Parameters are those of :class:`core.fusion.fuser.Fusion`.

        Returns
        -------
        Fused
            ``details``: ``n_prototypes``; ``bic`` {number of prototypes: BIC}; ``n_fitted`` tracks.

        Raises
        ------
        ConfigError
            When fewer than 40 tracks have both.
        """
        a, t, has_a, has_t = scale_both(audio, text, audio_present, text_present)
        both = np.flatnonzero(has_a & has_t)
        if len(both) < MIN_TRACKS:
            raise ConfigError(
                f"a gate is learnt from {MIN_TRACKS} tracks or more that have both audio and text; here "
                f"{len(both)} have"
            )
        X_a, X_t = (_components(X[both], self.n_dimensions) for X in (a, t))
        fitted = np.sort(np.random.default_rng(seed).permutation(len(both))[: self.n_fitted])
        weights = np.full(len(a), 0.5)
        with single_threaded():
            gate, bic = self._fit_best(X_a[fitted], X_t[fitted], seed, progress)
            weights[both] = 1 - gate.expected_gates(X_a, X_t)
        X, w = weight_rows(a, t, has_a, has_t, weights)
        details = {
            "n_prototypes": len(gate.log_z),
            "bic": {str(k): round(value, 1) for k, value in bic.items()},
            "n_fitted": len(fitted),
        }
        return Fused(X, w, None, details)

    def _fit_best(
        self, audio: np.ndarray, text: np.ndarray, seed: int, progress: Progress
    ) -> tuple[Gate, dict[int, float]]:
        """Return the gate with the lowest BIC, and the BIC by number of prototypes."""
        candidates = (
            [self.n_prototypes] if self.n_prototypes else [k for k in CANDIDATES if k <= len(audio) / 8]
        )
        bic: dict[int, float] = {}
        for i, k in enumerate(candidates):
            progress(i, len(candidates), f"learning a gate with {k} prototypes")
            fit = fit_gate(
                audio, text, n_prototypes=k, n_starts=self.n_starts, n_steps=self.n_steps, seed=seed
            )
            bic[k] = fit.bic()
            if bic[k] <= min(bic.values()):
                best, gate = i, fit
            if i - best == PATIENCE:
                break
        return gate, bic


def _components(X: np.ndarray, n: int) -> np.ndarray:
    """Return up to n leading principal components, scaled to the root mean squared norm SPREAD."""
    centred = X.astype(np.float64) - X.mean(0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    Z = centred @ vectors[:, ::-1][:, : min(n, X.shape[1])]
    return (Z * SPREAD / max(np.sqrt(np.square(Z).sum(1).mean()), 1e-12)).astype(np.float32)
