"""Fusion by a weight per track, from cues that say how far to trust its sound."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from core.config import Config, setting
from core.errors import ConfigError
from core.fusion.fused import Fused
from core.fusion.standardise import bring_together, weigh_rows

ENOUGH = 0.7
"""Agreement from which cues are trusted in full, the usual bound for a scale of several items (Nunnally 1978)."""


@dataclass(frozen=True)
class PerTrack(Config):
    """Lean each track on its sound or its words, as its cues say.

    Each cue (instrumentalness, energy, quality; see :mod:`core.cues.track_cues`) is ranked among the tracks that have
    both modalities, so that only what tells tracks apart counts; their mean m is the trust in the sound, and
    the weight of text is ``w = 1/2 + trust * (1/2 − m)``. A track without any cue gets w = 1/2. See
    :func:`core.fusion.standardise.weigh_rows` for what w does.

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
        help="agreement: as far as the cues agree, min(1, alpha / 0.7) with Cronbach's alpha over the "
        "ranked cues; full: always 1.",
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
        """Return both modalities side by side, each track by its own weight.

        Parameters are those of :class:`core.fusion.fuser.Fusion`; here the cues are needed. A track without
        any cue gets w = 1/2.

        Raises
        ------
        ConfigError
            When there are no cues, or as many rows as tracks are wanted and others given.
        """
        a, t, has_a, has_t = bring_together(audio, text, audio_present, text_present)
        if cues is None or not len(cues.columns):
            raise ConfigError(
                "a weight per track needs cues: instrumentalness, energy or quality of each track"
            )
        if len(cues) != len(a):
            raise ConfigError(f"there are cues for {len(cues)} tracks, and {len(a)} tracks")
        ranked = rank(cues.to_numpy(np.float64), has_a & has_t)
        alpha = agreement(ranked[has_a & has_t])
        trust = 1.0 if self.trust == "full" else float(np.clip(alpha / ENOUGH, 0, 1))
        known = np.isfinite(ranked)
        mean = np.divide(
            np.nansum(ranked, axis=1),
            known.sum(axis=1),
            out=np.full(len(ranked), 0.5),
            where=known.any(axis=1),
        )
        X, w = weigh_rows(a, t, has_a, has_t, 0.5 + trust * (0.5 - mean))
        terms = pd.DataFrame(ranked, columns=list(cues.columns))
        return Fused(
            X,
            w,
            terms,
            {
                "trust": round(trust, 3),
                "agreement": round(alpha, 3),
                "words": _in_words(trust, alpha, self.trust, known.any()),
            },
        )


def rank(cues: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Return each cue's rank among some tracks, from 0 to 1 with ties at their middle, shape as given, nan elsewhere.

    A cue that is the same for all of them says nothing and stays at 1/2.
    """
    from scipy.stats import rankdata

    ranked = np.full(cues.shape, np.nan)
    for column in range(cues.shape[1]):
        known = among & np.isfinite(cues[:, column])
        if known.any():
            ranked[known, column] = (rankdata(cues[known, column]) - 0.5) / known.sum()
    return ranked


def agreement(ranked: np.ndarray) -> float:
    """Return Cronbach's alpha of the cues over tracks that have them all; a cue that nearly nobody has takes no part.

    ``alpha = k / (k − 1) · (1 − Σ var(cue) / var(Σ cues))``: 1 where k cues say the same, about 0 where they
    have nothing in common, below 0 where they contradict each other. A single cue has nobody to contradict
    it: 1. No cue at all: 0.
    """
    known = np.isfinite(ranked)
    columns = [c for c in range(ranked.shape[1]) if known[:, c].sum() > 2 and np.nanstd(ranked[:, c]) > 0]
    if len(columns) < 2:
        return float(len(columns))
    whole = ranked[known[:, columns].all(axis=1)][:, columns]
    k, total = len(columns), whole.sum(axis=1).var() if len(whole) > 2 else 0.0
    return float(k / (k - 1) * (1 - whole.var(axis=0).sum() / total)) if total > 0 else 0.0


def _in_words(trust: float, alpha: float, how: str, known: bool) -> str:
    """Say how far the cues were believed."""
    if not known:
        return (
            "nothing is known of these tracks that could weigh them, so every track that has both counts "
            "half and half"
        )
    if how == "full":
        return "the cues are believed in full, whether they agree or not"
    if trust == 1:
        return f"the cues agree about the tracks (alpha {alpha:.2f}), so they are believed in full"
    if trust == 0:
        return (
            f"the cues contradict each other (alpha {alpha:.2f}), so every track that has both counts "
            "half and half"
        )
    return f"the cues agree in part (alpha {alpha:.2f}), so weights move {trust:.0%} of the way that they say"
