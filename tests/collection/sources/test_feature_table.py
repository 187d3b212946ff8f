"""Tables of pre-extracted features."""

import numpy as np
import pandas as pd
import pytest

from core.collection import add
from core.collection.sources.feature_table import read_table
from core.collection.sources.folder import hash_file
from core.errors import CollectionError
from core.features.extraction.extract import extract_features
from core.features.table_columns import Table


@pytest.fixture
def frame():
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "filename": [f"blues.{i:05d}.wav" for i in range(6)],
            "length": [661_794] * 6,
            "tempo": rng.normal(size=6),
            "mfcc1": rng.normal(size=6),
            "label": ["blues"] * 3 + ["jazz"] * 3,
        }
    )


def saved(frame, path):
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_numbers_labels_and_names_find_their_place(tmp_path, frame, ending):
    tracks, table, problems, info = read_table(saved(frame, tmp_path / f"t.{ending}"))
    assert list(table.columns) == ["length", "tempo", "mfcc1"]
    np.testing.assert_allclose(table["tempo"], frame["tempo"])
    assert list(tracks["label"]) == list(frame["label"])
    assert list(tracks["title"])[:2] == ["blues.00000", "blues.00001"]
    assert problems == [] and info["labels"]["from"] == "label" and info["key"] == "filename"


def test_ids_follow_content_not_order_or_format(tmp_path, frame):
    first = read_table(saved(frame, tmp_path / "a.csv"))[0]
    mixed = frame.sample(frac=1, random_state=3)[list(reversed(frame.columns))]
    second = read_table(saved(mixed, tmp_path / "b.parquet"))[0]
    assert dict(zip(first["file"], first["track_id"])) == dict(zip(second["file"], second["track_id"]))
    frame.loc[0, "tempo"] += 1
    third = read_table(saved(frame, tmp_path / "c.csv"))[0]
    assert (first["track_id"] != third["track_id"]).tolist() == [True] + [False] * 5


def test_equal_rows_are_kept_with_ids_of_their_own_and_reported(tmp_path, frame):
    frame = pd.concat(
        [frame, frame.iloc[[0, 0]], frame.iloc[[1]].assign(label="jazz", filename="jazz.00009.wav")]
    )
    collection = add(saved(frame, tmp_path / "t.csv"), "t")
    assert collection.n_tracks == 9 and collection.tracks["track_id"].is_unique
    assert list(collection.problems["kind"]) == ["duplicate"] * 3
    assert collection.problems["reason"].iloc[0] == "the same numbers as blues.00000.wav; kept"
    assert "but labelled 'jazz' instead of 'blues'" in collection.problems["reason"].iloc[2]
    assert (collection.info["n_duplicates"], collection.info["n_conflicting_labels"]) == (3, 1)


def test_cells_that_are_no_numbers_become_nan_and_empty_columns_go(tmp_path, frame):
    frame = frame.astype({"tempo": object})
    frame.loc[0, "tempo"] = "inf"
    frame["void"] = np.nan
    frame["word"] = list("abcdef")
    frame["yes"] = [True, False] * 3
    tracks, table, _, info = read_table(saved(frame, tmp_path / "t.csv"))
    assert np.isnan(table["tempo"][0]) and info["cells_without_number"] == 1
    assert info["empty_columns"] == ["void"]
    assert "void" not in table and "void" not in tracks
    assert list(tracks["word"]) == list("abcdef")


def test_a_column_of_numbers_may_be_the_label(tmp_path, frame):
    frame["class_no"] = [0, 0, 1, 1, 2, 2]
    tracks, table, _, _ = read_table(saved(frame, tmp_path / "t.csv"), label="class_no")
    assert list(tracks["label"]) == ["0", "0", "1", "1", "2", "2"] and "class_no" not in table
    with pytest.raises(
        CollectionError, match="'genus' is not a column; there are filename, length, tempo, mfcc1, label"
    ):
        read_table(tmp_path / "t.csv", label="genus")


def test_known_text_columns_are_recognised(tmp_path, frame):
    frame["Lyrics"] = ["la la"] * 5 + [""]
    frame["artist_name"] = "Somebody"
    collection = add(saved(frame, tmp_path / "t.csv"), "t")
    assert collection.text_sources() == {"lyrics": 5, "title – artist": 1}
    assert collection.texts("metadata")[0] == "Somebody"


def test_rows_without_names_have_no_text(tmp_path, frame):
    collection = add(saved(frame[["tempo", "mfcc1"]], tmp_path / "t.csv"), "t")
    assert list(collection.tracks["title"])[:2] == ["row 1", "row 2"]
    assert collection.text_sources() == {"nothing": 6}
    assert not collection.labelled.any()


def test_a_table_without_numbers_and_texts_says_what_it_is_for(tmp_path):
    pd.DataFrame({"filename": ["a"], "label": ["x"]}).to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(CollectionError, match="no numeric column.*--text t.csv"):
        read_table(tmp_path / "t.csv")


def test_lists_notations_and_levels_become_numbers(tmp_path, frame):
    frame["tempo"] = [f"[{90 + i}.5]" for i in range(6)]
    frame["plays"] = [f"{i + 1},234" for i in range(6)]
    frame["embedding"] = [f"[0.{i} 1. {i}.5]" for i in range(6)]
    frame["genre_ids"] = ["[21, 10]"] * 6
    frame["key"] = ["[1, 2]"] * 5 + ["[1, 2, 3]"]
    frame["time"] = [f"3:{i}0" for i in range(6)]
    _, table, _, info = read_table(saved(frame, tmp_path / "t.csv"))
    assert list(table.columns) == [
        "length",
        "tempo",
        "mfcc1",
        "plays",
        "embedding_0",
        "embedding_1",
        "embedding_2",
    ]
    assert list(table["tempo"]) == [90.5 + i for i in range(6)] and table["plays"][1] == 2234
    assert list(table["embedding_2"]) == [i + 0.5 for i in range(6)]
    assert info["unread_columns"] == {
        "genre_ids": "'[21, 10]' is no number",
        "key": "lists of 2 to 3 numbers",
        "time": "'3:00' is no number",
    }


def test_a_decimal_comma_holds_for_the_whole_table(tmp_path):
    (tmp_path / "t.csv").write_text("file;x;y\na;1,5;1,234\nb;2,25;2,345\n")
    table = read_table(tmp_path / "t.csv")[1]
    np.testing.assert_array_equal(table, [[1.5, 1.234], [2.25, 2.345]])


def test_a_row_without_any_number_is_left_out_with_the_reason(tmp_path, frame):
    frame.loc[[1, 4], ["tempo", "mfcc1"]] = np.nan
    frame.loc[1, "mfcc1"] = np.inf
    tracks, table, problems, info = read_table(saved(frame.reset_index(), tmp_path / "t.csv"))
    assert list(tracks["row"]) == [1, 3, 4, 6] and len(table) == 4 and info["n_left_out"] == 2
    assert [problem.path for problem in problems] == ["blues.00001.wav", "blues.00004.wav"]
    assert problems[0].reason == "has no number in any of its 2 numeric columns; left out"
    frame["lyrics"] = ["", "a song"] + [""] * 4
    collection = add(saved(frame, tmp_path / "t.csv"), "t")
    assert list(collection.tracks["row"]) == [1, 2, 3, 4, 6]
    present = extract_features(collection, Table()).present
    assert present.tolist() == [True, False, True, True, True]


def test_our_own_export_is_read_as_it_was(tmp_path, frame):
    first = add(saved(frame, tmp_path / "t.csv"), "t")
    vectors = list(np.random.default_rng(0).normal(size=(6, 3)))
    export = first.tracks.assign(cluster=[0, 1] * 3, x=1.5, y=range(6), vector=vectors)
    again = add(saved(export, tmp_path / "out.parquet"), "again")
    assert list(again.table.columns) == ["vector_0", "vector_1", "vector_2"]
    assert again.labels() == first.labels() and list(again.tracks["title"]) == list(first.tracks["title"])
    assert list(again.tracks["title_from"]) == ["file name"] * 6


def test_sound_joins_and_gives_its_id(tmp_path, frame, make_sound):
    for i in (0, 2, 4):
        make_sound(tmp_path / "audio" / "blues" / f"blues.{i:05d}.au", 200 + i)
    make_sound(tmp_path / "audio" / "other.wav", 300)
    (tmp_path / "audio" / "blues.00005.wav").write_bytes(b"")
    collection = add(saved(frame, tmp_path / "t.csv"), "t", audio=tmp_path / "audio")
    heard = [bool(path) for path in collection.audio_paths()]
    assert heard == [True, False, True, False, True, False]
    assert collection.tracks["track_id"][0] == hash_file(tmp_path / "audio" / "blues" / "blues.00000.au")
    assert collection.tracks["duration_s"].notna().tolist() == heard
    join = collection.info["audio_join"]
    assert (join["rows_with_sound"], join["rows_without_sound"], join["files_without_row"]) == (3, 3, 1)
    assert collection.problems["reason"].tolist() == ["is empty (zero bytes)"]
    assert list(collection.table["tempo"]) == pytest.approx(list(frame["tempo"]))


def test_shuffled_rows_get_the_same_sound(tmp_path, frame, make_sound):
    for i in range(6):
        make_sound(tmp_path / "audio" / f"blues.{i:05d}.wav", 200 + i)
    plain = add(saved(frame, tmp_path / "a.csv"), "a", audio=tmp_path / "audio").tracks.set_index("file")
    mixed = add(
        saved(frame.sample(frac=1, random_state=1), tmp_path / "b.csv"), "b", audio=tmp_path / "audio"
    ).tracks.set_index("file")
    columns = ["track_id", "path", "label"]
    pd.testing.assert_frame_equal(plain[columns].sort_index(), mixed[columns].sort_index())


def test_segments_of_one_file_share_its_sound_but_not_its_id(tmp_path, frame, make_sound):
    make_sound(tmp_path / "audio" / "blues.00000.wav")
    frame["filename"] = "blues.00000.wav"
    collection = add(saved(frame, tmp_path / "t.csv"), "t", audio=tmp_path / "audio")
    assert all(collection.audio_paths()) and collection.tracks["track_id"].is_unique
    assert collection.info["audio_join"]["rows_sharing_a_file"] == 6


def test_sound_that_fits_no_row_is_an_error(tmp_path, frame, make_sound):
    make_sound(tmp_path / "audio" / "x.wav")
    with pytest.raises(CollectionError, match="no row of t.csv matches"):
        add(saved(frame, tmp_path / "t.csv"), "t", audio=tmp_path / "audio")


def test_text_joins_to_a_table_and_may_bring_the_label(tmp_path, frame):
    text = tmp_path / "text.csv"
    pd.DataFrame(
        {"file": [f"blues.{i:05d}" for i in range(6)], "lyrics": list("abcdef"), "mood": list("xxyyzz")}
    ).to_csv(text, index=False)
    collection = add(saved(frame, tmp_path / "t.csv"), "t", text=text, label="mood")
    assert collection.labels() == list("xxyyzz") and collection.texts() == list("abcdef")
    assert add(tmp_path / "t.csv", "own", text=text).labels() == list(frame["label"])
    assert add(tmp_path / "t.csv", "t", text=text, label="label").labels() == list(frame["label"])
