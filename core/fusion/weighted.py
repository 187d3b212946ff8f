"""Fusion by weight: ``text_weight`` is the share of text in every squared distance."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.errors import ConfigError
from core.fusion.fused import Fused
from core.fusion.standardise import bring_together


@dataclass(frozen=True)
class Weighted:
    """Mix audio and text so that squared distances mix as (1 − w) : w, whatever the dimensions.

    Each modality is standardised and divided by its root mean squared row norm; then it is multiplied by
    sqrt(1 − w) and sqrt(w): ``d² = (1 − w)·d_audio² + w·d_text²`` for tracks that have both. Where a
    track lacks one, its other modality counts in full (weight 1). Mean squared row norm 1 where every track has both.

    Attributes
    ----------
    text_weight : float in [0, 1]
        0 gives the geometry of audio alone, 1 that of text alone.
    """

    name: ClassVar[str] = "weighted"
    title: ClassVar[str] = "By weight"
    description: ClassVar[str] = (
        "Weighted concatenation: both modalities are brought to the same energy first, so the weight is text's share "
        "of every squared distance."
    )
    paper: ClassVar[str] = (
        "Audio-Lyrics Multimodal Fusion for Music Genre Clustering with Dynamic Modality Weighting (ITM Web of "
        "Conferences 84, 2026, article 03025) weighs every track by itself; here one weight serves all tracks"
    )
    weighted: ClassVar[bool] = True
    wants_cues: ClassVar[bool] = False
    explains: ClassVar[bool] = False

    text_weight: float = 0.5

    def __post_init__(self):
        if not isinstance(self.text_weight, (int, float)) or not 0 <= self.text_weight <= 1:
            raise ConfigError(f"text_weight={self.text_weight!r} must lie in [0, 1]: 0 is audio alone, 1 is text alone")

    def fuse(
        self,
        audio: np.ndarray,
        text: np.ndarray,
        audio_present: np.ndarray | None = None,
        text_present: np.ndarray | None = None,
        **context,
    ) -> Fused:
        """Return [sqrt(1 − w) · audio, sqrt(w) · text], each at unit energy, shape (n_tracks, d_audio + d_text)."""
        a, t, has_a, has_t = bring_together(audio, text, audio_present, text_present)
        weight_a = np.where(has_t, np.sqrt(1 - self.text_weight), 1.0).astype(np.float32)
        weight_t = np.where(has_a, np.sqrt(self.text_weight), 1.0).astype(np.float32)
        return Fused(np.hstack([weight_a[:, None] * a, weight_t[:, None] * t]))
