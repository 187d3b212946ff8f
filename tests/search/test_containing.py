import pandas as pd
import pytest

from core.collection import Collection
from core.search.containing import tracks_containing

TRACKS = Collection(
    "made",
    pd.DataFrame(
        {
            "track_id": [f"{i:032x}" for i in range(4)],
            "title": ["Gloria", "ÜBER (live", "rain", ""],
            "artist": ["Dufay", "", "Dufay", ""],
            "label": ["mass", "song", "song", ""],
            "lyrics": ["", "", "in excelsis GLORIA", ""],
        }
    ),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("gloria", [0, 2]),
        ("dufay gloria", [0, 2]),
        ("dufay song", [2]),
        ("über", [1]),
        ("(live", [1]),
        ("glor", [0, 2]),
        (".*", []),
        ("  ", []),
    ],
)
def test_every_typed_word_is_in_title_artist_label_or_text(typed, found):
    assert tracks_containing(TRACKS, typed).nonzero()[0].tolist() == found
