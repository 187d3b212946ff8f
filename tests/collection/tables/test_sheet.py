"""Tables as they lie on disk."""

import numpy as np
import pandas as pd
import pytest

from core.collection.tables.sheet import as_numbers, as_text, read_sheet
from core.errors import CollectionError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_told_from_the_content(tmp_path, encoding, delimiter):
    path = tmp_path / "t.csv"
    path.write_bytes(
        f'id{delimiter}"the, title"{delimiter}n\r\n007{delimiter}"Jóga{delimiter} é"{delimiter}1\r\n'.encode(
            encoding
        )
    )
    sheet = read_sheet(path)
    assert list(sheet.columns) == ["id", "the, title", "n"]
    assert sheet.iloc[0].tolist() == ["007", f"Jóga{delimiter} é", "1"]


def test_cells_may_hold_lines(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('id,lyrics\n1,"one\ntwo, three"\n2,four\n')
    assert list(read_sheet(path)["lyrics"]) == ["one\ntwo, three", "four"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("t.csv", b"", "is empty"),
        ("t.csv", b"a,b\n", "no rows"),
        ("t.csv", b"a,b\n1,2,3,4\n1,2,3,4\n", "more cells than the first line has names"),
        ("t.csv", b"a,b\n\0\0\0\1,2\n", "not text"),
        ("t.parquet", b"PAR1 not really", "can't be read as a table"),
        ("t.xlsx", b"x", "allowed are .csv"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CollectionError, match="^[^\n]*$") as error:
        read_sheet(tmp_path / name)
    assert told in str(error.value)


def test_a_missing_table_and_a_folder_are_refused(tmp_path):
    with pytest.raises(CollectionError, match="there is no table"):
        read_sheet(tmp_path / "t.csv")
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(CollectionError, match="is not a file"):
        read_sheet(tmp_path / "d.csv")


def test_numbers_are_told_from_words():
    np.testing.assert_array_equal(
        as_numbers(pd.Series(["1", " 2.5 ", "", "NaN", "inf", "-1e3"])),
        [1, 2.5, np.nan, np.nan, np.nan, -1000],
    )
    np.testing.assert_array_equal(as_numbers(pd.Series([True, False])), [1, 0])
    assert as_numbers(pd.Series(["a", "b", "1"])) is None
    assert as_numbers(pd.Series(["", ""])) is None
    twenty = pd.Series(["oops", *map(str, range(19))])
    assert np.isnan(as_numbers(twenty)[0]) and as_numbers(twenty)[19] == 18


def test_text_of_whole_numbers_has_no_point():
    assert list(as_text(pd.Series([7.0, np.nan, 12.0]))) == ["7", "", "12"]
    assert list(as_text(pd.Series([" a ", None, "nan"]))) == ["a", "", ""]
