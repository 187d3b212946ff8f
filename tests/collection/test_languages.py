"""Language of each track's text."""

import pandas as pd
import pytest

from core.collection import Collection
from core.collection.languages import languages_of
from core.text import language


def test_the_collections_language_goes_before_detection_but_not_for_captions(monkeypatch):
    german, english = (
        "Ach wie flüchtig, ach wie nichtig ist der Menschen Leben",
        "A slow song with a soft guitar and a choir",
    )
    tracks = pd.DataFrame(
        {
            "track_id": list("abcde"),
            "title": ["A", "B", "C", "D", "E"],
            "lyrics": [german, german, "", "", german],
            "caption": ["", "", english, "", ""],
            "language": ["Bangla", "", "bn", "bn", ""],
        }
    )
    collection = Collection("mine", tracks)
    assert languages_of(collection, detect_at_most=9) == ["bn", "de", "en", "bn", "de"]
    assert languages_of(collection, "caption", detect_at_most=9) == ["", "", "en", "", ""]
    assert sum(map(bool, languages_of(collection, detect_at_most=2))) == 4
    monkeypatch.setattr(language, "_identifier", lambda: pytest.fail("nothing was to be detected"))
    assert languages_of(collection) == ["bn", "", "", "bn", ""]
