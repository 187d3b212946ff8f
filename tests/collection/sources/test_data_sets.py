"""Data sets as they are published: their folders, their tables, their names of files."""

import pandas as pd
import pytest

from core import collection as collections

IDS = [2, 5, 10, 1001, 1002, 1003]
GENRES = ["Hip-Hop", "Rock", "Rock", "Hip-Hop", "Rock", "Hip-Hop"]


@pytest.fixture
def fma(tmp_path, make_sound):
    """Return the folder and the tracks.csv of FMA, with header rows for levels, names and the index."""
    for i, number in enumerate(IDS):
        make_sound(tmp_path / "fma" / f"{number // 1000:03}" / f"{number:06}.wav", 200 + i)
    tracks = pd.DataFrame(
        {
            ("album", "title"): "Alb",
            ("artist", "name"): "Art",
            ("track", "genre_top"): GENRES,
            ("track", "genres"): "[21, 10]",
            ("track", "title"): [f"Song {letter}" for letter in "abcdef"],
        },
        index=pd.Index(IDS, name="track_id"),
    )
    tracks.to_csv(tmp_path / "tracks.csv")
    return tmp_path / "fma", tmp_path / "tracks.csv"


@pytest.mark.parametrize("label", [None, "track.genre_top", "genre_top"])
def test_the_tracks_of_fma_join_its_folders_by_their_number(fma, label):
    folder, tracks = fma
    collection = collections.add(folder, "fma", text=tracks, label=label)
    assert collection.labels() == GENRES and collection.info["text_join"]["tracks_joined"] == 6
    assert collection.texts()[0] == "Song a – Art" and collection.info["text_reading"] == {"n_header": 3}
    assert list(collection.tracks["album.title"]) == ["Alb"] * 6


def test_the_features_of_fma_have_the_audio_of_its_folders(fma, tmp_path):
    folder, tracks = fma
    columns = pd.MultiIndex.from_tuples(
        [("mfcc", "mean", "01"), ("mfcc", "mean", "02")], names=["feature", "statistics", "number"]
    )
    X = [[i / 7, i * i / 5] for i in range(6)]
    pd.DataFrame(X, columns=columns, index=pd.Index(IDS, name="track_id")).to_csv(tmp_path / "features.csv")
    collection = collections.add(tmp_path / "features.csv", "fma", audio=folder, text=tracks)
    assert all(collection.audio_paths()) and collection.labels() == GENRES
    assert list(collection.table.columns) == ["mfcc.mean.01", "mfcc.mean.02"]


def test_the_tags_of_jamendo_repeat_the_last_field(tmp_path, make_sound):
    lines = ["TRACK_ID\tARTIST_ID\tPATH\tDURATION\tTAGS"]
    for i in range(4):
        make_sound(tmp_path / "audio" / f"{i:02}" / f"{i}007.wav", 200 + i)
        tags = "genre---rock" + "\tgenre---pop\tmood/theme---happy" * (i % 2)
        lines.append(f"track_000{i}007\tartist_{i}\t{i:02}/{i}007.mp3\t100.5\t{tags}")
    (tmp_path / "jamendo.tsv").write_text("\n".join(lines))
    collection = collections.add(tmp_path / "audio", "j", text=tmp_path / "jamendo.tsv", genres="TAGS")
    assert collection.genres() == [("rock",), ("rock", "pop")] * 2
    assert collection.info["text_join"]["on"] == "PATH" and collection.info["text_reading"]["n_joined"] == 2


def test_the_segments_of_gtzan_join_its_files(tmp_path, make_sound):
    genres = ["blues", "jazz"]
    for i, genre in enumerate(genres):
        make_sound(tmp_path / "genres" / genre / f"{genre}.00000.wav", 200 + i)
    rows = [(f"{genre}.00000.{i}.wav", i / 7, genre) for genre in genres for i in range(3)]
    pd.DataFrame(rows, columns=["filename", "chroma", "label"]).to_csv(tmp_path / "3.csv", index=False)
    collection = collections.add(tmp_path / "genres", "folder", text=tmp_path / "3.csv")
    assert collection.labels() == genres and collection.text_sources() == {"nothing": 2}
    segments = collections.add(tmp_path / "3.csv", "segments", audio=tmp_path / "genres")
    assert segments.n_tracks == 6 and all(segments.audio_paths())
    assert segments.info["audio_join"]["rows_sharing_a_file"] == 6
