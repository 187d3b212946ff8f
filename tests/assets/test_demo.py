"""The demo collection keeps what it promises: sizes, lengths, texts, licences, and labels that nothing else
gives away."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo"
COLUMNS = (
    "file",
    "title",
    "composer",
    "tradition",
    "language",
    "lyrics",
    "source_work",
    "licence",
    "encoder",
    "ensemble",
    "room",
    "seed",
    "source",
)
STATED = "CC BY-SA 3.0 (stated in the file)"
UNSTATED = "no restriction stated; in the music21 corpus with the encoder’s permission"


@pytest.fixture(scope="module")
def tracks():
    return pd.read_csv(DEMO / "tracks.csv", keep_default_na=False, dtype=str)


def test_table_has_a_row_for_each_sound_file_and_no_other(tracks):
    assert tuple(tracks.columns) == COLUMNS
    assert sorted(tracks["file"]) == sorted(p.name for p in (DEMO / "audio").iterdir())


def test_eight_traditions_or_more_with_about_twenty_tracks_each(tracks):
    counts = tracks["tradition"].value_counts()
    assert len(tracks) >= 160
    assert len(counts) >= 8
    assert counts.between(18, 22).all()


def test_audio_is_small_mono_vorbis_of_12_to_15_seconds(tracks):
    infos = [soundfile.info(DEMO / "audio" / name) for name in tracks["file"]]
    assert sum(p.stat().st_size for p in (DEMO / "audio").iterdir()) <= 12_000_000
    assert {(i.format, i.subtype, i.channels) for i in infos} == {("OGG", "VORBIS", 1)}
    assert 12 <= min(i.duration for i in infos) <= max(i.duration for i in infos) <= 15


def test_sound_is_equally_loud_unclipped_and_quiet_at_its_ends(tracks):
    levels = []
    for name in tracks["file"][::9]:
        y, sr = soundfile.read(DEMO / "audio" / name)
        levels.append(10 * np.log10(np.mean(y**2)))
        assert np.abs(y).max() < 1
        assert np.abs(y[:8]).max() < 0.02
        assert np.abs(y[-8:]).max() < 0.02
        loud = np.sqrt(np.mean(y[: len(y) // sr * sr].reshape(-1, sr) ** 2, axis=1))
        assert (loud[:11] > 0.005).all(), name
    assert np.ptp(levels) < 10


def test_no_two_tracks_come_from_the_same_movement_or_tune(tracks):
    assert tracks["source"].is_unique
    assert tracks["source_work"].is_unique
    assert tracks["source"].str.startswith("music21/corpus/").all()


def test_four_traditions_are_sung_and_the_others_have_no_words(tracks):
    sung = tracks.assign(sung=tracks["lyrics"] != "").groupby("tradition")["sung"].agg(["sum", "size"])
    assert (sung["sum"] >= 15).sum() >= 3
    assert (sung["sum"] == 0).sum() >= 3
    words = tracks.loc[tracks["lyrics"] != ""]
    assert set(words["language"]) <= {"de", "it", "la"}
    assert (tracks.loc[tracks["lyrics"] == "", "language"] == "").all()


def test_syllables_are_joined_and_no_chord_symbols_stand_for_words(tracks):
    lyrics = tracks["lyrics"][tracks["lyrics"] != ""]
    assert not lyrics.str.contains(r"\w-\s|\s-\w|_|\[|\]|\u00ad").any()
    assert not lyrics.str.contains(r"\b(?:[IVX]{2,}[0-9]*|[ivIV]+[0-9]+)\b").any()
    lengths = [len(word) for text in lyrics for word in text.split()]
    assert np.mean(lengths) > 4


def test_titles_and_composers_do_not_name_the_tradition(tracks):
    always = {
        "reel",
        "reels",
        "jig",
        "jigs",
        "hornpipe",
        "hornpipes",
        "strathspey",
        "fling",
        "opus",
        "choral",
        "traditional",
    }
    for title, composer, tradition in zip(
        tracks["title"], tracks["composer"], tracks["tradition"], strict=True
    ):
        told = set(re.findall(r"[a-z]+", f"{title} {composer}".lower()))
        assert not told & (always | set(re.findall(r"[a-z]{3,}", tradition.lower())) - {"slow"}), title


def test_every_tradition_shares_timbres_with_others(tracks):
    heard = tracks.groupby("ensemble")["tradition"].nunique()
    shared = tracks["ensemble"].isin(heard.index[heard >= 2])
    assert shared.groupby(tracks["tradition"]).sum().ge(3).all()


def test_each_licence_says_what_its_file_says(tracks):
    assert (tracks["licence"].eq(STATED) | tracks["licence"].str.startswith(UNSTATED)).all()
    assert (tracks["encoder"] != "").all()
    assert not tracks["encoder"].str.contains("@").any()
    left_out = r"palestrina|essenFolksong|leadSheet|\.krn|madrigal\.5"
    assert not tracks["source"].str.contains(left_out).any()
