"""Dialects of delimited text: what spreadsheets, pandas, numpy, R and collectors of music write."""

import numpy as np
import pandas as pd
import pytest

from core.collection.tables.delimited_text.delimited import read_delimited
from core.collection.tables.sheet import as_numbers, open_sheet

PLAIN = "file,x,y,label\n" + "".join(f"{i}.wav,{i}.5,{-i}.25,{'ab'[i % 2]}\n" for i in range(12))
NAMES = ["file", "x", "y", "label"]


def lines(text, **places):
    """Return text with lines put in by their position, as _3="…"."""
    found = text.splitlines()
    for place, line in places.items():
        found.insert(int(place[1:]), line)
    return "\n".join(found) + "\n"


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        (PLAIN, {}),
        (lines(PLAIN, _0="# made by a program"), {"comments": 1}),
        (lines(PLAIN, _0="# made by, a program", _1="#"), {"comments": 2}),
        (lines(PLAIN, _0="% of MATLAB", _5="# a pause"), {"comments": 2}),
        (lines(PLAIN, _0="My music", _1="", _2="March 2024"), {"titles": 2}),
        (lines(PLAIN, _0="My music,,,", _1=",,,"), {"titles": 1}),
        (lines(PLAIN, _6="file,x,y,label"), {"repeated headers": 1}),
        (lines(PLAIN, _6="file,x,y,label", _9="file,x,y,label"), {"repeated headers": 2}),
        (PLAIN + ",,,\n,,,\n", {"blank lines": 2}),
        (PLAIN.replace("\n", ",\n"), {}),
        (PLAIN.replace("\n", ",,\n").replace("label,,", "label"), {}),
        (lines(PLAIN.replace(",", ";"), _0="sep=;"), {"separator line": 1}),
        (lines(PLAIN.replace(",", "\t"), _0='"sep=\t"'), {"separator line": 1}),
        (PLAIN.replace("\n", "\r\n"), {}),
        ("\ufeff" + PLAIN, {}),
    ],
)
def test_what_is_no_data_is_left_out_and_counted(text, skipped):
    frame, dialect = read_delimited(text)
    assert list(frame.columns) == NAMES and len(frame) == 12
    assert frame.iloc[11].tolist() == ["11.wav", "11.5", "-11.25", "b"]
    assert dialect.skipped == skipped


def test_levels_of_pandas_are_joined():
    columns = pd.MultiIndex.from_tuples(
        [("album", "title"), ("track", "title"), ("track", "genre_top"), ("track", "listens")]
    )
    frame = pd.DataFrame([["A", "B", "Rock", 3], ["C", "D", "Folk", 4]] * 3, columns=columns)
    names = ["album.title", "track.title", "track.genre_top", "track.listens"]
    for index in (pd.Index(range(6), name="track_id"), pd.Index(list("abcdef"), name="track_id")):
        read, dialect = read_delimited(frame.set_index(index).to_csv())
        assert list(read.columns) == ["track_id", *names] and len(read) == 6 and dialect.n_header == 3
    assert list(read_delimited(frame.to_csv(index=False))[0].columns) == names
    read, _ = read_delimited(frame.to_csv())
    assert list(read.columns)[1:] == names and len(read) == 6


def test_the_features_of_fma_have_three_levels():
    columns = pd.MultiIndex.from_product(
        [["chroma", "mfcc"], ["mean", "std"], ["01", "02"]], names=["feature", "statistics", "number"]
    )
    X = np.random.default_rng(0).normal(size=(5, 8))
    text = pd.DataFrame(X, columns=columns, index=pd.Index([2, 3, 5, 10, 20], name="track_id")).to_csv()
    read, dialect = read_delimited(text)
    assert (
        list(read.columns)[:3] == ["track_id", "chroma.mean.01", "chroma.mean.02"] and dialect.n_header == 4
    )
    np.testing.assert_allclose(read.iloc[:, 1:].astype(float), X)


def test_a_row_that_lacks_everything_but_its_name_is_data():
    read, dialect = read_delimited(lines(PLAIN, _2="lost.wav,,,"))
    assert len(read) == 13 and dialect.n_header == 1


@pytest.mark.parametrize(
    ("text", "names", "first"),
    [
        (pd.DataFrame([[0.5, 1.5], [2.5, 3.5]]).to_csv(), ["Unnamed: 0", "0", "1"], ["0", "0.5", "1.5"]),
        (pd.DataFrame([[0.5, 1.5], [2.5, 3.5]]).to_csv(index=False), ["0", "1"], ["0.5", "1.5"]),
        ("1.5,2.5\n3,4\n", ["column 1", "column 2"], ["1.5", "2.5"]),
        ("1.5e+00 2.5e+00\n3 4\n", ["column 1", "column 2"], ["1.5e+00", "2.5e+00"]),
        ("# tempo energy\n1.5e+00 2.5e+00\n3 4\n", ["tempo", "energy"], ["1.5e+00", "2.5e+00"]),
        ("# tempo,energy\n1.5,2.5\n3,4\n", ["tempo", "energy"], ["1.5", "2.5"]),
        ("#tempo,artist\n1.5,x\n3,y\n", ["tempo", "artist"], ["1.5", "x"]),
        ("0,5;1,5\n2,25;3\n", ["column 1", "column 2"], ["0,5", "1,5"]),
        ("a.wav,1.5,rock\nb.wav,2.5,jazz\n", ["filename", "column 2", "column 3"], ["a.wav", "1.5", "rock"]),
        ('"x","y"\n"a",1,2\n"b",3,4\n', ["Unnamed: 0", "x", "y"], ["a", "1", "2"]),  # R's write.table
        ("mfcc,mfcc,\n1,2,\n3,4,\n", ["mfcc", "mfcc.1"], ["1", "2"]),
    ],
)
def test_names_of_the_columns_may_be_numbers_or_missing(text, names, first):
    read, _ = read_delimited(text)
    assert list(read.columns) == names and read.iloc[0].tolist() == first and len(read) == 2


def test_a_last_column_of_text_takes_the_rest_of_the_line():
    head = "id\tpath\ttags\n"
    read, dialect = read_delimited(head + "1\ta.mp3\tgenre---rock\n2\tb.mp3\tgenre---pop\tgenre---folk\n")
    assert list(read["tags"]) == ["genre---rock", "genre---pop\tgenre---folk"] and dialect.n_joined == 1
    late = head + "1\ta.mp3\trock\n" * 1000 + "2\tb.mp3\tpop\tfolk\n"
    assert read_delimited(late)[0]["tags"].iloc[-1] == "pop\tfolk"


def test_a_line_with_too_many_numbers_is_left_out():
    read, dialect = read_delimited("title,x,y\na,1,2\nb, c,3,4\nd,5,6\n")
    assert list(read["title"]) == ["a", "d"] and dialect.skipped == {"lines with too many cells": 1}
    with pytest.raises(ValueError, match="more cells than the first line has names"):
        read_delimited("a,b\n1,2,3,4\n1,2,3,4\n")


SONGS = "id\tartist\tsong\talbum\n" + "".join(f"{i:04}\tArt {i}\tSong {i}\tAlb\n" for i in range(9))


@pytest.mark.parametrize(
    "broken",
    [
        {"Song 2": '"Song 2'},
        {"Song 2": '"Song 2', "Song 7": '"Song 7'},
        {"Song 2": '"Song 2', "Song 3": '"Song 3'},
        {"Song 2": 'Song 2 (12" mix)', "Song 4": '7"'},
        {"Song 8": '"Song 8'},
        {"Art 2": '"Art 2', "Song 2": '"Song 2'},
        {"Song 2": '"Song 2', "Song 7": 'Song 7 12"'},
    ],
)
@pytest.mark.parametrize("delimiter", ["\t", ","])
def test_quotes_that_are_not_closed_are_characters(broken, delimiter):
    text = SONGS.replace("\t", delimiter)
    for old, new in broken.items():
        text = text.replace(old, new)
    read, _ = read_delimited(text)
    assert list(read["id"]) == [f"{i:04}" for i in range(9)] and set(read["album"]) == {"Alb"}
    assert set(broken.values()) <= set(read["song"]) | set(read["artist"])


def test_quoted_cells_may_hold_delimiters_quotes_and_lines():
    cells = ["one\ntwo, three", "four, five\nsix, seven\r\neight", 'say "yes", no', "plain"]
    frame = pd.DataFrame({"id": range(4), "lyrics": cells, "x": [1.5] * 4})
    read, _ = read_delimited(frame.to_csv(index=False))
    assert list(read["lyrics"]) == cells and list(read["x"]) == ["1.5"] * 4
    escaped, _ = read_delimited('id,title,x\n1,"say \\"yes\\", no",2\n2,b,3\n')
    assert escaped["title"][0] == 'say "yes", no'


@pytest.mark.parametrize("inner", [";", "|", " "])
def test_delimiters_inside_of_cells_are_not_those_of_the_table(inner):
    text = "file,label,vector\n" + "".join(f"{i}.wav,a,{inner.join(['0.5', '1', '2'])}\n" for i in range(9))
    read, _ = read_delimited(text)
    assert list(read.columns) == ["file", "label", "vector"] and read["vector"][0] == f"0.5{inner}1{inner}2"


def test_a_header_with_a_byte_order_mark_may_repeat():
    read, dialect = read_delimited("\ufeff" + PLAIN + "\ufeff" + PLAIN)
    assert len(read) == 24 and dialect.skipped == {"repeated headers": 1}


def test_a_file_says_what_was_assumed_of_it(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("titre;x\nété;1,5\nÀ la mer;2,25\n".encode("cp1252"))
    sheet = open_sheet(path)
    assert sheet.report == {"encoding": "cp1252"} and sheet.decimal == ","
    np.testing.assert_array_equal(as_numbers(sheet.frame["x"], decimal=sheet.decimal), [1.5, 2.25])
    path.write_bytes(b"1;2\n3;4\n")
    assert open_sheet(path).report == {"n_header": 0}
