"""A crop is the slice of the whole, and every odd file is read."""

import os
import tracemalloc

import numpy as np
import pytest
import soundfile as sf
import soxr

from core.audio.audio_file import is_audible
from core.audio.decode import check, open_audio, probe
from core.errors import AudioError
from tests.audio.crop import read_crop

ROUNDING = 2e-6


def _whole(path, sr):
    """Decode everything, mix and resample: the plain way."""
    y, rate = sf.read(path, dtype="float32", always_2d=True)
    return soxr.resample(y.mean(axis=1), rate, sr, "HQ")


@pytest.mark.parametrize("sr", [44_100, 48_000, 22_050, 32_000])
@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3", "aiff"])
def test_a_crop_equals_the_slice_of_the_whole(write_sound, ending, sr):
    path = write_sound(f"a.{ending}", sr=sr)
    whole = _whole(path, 22_050)
    with open_audio(path) as sound:
        assert sound.length(22_050) == len(whole)
        for start in (0, 1, 700, 30_001, 61_234, len(whole) - 5_000):
            y = sound.read(start, 5_000, 22_050)
            np.testing.assert_allclose(y, whole[start : start + 5_000], atol=ROUNDING)
    shifted = read_crop(path, 30_002 / 22_050, 5_000 / 22_050, 22_050)
    assert np.abs(shifted - whole[30_001:35_001]).max() > 1000 * ROUNDING, "one sample's shift must show"


def test_ogg_is_read_to_the_sample_where_libsndfile_lands_beside_it(write_sound):
    sr, n = 22_050, 4_000
    path = write_sound("a.ogg", sr=sr, channels=1)
    whole, _ = sf.read(path, dtype="float32")
    beside = []
    with sf.SoundFile(path) as file:
        for start in range(1, len(whole) - n, 601):
            file.seek(start)
            if np.abs(file.read(n, dtype="float32") - whole[start : start + n]).max() > 0.01:
                beside.append(start)
    if not beside:
        pytest.skip("this libsndfile seeks exactly")
    with open_audio(path) as sound:
        for start in beside:
            np.testing.assert_allclose(sound.read(start, n, sr), whole[start : start + n], atol=ROUNDING)


@pytest.mark.parametrize("bit_rate", [48_000, 320_000])
def test_mp3_with_a_bit_reservoir_is_read_to_the_sample(write_with_ffmpeg, bit_rate):
    path = write_with_ffmpeg("a.mp3", "libmp3lame", b=str(bit_rate), duration_s=8)
    whole = _whole(path, 22_050)
    for start in (20_000, 100_000, 150_000):
        y = read_crop(path, start / 22_050, 0.4, 22_050)
        np.testing.assert_allclose(y, whole[start : start + 8820], atol=ROUNDING)


@pytest.mark.parametrize(
    "name, codec, settings",
    [
        ("a.m4a", "aac", {"aac_pns": "0"}),  # noise substitution is random in each decoder
        ("a.m4a", "alac", {}),
        ("a.mp4", "aac", {"aac_pns": "0"}),
        ("a.aac", "aac", {"aac_pns": "0", "format": "adts"}),
        (
            "a.mp3",
            "libmp3lame",
            {"q": "4", "container_options": {"write_xing": "0"}},
        ),  # no frame count: FFmpeg counts
        ("a.webm", "libopus", {"sr": 48_000}),
    ],
)
def test_what_ffmpeg_reads_is_cut_at_the_same_place(write_with_ffmpeg, name, codec, settings):
    path = write_with_ffmpeg(name, codec, duration_s=6, **settings)
    info = check(path)
    assert info.duration_s == pytest.approx(6, abs=0.08)
    with open_audio(path) as sound:
        whole = sound.read(0, sound.length(22_050), 22_050)
        for start in (30_000, 77_777, 110_000):
            assert np.abs(sound.read(start, 10_000, 22_050) - whole[start : start + 10_000]).max() < 2e-3
            assert is_audible(whole[start : start + 10_000])


def test_wma_is_read_to_its_millisecond_clock(write_with_ffmpeg, make_signal):
    path = write_with_ffmpeg("a.wma", "wmav2", b="128000", duration_s=6)
    assert check(path).subtype == "wmav2"
    y, reference = read_crop(path, 3, 1, 44_100), make_signal(44_100, 6).mean(axis=1)
    lags = range(-4500, 4500)  # WMA counts two blocks of its codec's delay
    best = max(
        np.corrcoef(y[:20_000], reference[3 * 44_100 + lag :][:20_000])[0, 1] for lag in lags if lag % 4 == 0
    )
    assert best > 0.8


def test_outside_of_the_sound_is_zero(write_sound):
    path = write_sound(duration_s=1, sr=44_100)
    y = read_crop(path, -0.5, 2, 44_100)
    assert y.shape == (88_200,) and y.dtype == np.float32
    assert not y[:22_050].any() and not y[66_150:].any() and y[22_050:66_150].any()
    assert not read_crop(path, 5, 1, 22_050).any()


@pytest.mark.parametrize(
    "name, settings",
    [
        ("rate.wav", {"sr": 192_000, "subtype": "PCM_24"}),
        ("low.wav", {"sr": 8_000}),
        ("surround.wav", {"channels": 6, "format": "WAVEX"}),
        ("deep.flac", {"subtype": "PCM_24"}),
        ("float.wav", {"subtype": "DOUBLE"}),
        ("byte.wav", {"subtype": "PCM_U8"}),
        ("adpcm.wav", {"subtype": "MS_ADPCM"}),
        ("gsm.wav", {"subtype": "GSM610", "channels": 1, "sr": 8_000}),
        ("old.au", {}),
        ("apple.aiff", {}),
        ("apple.caf", {}),
        ("voice.opus", {"sr": 48_000, "format": "OGG", "subtype": "OPUS"}),
        ("wrong-ending.mp3", {"format": "FLAC"}),
        ("<img src=x onerror=alert(1)>.wav", {}),
        ("🎵 naïve Ünïcode.flac", {}),
        ("two\nlines.wav", {}),
        ("http:.wav", {}),
    ],
)
def test_odd_files_are_read(write_sound, name, settings):
    if os.name == "nt" and any(c in name for c in "<>:\n"):
        pytest.skip("Windows has no such names")
    path = write_sound(name, **settings)
    assert check(path).duration_s == pytest.approx(4, abs=0.05)
    assert probe(path).sr == settings.get("sr", 44_100)
    y = read_crop(path, 1, 2, 22_050)
    assert y.shape == (44_100,) and 0.01 < y.std() < 0.5


def test_channels_are_averaged(write_sound):
    y = np.zeros((22_050, 4), np.float32)
    y[:, 1], y[:, 2] = 0.5, 0.25
    for subtype in ("PCM_16", "FLOAT"):
        path = write_sound("four.wav", y=y, sr=22_050, subtype=subtype)
        np.testing.assert_allclose(read_crop(path, 0.1, 0.5, 22_050), 0.1875, atol=1e-4)


def test_a_drum_hit_of_50_ms_is_padded(write_sound):
    path = write_sound("hit.wav", duration_s=0.05)
    assert check(path).duration_s == pytest.approx(0.05)
    y = read_crop(path, 0, 1, 22_050)
    assert y[:1000].any() and not y[1103:].any()


def test_ten_hours_cost_no_memory(tmp_path):
    path, sr, hours = tmp_path / "long.wav", 8_000, 10
    n = hours * 3600 * sr
    tone = (127 + 100 * np.sin(np.arange(sr * 10))).astype(np.uint8)
    with sf.SoundFile(path, "w", sr, 1, subtype="PCM_U8") as out:
        out.write(np.zeros(4))
    header = bytearray(path.read_bytes()[:44])
    header[4:8], header[40:44] = (n + 36).to_bytes(4, "little"), n.to_bytes(4, "little")
    with path.open("wb") as file:  # holes where nothing is written, so the disk holds a few seconds only
        file.write(header)
        file.seek(44 + n // 2)
        file.write(tone)
        file.truncate(44 + n)
    tracemalloc.start()
    try:
        assert check(path).duration_s == hours * 3600
        y = read_crop(path, hours * 1800, 6, 22_050)
        assert tracemalloc.get_traced_memory()[1] < 60e6
    finally:
        tracemalloc.stop()
    assert y.std() > 0.3


def test_a_thousand_channels_are_read_a_block_at_a_time(write_sound):
    y = np.random.default_rng(0).standard_normal((20_000, 1000)).astype(np.float32) * 0.1
    path = write_sound("wide.wav", y=y, sr=8_000, subtype="PCM_16")
    del y
    tracemalloc.start()
    try:
        assert read_crop(path, 0, 2, 8_000).any()
        assert tracemalloc.get_traced_memory()[1] < 30e6
    finally:
        tracemalloc.stop()


def test_a_sound_that_begins_after_a_silence_is_no_silence(write_sound, make_signal):
    y = np.zeros((22_050 * 30, 1), np.float32)
    y[5_000:9_000] = make_signal(22_050, 1, 1)[:4000]
    assert check(write_sound("late.wav", y=y, sr=22_050)).duration_s == 30


def test_streamed_headers_are_no_truncation(write_sound):
    path = write_sound()
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"  # what a program leaves that writes to a pipe
    path.write_bytes(data)
    assert check(path).duration_s == 4
    data[40:44] = (len(data) * 3).to_bytes(4, "little")  # the control: a promise that is not kept
    path.write_bytes(data)
    with pytest.raises(AudioError, match="truncated"):
        check(path)
