import pandas as pd

from core import collection as collections
from core.ui.library.source_details import describe_source


def test_joined_text_is_counted_with_unmatched_rows(tmp_path):
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
    lines = describe_source(info)
    assert "3 rows with 2 numeric columns" in lines[0]
    assert "Labels come from the column genre: 2 labels on 3 tracks" in lines
    assert (
        "Text joined from words.csv on column track: 2 tracks matched, 1 unmatched; "
        "1 of 3 rows match no track" in lines
    )


def test_rare_counts_are_listed_when_above_0():
    (line,) = describe_source(
        {"text_join": {"file": "C:\\w.csv", "on": "id", "n_rows": 4, "tracks_with_conflicting_rows": 2}}
    )
    assert "from w.csv on column id" in line and line.endswith(", 2 tracks have conflicting rows")


def test_no_details_give_no_lines():
    assert describe_source({}) == []
    assert describe_source({"labels": {"from": "nothing", "n_labelled": 0}}) == ["No labels"]
