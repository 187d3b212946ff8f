"""Captions: three sentences per track, made from its words and its sound (sentiment, theme, sentiment with genre).

Music comes with lyrics more often than with captions; pairs of sound and caption are what contrastive models
learn from. A captioner is a class in a file of its own with

- ``name``; ``caption_from``, what its captions are marked with; ``sends``, what leaves the machine ("" for
  nothing); ``costs``, whether it may cost money and so asks first;
- ``reason_against(song, has_sound)``, why there can be no caption, ``key(song)``, what a caption is kept
  under;
- ``estimate(collection, songs)``, ``prepare(collection, songs, progress)`` and ``write(songs, take,
  progress)``.

A new one costs that file and one line in :data:`CAPTIONERS`.
"""

from core.captioning.caption_collection import CAPTIONERS, estimate_captions, get_captioner, write_captions
from core.text.sentences import split_sentences

__all__ = ["CAPTIONERS", "estimate_captions", "get_captioner", "split_sentences", "write_captions"]
