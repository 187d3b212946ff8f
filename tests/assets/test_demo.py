"""The demo collection keeps what it promises: sizes, lengths, loudness, texts, authors, licences, timbres."""

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from scipy.signal import lfilter

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo"
COLUMNS = (
    *("file", "title", "composer", "tradition", "language", "lyrics", "lyricist", "source_work", "licence"),
    *("source", "ensemble", "room", "seed", "duration_s"),
)
SUNG = {"German Lied", "French mélodie", "English song", "Parlour song", "Sacred choral"}
K_WEIGHTING = {  # BS.1770 at 32 kHz: a high shelf of 4 dB at 1,682 Hz and a high-pass at 38 Hz
    "shelf": (1681.97, 0.7072, 3.99984),
    "high-pass": (38.135, 0.5003, None),
}


@pytest.fixture(scope="module")
def tracks():
    return pd.read_csv(DEMO / "tracks.csv", keep_default_na=False, dtype=str)


@pytest.fixture
def check_pieces(monkeypatch):
    monkeypatch.syspath_prepend(str(DEMO / "make"))
    for name in ("check_pieces", "pieces", "read_musicxml", "score", "words"):
        sys.modules.pop(name, None)
    import check_pieces

    return check_pieces


def test_table_has_a_row_for_each_audio_file_and_no_other(tracks):
    assert tuple(tracks.columns) == COLUMNS
    assert sorted(tracks["file"]) == sorted(p.name for p in (DEMO / "audio").iterdir())


def test_ten_traditions_with_20_to_24_tracks_each(tracks):
    counts = tracks["tradition"].value_counts()
    assert 200 <= len(tracks) <= 240
    assert len(counts) == 10 and counts.between(20, 24).all()


def test_audio_is_small_mono_vorbis_of_12_to_15_seconds(tracks):
    infos = [soundfile.info(DEMO / "audio" / name) for name in tracks["file"]]
    assert sum(p.stat().st_size for p in (DEMO / "audio").iterdir()) <= 16_000_000
    assert {(i.format, i.subtype, i.channels) for i in infos} == {("OGG", "VORBIS", 1)}
    assert 12 <= min(i.duration for i in infos) <= max(i.duration for i in infos) <= 15
    assert tracks["duration_s"].astype(float).tolist() == [i.duration for i in infos]


def test_audio_is_equally_loud_unclipped_and_without_long_silences(tracks):
    levels = []
    for name in tracks["file"][::9]:
        y, sr = soundfile.read(DEMO / "audio" / name)
        levels.append(loudness_lufs(y, sr))
        assert np.abs(y).max() < 1, name
        assert max(np.abs(y[:8]).max(), np.abs(y[-8:]).max()) < 0.02, name
        frames = np.sqrt(np.mean(y[: len(y) // 800 * 800].reshape(-1, 800) ** 2, axis=1))
        assert longest_run(frames < 0.003) * 800 / sr <= 1.5, name
    assert np.abs(np.array(levels) + 19).max() <= 1


def test_the_loudness_of_a_sine_is_known():
    y = np.sin(2 * np.pi * 997 * np.arange(5 * 32_000) / 32_000)
    assert loudness_lufs(y, 32_000) == pytest.approx(-3.01, abs=0.1)


def test_sung_traditions_have_texts_and_the_others_have_none(tracks):
    sung = tracks["tradition"].isin(SUNG)
    assert tracks.loc[sung, ["lyrics", "lyricist", "language"]].ne("").all(axis=None)
    assert tracks.loc[~sung, ["lyrics", "lyricist", "language"]].eq("").all(axis=None)
    lengths = tracks.loc[sung, "lyrics"].str.split().str.len()
    assert (lengths >= 20).mean() > 0.95 and lengths.median() > 60


def test_syllables_are_joined(tracks):
    lyrics = tracks["lyrics"][tracks["lyrics"] != ""]
    assert not lyrics.str.contains(r"\w- |\s-\w|_|\[|\]|\u00ad|--|\d").any()
    assert 3.8 < np.mean([len(word) for text in lyrics for word in text.split()]) < 7


def test_no_two_tracks_are_of_one_work_and_no_composer_has_two_traditions(tracks):
    assert tracks["source"].is_unique and tracks["source_work"].is_unique
    named = tracks[~tracks["composer"].isin(["Traditional", "Anonymous"])]
    assert named.groupby("composer")["tradition"].nunique().max() == 1


def test_every_author_died_80_years_ago_or_more(check_pieces):
    pieces = check_pieces.read_pieces()
    assert check_pieces.problems(pieces) == []
    young = [{**pieces[0], "composer_died": "1947"}, *pieces[1:]]
    assert "1947" in check_pieces.problems(young)[0]


def test_titles_and_composers_do_not_name_the_tradition(tracks):
    always = {"lied", "mélodie", "parlour", "sacred", "choral", "ragtime", "harpsichord", "koto", "shamisen"}
    for title in tracks["title"][tracks["tradition"] != "String quartet"]:
        assert not set(re.findall(r"[^\W\d]+", title.lower())) & always, title


def test_every_tradition_shares_timbres_with_others(tracks):
    heard = tracks.groupby("ensemble")["tradition"].nunique()
    shared = tracks["ensemble"].isin(heard.index[heard >= 2])
    assert shared.groupby(tracks["tradition"]).sum().ge(2).all()


def test_licences_are_names_of_spdx_and_follow_the_source(tracks):
    of = tracks["source"].str.split("/").str[0]
    assert of.isin(["openscore_lieder", "openscore_quartets", "mutopia"]).all()
    assert (tracks["licence"] == np.where(of == "mutopia", "CC-PDDC", "CC0-1.0")).all()


def longest_run(flags):
    """Return the length of the longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return int(np.max(edges[1::2] - edges[::2], initial=0))


def loudness_lufs(y, sr):
    """Return the gated loudness of a mono signal after ITU-R BS.1770-4."""
    for kind, (f, q, gain) in K_WEIGHTING.items():
        k = np.tan(np.pi * f / sr)
        a = np.array([1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k])
        if kind == "shelf":
            h = 10 ** (gain / 20)
            h_mid = h**0.4996667741545416
            b = np.array([h + h_mid * k / q + k * k, 2 * (k * k - h), h - h_mid * k / q + k * k])
        else:
            b = np.array([1, -2, 1]) * a[0]
        y = lfilter(b / a[0], a / a[0], y)
    block, hop = round(0.4 * sr), round(0.1 * sr)
    power = np.array([np.mean(y[i : i + block] ** 2) for i in range(0, len(y) - block + 1, hop)])
    level = -0.691 + 10 * np.log10(power + 1e-12)
    kept = power[level > -70]
    kept = kept[kept > 0.1 * kept.mean()]
    return -0.691 + 10 * np.log10(kept.mean())
