import numpy as np
import pandas as pd

from core.collection import Collection
from core.pipeline.choice import Choice
from core.ui.explore.colours.column_values import (
    columns_of,
    folder_names,
    folders_of,
    is_numeric,
    numbers_of,
    texts_of,
)


def make(**columns) -> Collection:
    n = 4
    tracks = pd.DataFrame({"track_id": [f"{i:032x}" for i in range(n)], "title": list("abcd"), **columns})
    return Collection("made", tracks, pd.DataFrame({"bpm": range(n)}))


def test_folders_are_offered_at_every_depth():
    kits = make(file=["drums/kick/a.wav", "drums/snare/b.wav", "bass\\c.wav", "d.wav"])
    assert folders_of(kits, Choice(audio="mfcc")) == {"1": "Folder, level 1", "2": "Folder, level 2"}
    assert folder_names(kits.tracks, "1") == ["drums", "drums", "bass", ""]
    assert folder_names(kits.tracks, "2") == ["kick", "snare", "", ""]
    assert folders_of(make(), Choice(audio="mfcc")) == {}
    assert folders_of(make(file=["a/b.wav"] * 4), Choice(audio="mfcc")) == {"1": "Folder"}


def test_columns_with_values_are_offered_without_those_that_have_an_entry():
    found = columns_of(
        make(mood=["sad", "", "", ""], label="x", language="de", none=""), Choice(audio="mfcc")
    )
    assert found == {"mood": "Column: mood", "bpm": "Column: bpm"}
    assert columns_of(make(duration_s=[1.0, 2, 3, 4]), Choice(audio="mfcc"))["duration_s"] == "Duration (s)"


def test_many_different_numbers_are_quantities_and_few_are_names():
    assert is_numeric(pd.Series(np.arange(20))) and is_numeric(pd.Series([*map(str, range(20)), ""]))
    assert not is_numeric(pd.Series([1, 2, 3] * 9)) and not is_numeric(pd.Series(list("abcdefghijklmnopq")))
    assert not is_numeric(pd.Series([None, ""]))
    np.testing.assert_array_equal(numbers_of(pd.Series(["1.5", "x", "inf"])), [1.5, np.nan, np.nan])
    assert texts_of(pd.Series([1999.0, None, " pop "], dtype=object)).tolist() == ["1999", "", "pop"]
