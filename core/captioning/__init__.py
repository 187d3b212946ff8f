"""Captions: three sentences per track from its text and audio (sentiment, theme, sentiment with genre).

Music comes with lyrics more often than with captions; contrastive models train on pairs of audio and caption.
A captioner is a class in its own file that implements :class:`core.captioning.captioner.Captioner`. A new one
needs that file and one line in :data:`CAPTIONERS`.
"""

from core.captioning.caption_collection import estimate_captions, write_captions
from core.captioning.captioners import CAPTIONERS, get_captioner

__all__ = ["CAPTIONERS", "estimate_captions", "get_captioner", "write_captions"]
