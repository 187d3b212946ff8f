"""Joining tables to tracks: which column, which spelling, which rows."""

import pandas as pd
import pytest

from core.collection.tables.join import join_text
from core.errors import CollectionError


@pytest.fixture
def tracks():
    files = ["jazz/Blue in Green.mp3", "jazz/So What.flac", "rock/000002.mp3", "rock/Mr. Brightside.ogg"]
    return pd.DataFrame(
        {
            "track_id": [f"{i:032x}" for i in range(1, 5)],
            "path": [f"/music/{file}" for file in files],
            "file": files,
            "title": ["Blue in Green", "So What", "000002", "Mr. Brightside"],
            "title_from": ["tags", "tags", "file name", "file name"],
            "artist": ["", "Miles", "", ""],
        }
    )


def write(tmp_path, name="text.csv", **columns):
    table = pd.DataFrame(columns)
    path = tmp_path / name
    table.to_parquet(path) if name.endswith("parquet") else table.to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    ("column", "keys"),
    [
        ("track_id", [f"{i:032X}" for i in range(1, 5)]),
        (
            "path",
            [
                "/music/jazz/Blue in Green.mp3",
                "/music/jazz/So What.flac",
                "/music/rock/000002.mp3",
                "/music/rock/Mr. Brightside.ogg",
            ],
        ),
        (
            "path",
            ["jazz\\Blue in Green.wav", "jazz\\So What.wav", "rock\\000002.wav", "rock\\Mr. Brightside.wav"],
        ),
        ("File_Name", ["Blue in Green", "So What", "000002", "Mr. Brightside"]),
        ("filename", ["BLUE IN GREEN.WAV", "so what.mp3", "000002", "mr. brightside"]),
        (
            "file",
            [
                "/elsewhere/x/Blue in Green.mp3",
                "/elsewhere/So What.mp3",
                "/elsewhere/000002.mp3",
                "/elsewhere/Mr. Brightside.mp3",
            ],
        ),
    ],
)
@pytest.mark.parametrize("name", ["text.csv", "text.parquet"])
def test_every_way_to_name_a_track(tmp_path, tracks, column, keys, name):
    joined = join_text(
        tracks, write(tmp_path, name, **{column: keys, "lyrics": ["one", "two", "three", "four"]})
    )
    assert list(joined.tracks["lyrics"]) == ["one", "two", "three", "four"]
    assert joined.counts["tracks_joined"] == 4 and joined.counts["rows_without_track"] == 0


def test_numbers_name_files_that_are_numbers(tmp_path, tracks):
    joined = join_text(tracks, write(tmp_path, track_id=[2, 77], genre=["Rock", "Pop"]))
    assert list(joined.tracks["genre"]) == ["", "", "Rock", ""]
    assert joined.counts["matched_by"] == "number of the file"
    assert joined.counts["rows_without_track"] == 1 and joined.counts["tracks_without_row"] == 3


def test_shuffling_rows_changes_nothing(tmp_path, tracks):
    columns = {
        "filename": ["So What.mp3", "Blue in Green", "so what", "nobody", "Mr. Brightside", "000002"],
        "lyrics": ["a", "b", "a", "c", "d", "e"],
        "mood": ["x", "", "x", "y", "z", "w"],
    }
    plain = join_text(tracks, write(tmp_path, **columns))
    for seed in range(5):
        order = pd.DataFrame(columns).sample(frac=1, random_state=seed)
        again = join_text(tracks, write(tmp_path, **order.to_dict("list")))
        pd.testing.assert_frame_equal(plain.tracks, again.tracks)
        assert plain.counts == again.counts


def test_known_columns_fill_others_come_along_and_empty_cells_change_nothing(tmp_path, tracks):
    joined = join_text(
        tracks,
        write(
            tmp_path,
            filename=["So What", "000002"],
            Title=["", "Second"],
            COMPOSER=["", "Evans"],
            mood=["calm", ""],
            path_=["p", "q"],
            nothing=["", ""],
        ),
        on="filename",
    )
    assert list(joined.tracks["title"]) == ["Blue in Green", "So What", "Second", "Mr. Brightside"]
    assert list(joined.tracks["title_from"]) == ["tags", "tags", "table", "file name"]
    assert list(joined.tracks["artist"]) == ["", "Miles", "Evans", ""]
    assert list(joined.tracks["mood"]) == ["", "calm", "", ""]
    assert joined.columns == {"Title": "title", "COMPOSER": "artist", "mood": "mood", "path_": "path_"}
    assert "nothing" not in joined.tracks


def test_a_column_that_clashes_is_renamed(tmp_path, tracks):
    joined = join_text(
        tracks, write(tmp_path, filename=["So What"], track_id=["7"], lyrics=["x"]), on="filename"
    )
    assert joined.columns["track_id"] == "table_track_id"
    assert list(joined.tracks["track_id"]) == list(tracks["track_id"])


def test_contradicting_rows_are_refused_and_reported_equal_ones_are_one(tmp_path, tracks):
    joined = join_text(
        tracks,
        write(
            tmp_path,
            filename=["So What", "so what.mp3", "000002", "000002"],
            lyrics=["a", "b", "same", "same"],
        ),
    )
    assert list(joined.tracks["lyrics"]) == ["", "", "same", ""]
    assert joined.counts["tracks_with_conflicting_rows"] == 1
    assert [problem.kind for problem in joined.problems] == ["note"]
    assert "2 differing rows name the track 'So What'" in joined.problems[0].reason


def test_a_name_that_fits_several_tracks_names_none(tmp_path, tracks):
    tracks.loc[3, "file"] = "live/So What.ogg"
    joined = join_text(tracks, write(tmp_path, filename=["So What", "000002"], lyrics=["a", "b"]))
    assert list(joined.tracks["lyrics"]) == ["", "", "b", ""]
    assert joined.counts["rows_naming_several_tracks"] == 1
    assert "'So What' matches several tracks" in joined.problems[0].reason


def test_the_ending_decides_where_it_is_needed(tmp_path, tracks):
    tracks.loc[3, "file"] = "rock/000002.ogg"
    joined = join_text(tracks, write(tmp_path, filename=["000002.ogg"], lyrics=["a"]))
    assert list(joined.tracks["lyrics"]) == ["", "", "", "a"]


def test_composed_and_decomposed_accents_are_the_same_name(tmp_path, tracks):
    tracks.loc[0, "file"] = "jazz/Cafe\u0301.mp3"
    joined = join_text(tracks, write(tmp_path, file=["Caf\u00e9"], lyrics=["a"]))
    assert joined.tracks["lyrics"][0] == "a"


def test_on_names_the_column(tmp_path, tracks):
    path = write(tmp_path, id=["x", "y"], Song_File=["So What", "000002"], lyrics=["a", "b"])
    assert list(join_text(tracks, path, on="song_file").tracks["lyrics"]) == ["", "a", "b", ""]
    with pytest.raises(CollectionError, match="'nowhere' is not a column; there are id, Song_File, lyrics"):
        join_text(tracks, path, on="nowhere")


def test_a_key_column_that_fits_nothing_gives_way_to_the_next(tmp_path, tracks):
    joined = join_text(
        tracks, write(tmp_path, id=[501, 502], filename=["So What", "000002"], lyrics=["a", "b"])
    )
    assert joined.counts["on"] == "filename"
    assert joined.counts["tracks_joined"] == 2


def test_a_table_that_fits_nothing_shows_both_sides(tmp_path, tracks):
    with pytest.raises(CollectionError, match="holds 'zzz', a track is called 'jazz/Blue in Green.mp3'"):
        join_text(tracks, write(tmp_path, filename=["zzz"], lyrics=["a"]))
    with pytest.raises(CollectionError, match="none of the columns id, track_id"):
        join_text(tracks, write(tmp_path, song=["zzz"], lyrics=["a"]))


@pytest.fixture
def albums():
    files = ["Album A/01 - Song.wav", "Album A/02 - Über.wav", "Album B/01 - Song.wav", "Album B/a b.wav"]
    return pd.DataFrame(
        {
            "track_id": [f"{i:032x}" for i in range(1, 5)],
            "path": [f"/music/{file}" for file in files],
            "file": files,
            "title": files,
        }
    )


@pytest.mark.parametrize(
    "start",
    [
        "C:\\Music\\",
        "\\\\server\\share\\Music\\",
        "file:///D:/Music/",
        "https://x.org/m/",
        "../Music/",
        "s3://b/",
    ],
)
def test_paths_of_other_systems_match_from_their_end(tmp_path, albums, start):
    keys = [start + file for file in albums["file"]]
    if "\\" in start:
        keys = [key.replace("/", "\\") for key in keys]
    if start.startswith("http"):
        keys = [key.replace(" ", "%20").replace("Ü", "%C3%9C") + "?dl=1" for key in keys]
    joined = join_text(albums, write(tmp_path, path=keys, lyrics=list("abcd")))
    assert list(joined.tracks["lyrics"]) == list("abcd")
    assert joined.counts["tracks_joined"] == 4 and joined.counts["rows_without_track"] == 0


def test_the_longest_common_end_wins_and_rows_without_a_track_are_shown(tmp_path, albums):
    keys = [
        "D:\\x\\Album A\\01 - Song.wav",
        "D:\\x\\Album C\\02 - Über.wav",
        "D:\\x\\Album A\\02 - Über.wav",
        "D:\\y.wav",
    ]
    joined = join_text(albums, write(tmp_path, path=keys, lyrics=list("abcd")))
    assert list(joined.tracks["lyrics"]) == ["a", "c", "", ""]
    assert joined.counts["rows_without_track"] == 2
    assert joined.counts["examples"] == ["D:\\x\\Album C\\02 - Über.wav", "D:\\y.wav"]


@pytest.mark.parametrize(
    "segment", [".{}.wav", "_{}.wav", "-part{}.wav", "_seg_{}", " ({}).wav", "_{}.0-30.0.wav"]
)
def test_segments_match_their_track(tmp_path, segment):
    files = [f"blues/blues.{i:05}.wav" for i in range(3)]
    tracks = pd.DataFrame({"track_id": list("abc"), "path": files, "file": files, "title": files})
    keys = [f"blues.{i:05}" + segment.format(j) for i in range(3) for j in range(4)]
    columns = {"filename": keys, "chroma": range(12), "label": ["x"] * 4 + ["y"] * 4 + ["z"] * 4}
    joined = join_text(tracks, write(tmp_path, **columns))
    assert list(joined.tracks["label"]) == ["x", "y", "z"] and "chroma" not in joined.tracks
    assert joined.counts["tracks_joined"] == 3 and not joined.problems
