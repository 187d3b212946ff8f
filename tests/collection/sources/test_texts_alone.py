"""Tables of texts without numbers, alone and several as one collection."""

import pandas as pd
import pytest

from core import collection as collections
from core.errors import CollectionError

BANGLA = "আমার সোনার বাংলা আমি তোমায় ভালোবাসি চিরদিন তোমার আকাশ"
ENGLISH = "the rain is falling on the river and I am walking home to you"


@pytest.fixture
def files(tmp_path):
    pd.DataFrame({"Title": list("abc"), "Lyrics": [BANGLA, BANGLA + " এবং", "এক"]}).to_csv(
        tmp_path / "bangla.csv", index=False
    )
    pd.DataFrame({"song": list("de"), "lyrics": [ENGLISH, ENGLISH * 2], "mood": ["x", "y"]}).to_parquet(
        tmp_path / "english.parquet"
    )
    return [tmp_path / "bangla.csv", tmp_path / "english.parquet"]


def test_rows_of_several_tables_know_their_file_and_language(files):
    collection = collections.add(files, "lyrics")
    tracks = collection.tracks
    assert collection.table is None and collection.text_sources() == {"lyrics": 5}
    assert list(tracks["source_file"]) == ["bangla.csv"] * 3 + ["english.parquet"] * 2
    assert list(tracks["row"]) == [1, 2, 3, 1, 2] and list(tracks["title"]) == list("abcde")
    assert list(tracks["language"]) == ["bn"] * 3 + ["en"] * 2
    assert list(tracks["language_from"]) == ["detected", "detected", "file name", "detected", "detected"]
    assert list(tracks["mood"]) == ["", "", "", "x", "y"]
    assert collection.info["languages"] == {"bn": 3, "en": 2}


def test_files_and_languages_may_be_labels(files):
    assert (
        collections.add(files, "a", label="source_file").labels()
        == ["bangla.csv"] * 3 + ["english.parquet"] * 2
    )
    assert collections.add(files, "b", label="language").labels() == ["bn"] * 3 + ["en"] * 2


def test_the_source_of_several_files_is_read_again(files):
    first = collections.add(files, "lyrics", label="language")
    frame = pd.read_csv(files[0])
    pd.concat([frame, frame.assign(Title="new", Lyrics=BANGLA * 2).head(1)]).to_csv(files[0], index=False)
    again = collections.add(first.info["source"], "lyrics")
    assert again.n_tracks == 6 and again.info["changes"]["n_new"] == 1
    assert again.info["taken_over"] == {"label": "language"}
    assert collections.estimate(first.info["source"])["n_files"] == 2


def test_ids_do_not_depend_on_the_other_files(files):
    alone = collections.add(files[0], "alone").tracks
    both = collections.add(files, "both").tracks
    assert set(alone["lyrics"]) <= set(both["lyrics"]) and "source_file" not in alone


def test_a_folder_is_not_read_together_with_a_table(files, tmp_path):
    with pytest.raises(CollectionError, match="only if all are tables"):
        collections.add([files[0], tmp_path], "x")


def test_given_languages_stay(tmp_path):
    pd.DataFrame({"text": [ENGLISH, ENGLISH], "language": ["Scots", ""]}).to_csv(
        tmp_path / "t.csv", index=False
    )
    tracks = collections.add(tmp_path / "t.csv", "t").tracks
    assert list(tracks["language"]) == ["Scots", "en"]
    assert list(tracks["language_from"]) == ["table", "detected"] and tracks["lyrics"][0] == ENGLISH


def test_the_longest_texts_are_lyrics_whatever_their_column_is_called(tmp_path):
    pd.DataFrame({"paroles": [ENGLISH, BANGLA], "humeur": ["gaie", "triste"]}).to_csv(
        tmp_path / "t.csv", index=False
    )
    collection = collections.add(tmp_path / "t.csv", "t")
    assert collection.texts() == [ENGLISH, BANGLA] and collection.info["lyrics_from"] == "paroles"


def test_an_index_beside_texts_is_no_feature(tmp_path):
    pd.DataFrame({"lyrics": [ENGLISH, ENGLISH * 2, BANGLA]}).to_csv(tmp_path / "t.csv")
    collection = collections.add(tmp_path / "t.csv", "t")
    assert collection.table is None and collection.n_tracks == 3
    assert list(collection.problems["reason"]) == []


def test_the_same_text_twice_is_said(tmp_path):
    pd.DataFrame({"id": list("abc"), "lyrics": ["x y", "x y", "z"]}).to_csv(tmp_path / "t.csv", index=False)
    collection = collections.add(tmp_path / "t.csv", "t")
    assert collection.n_tracks == 3
    assert list(collection.problems["reason"]) == ["the same texts as a; kept"]


def test_languages_of_a_sample_are_counted_anew(files):
    assert collections.add(files, "a", label="language", sample=1).info["languages"] == {"bn": 1, "en": 1}
