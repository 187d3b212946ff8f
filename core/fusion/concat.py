"""Fusion by concatenation, the way of the papers."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.fusion.fused import Fused
from core.fusion.standardise import same_tracks, standardise


@dataclass(frozen=True)
class Concat:
    """Put audio and text side by side, each dimension standardised.

    Every dimension counts alike, so a modality weighs what its number of dimensions says: 32 audio and 16
    text dimensions mix squared distances as 2 : 1.

    References
    ----------
    Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.5: [audio 32, text 16], standardised, 48-d.
    """

    name: ClassVar[str] = "concat"
    title: ClassVar[str] = "Side by side"
    description: ClassVar[str] = (
        "Concatenation: every dimension of either modality counts alike, so the one with more dimensions weighs more."
    )
    paper: ClassVar[str] = "Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.5"
    weighted: ClassVar[bool] = False
    wants_cues: ClassVar[bool] = False
    explains: ClassVar[bool] = False

    def fuse(
        self,
        audio: np.ndarray,
        text: np.ndarray,
        audio_present: np.ndarray | None = None,
        text_present: np.ndarray | None = None,
        **context,
    ) -> Fused:
        """Return [standardised audio, standardised text], shape (n_tracks, d_audio + d_text)."""
        a = standardise(audio, audio_present, "audio")
        t = standardise(text, text_present, "text")
        same_tracks(a, t)
        return Fused(np.hstack([a, t]))
