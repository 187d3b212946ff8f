"""Fusion with a text weight per track, derived from cues."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from core.config import Config, setting
from core.errors import ConfigError
from core.fusion.fuser import Fused
from core.fusion.standardise import scale_both, weight_rows

FULL_TRUST_ALPHA = 0.7
"""Cronbach's alpha from which cues are trusted fully, the usual bound for scales (Nunnally 1978)."""


@dataclass(frozen=True)
class PerTrack(Config):
    """Weight audio and text per track by cues (dynamic modality weighting).

    Each cue (instrumentalness, energy, quality; see :mod:`core.cues.track_cues`) is ranked among the tracks
    that have both modalities, so that only differences between tracks matter. The mean rank m is the trust in
    audio, and ``w = 1/2 + trust * (1/2 − m)`` the text weight; w = 1/2 for a track without cues. See
    :func:`core.fusion.standardise.weight_rows` for what w does.

    References
    ----------
    Audio-Lyrics Multimodal Fusion for Music Genre Clustering with Dynamic Modality Weighting, ITM Web of
    Conferences 84, 03025, 2026 (which cues; its abstract gives no formula). Cronbach, "Coefficient alpha and
    the internal structure of tests", 1951.
    """

    name: ClassVar[str] = "per-track"

    trust: Literal["agreement", "full"] = setting(
        "agreement",
        title="Trust in the cues",
        help="agreement: min(1, alpha / 0.7) with Cronbach's alpha over the ranked cues; full: always 1.",
    )

    def fuse(
        self,
        audio: np.ndarray,
        text: np.ndarray,
        audio_present: np.ndarray | None = None,
        text_present: np.ndarray | None = None,
        *,
        cues: pd.DataFrame | None = None,
        **context,
    ) -> Fused:
        """Return the concatenation of both modalities, weighted per track.

        Parameters are those of :class:`core.fusion.fuser.Fusion`; here the cues are required.

        Returns
        -------
        Fused
            ``details``: ``trust`` in [0, 1]; ``agreement``, Cronbach's alpha; ``trust_mode``, the setting;
            ``has_cues``, whether any track has a cue. ``terms``: the ranked cues.

        Raises
        ------
        ConfigError
            When there are no cues, or their number of rows isn't the number of tracks.
        """
        a, t, has_a, has_t = scale_both(audio, text, audio_present, text_present)
        if cues is None or not len(cues.columns):
            raise ConfigError(
                "per-track weights need cues: instrumentalness, energy or quality of each track"
            )
        if len(cues) != len(a):
            raise ConfigError(f"there are cues for {len(cues)} tracks, and {len(a)} tracks")
        ranked = rank(cues.to_numpy(np.float64), has_a & has_t)
        alpha = cronbach_alpha(ranked[has_a & has_t])
        trust = 1.0 if self.trust == "full" else float(np.clip(alpha / FULL_TRUST_ALPHA, 0, 1))
        known = np.isfinite(ranked)
        mean = np.divide(
            np.nansum(ranked, axis=1),
            known.sum(axis=1),
            out=np.full(len(ranked), 0.5),
            where=known.any(axis=1),
        )
        X, w = weight_rows(a, t, has_a, has_t, 0.5 + trust * (0.5 - mean))
        details = {
            "trust": round(trust, 3),
            "agreement": round(alpha, 3),
            "trust_mode": self.trust,
            "has_cues": bool(known.any()),
        }
        return Fused(X, w, pd.DataFrame(ranked, columns=list(cues.columns)), details)


def rank(cues: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return each cue's rank among the masked tracks, 0 to 1 with mid-ranks for ties; nan elsewhere.

    A constant cue has rank 1/2 everywhere.
    """
    from scipy.stats import rankdata

    ranked = np.full(cues.shape, np.nan)
    for column in range(cues.shape[1]):
        known = mask & np.isfinite(cues[:, column])
        if known.any():
            ranked[known, column] = (rankdata(cues[known, column]) - 0.5) / known.sum()
    return ranked


def cronbach_alpha(ranked: np.ndarray) -> float:
    """Return Cronbach's alpha over the tracks that have all cues; cues with fewer than 3 values are left out.

    ``alpha = k / (k − 1) · (1 − Σ var(cue) / var(Σ cues))``: 1 where all k cues agree, about 0 where they are
    uncorrelated, negative where they contradict each other. 1 for a single cue, 0 for none.
    """
    known = np.isfinite(ranked)
    columns = [c for c in range(ranked.shape[1]) if known[:, c].sum() > 2 and np.nanstd(ranked[:, c]) > 0]
    if len(columns) < 2:
        return float(len(columns))
    complete = ranked[known[:, columns].all(axis=1)][:, columns]
    k, total = len(columns), complete.sum(axis=1).var() if len(complete) > 2 else 0.0
    return float(k / (k - 1) * (1 - complete.var(axis=0).sum() / total)) if total > 0 else 0.0
