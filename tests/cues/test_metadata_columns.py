"""Cues and tags that a collection's own columns give."""

import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.cues.metadata_columns import is_tagged_instrumental, read_unit_column


def _collection(table=None, **columns):
    n = len(next(iter(columns.values())))
    return Collection("c", pd.DataFrame({"track_id": [f"t{i}" for i in range(n)], **columns}), table=table)


@pytest.mark.parametrize(
    "column, cell, is_tagged",
    [
        ("title", "Blue Lake (Instrumental)", True),
        ("tags", "folk;instrumental", True),
        ("Genre", "Instrumental", True),
        ("language", "zxx", True),
        ("title", "Instrumentality", False),
        ("tags", "non-instrumental", False),
        ("caption", "an instrumental interlude", False),
        ("title", "Blue Lake", False),
        ("language", "en", False),
    ],
)
def test_metadata_may_tag_a_track_as_instrumental(column, cell, is_tagged):
    assert list(is_tagged_instrumental(_collection(**{column: [cell, "x"]}))) == [is_tagged, False]


def test_the_label_is_ignored():
    kinds = ["Instrumental", "Rock", ""]
    assert not is_tagged_instrumental(_collection(genre=kinds, label=kinds)).any()
    assert not is_tagged_instrumental(_collection(label=kinds)).any()
    assert is_tagged_instrumental(_collection(genre=kinds, label=["a", "b", "c"])).sum() == 1


def test_a_column_is_found_whatever_its_capitals():
    table = pd.DataFrame({" Energy": [0.0, 0.5, np.nan]})
    values, note = read_unit_column(_collection(table, title=["a", "b", "c"]), "energy")
    np.testing.assert_array_equal(values, [0, 0.5, np.nan])
    assert note == ""
    joined = _collection(title=["a", "b", "c"], Energy=["0.1", "much", ""])
    np.testing.assert_array_equal(read_unit_column(joined, "energy")[0], [0.1, np.nan, np.nan])
    assert np.isnan(read_unit_column(joined, "quality")[0]).all()


def test_values_outside_the_range_are_rejected_with_a_note():
    some = np.append(np.linspace(0, 1, 19), 1.5)
    values, note = read_unit_column(_collection(pd.DataFrame({"energy": some}), title=["x"] * 20), "energy")
    assert np.isnan(values[-1]) and np.isfinite(values[:-1]).all()
    assert "1 of 20 values in the column 'energy'" in note and "1.5" in note and "unknown" in note
    percent = pd.DataFrame({"energy": [0.0, 1.0, 55.0, 80.0]})
    values, note = read_unit_column(_collection(percent, title=["x"] * 4), "energy")
    assert np.isnan(values).all() and "not used" in note and "80" in note
