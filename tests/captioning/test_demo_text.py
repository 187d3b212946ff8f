"""Captions are text: shipped text vectors of the demo apply only while it has none."""

from core import collection as collections
from core.collection.saved import change_tracks
from core.collection.texts.written import set_written
from core.representation.represent import estimate


def test_captions_invalidate_the_demos_shipped_text_vectors():
    demo = collections.add("demo", "demo")
    assert estimate(demo, "sentence", modality="text") == (0, 0.0)
    change_tracks(
        "demo",
        lambda tracks: set_written(
            tracks, "caption", dict.fromkeys(tracks["track_id"], {"caption": "A. B. C."}), "m at h"
        ),
    )
    demo = collections.load("demo")
    assert estimate(demo, "sentence", modality="text")[0] > 0
    assert estimate(demo, "musicnn", modality="audio") == (0, 0.0)
