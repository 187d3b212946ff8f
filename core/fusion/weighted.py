"""Weighted fusion: ``text_weight`` is the share of text in every squared distance."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import Config, setting
from core.fusion.fuser import Fused
from core.fusion.standardise import scale_both


@dataclass(frozen=True)
class Weighted(Config):
    """Mix audio and text so that squared distances mix as (1 − w) : w, whatever the dimensions.

    Each modality is centred, divided by its root mean squared row norm and multiplied by sqrt(1 − w)
    or sqrt(w): ``d² = (1 − w)·d_audio² + w·d_text²`` for tracks that have both.
    """

    name: ClassVar[str] = "weighted"

    text_weight: float = setting(
        0.5,
        low=0,
        high=1,
        title="Text weight",
        help="Text's share of every squared distance: 0 is audio alone, 1 is text alone.",
        advanced=False,
    )

    def fuse(
        self,
        audio: np.ndarray,
        text: np.ndarray,
        audio_present: np.ndarray | None = None,
        text_present: np.ndarray | None = None,
        **context,
    ) -> Fused:
        """Return [sqrt(1 − w) · audio, sqrt(w) · text], each at unit energy.

        Parameters are those of :class:`core.fusion.fuser.Fusion`. A track without one
        modality has the other at weight 1 instead of sqrt(1 − w) or sqrt(w).

        Returns
        -------
        Fused
            X of shape (n_tracks, d_audio + d_text), float32. Mean squared row norm 1 where every track has
            both.
        """
        a, t, has_a, has_t = scale_both(audio, text, audio_present, text_present)
        weight_a = np.where(has_t, np.sqrt(1 - self.text_weight), 1.0).astype(np.float32)
        weight_t = np.where(has_a, np.sqrt(self.text_weight), 1.0).astype(np.float32)
        return Fused(np.hstack([weight_a[:, None] * a, weight_t[:, None] * t]))
