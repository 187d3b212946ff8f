import pandas as pd

from core import collection as collections
from core.ui.library.origin import in_words


def test_joined_words_are_counted_with_what_was_left_over(tmp_path):
    songs = pd.DataFrame(
        {
            "track": ["a", "b", "c"],
            "genre": ["x", "y", "x"],
            "tempo": [1.0, 2.0, 3.0],
            "energy": [3.0, 1.0, 2.0],
        }
    )
    songs.to_csv(tmp_path / "songs.csv", index=False)
    pd.DataFrame({"track": ["a", "zzz", "b"], "lyrics": ["la", "lo", "li"]}).to_csv(
        tmp_path / "words.csv", index=False
    )
    info = collections.add(tmp_path / "songs.csv", "songs", text=tmp_path / "words.csv", label="genre").info
    lines = in_words(info)
    assert "3 rows with 2 columns of numbers" in lines[0]
    assert "Labels come from the column genre: 2 different ones on 3 tracks" in lines
    assert (
        "Words joined from words.csv by its column track: 2 tracks found their row, 1 did not; 1 of 3 rows "
        "fit no track" in lines
    )


def test_seldom_counts_are_said_when_there_are_any():
    (line,) = in_words(
        {"text_join": {"file": "C:\\w.csv", "on": "id", "n_rows": 4, "tracks_with_conflicting_rows": 2}}
    )
    assert "from w.csv by its column id" in line and line.endswith(", 2 tracks have rows that differ")


def test_nothing_known_says_nothing():
    assert in_words({}) == []
    assert in_words({"labels": {"from": "nothing", "n_labelled": 0}}) == [
        "Labels come from nowhere: there are none"
    ]
