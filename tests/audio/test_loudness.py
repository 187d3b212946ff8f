import math

import numpy as np
import pytest
import soundfile as sf
from scipy.signal import sosfreqz

from core.audio.loudness import PEAK_DBFS, TARGET_LUFS, k_weighting, loudness_of, measure_loudness
from core.errors import AudioError

SR = 48_000


def tone(amplitude: float, seconds: float = 3.0, sr: int = SR, hz: float = 997.0) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * sr)) / sr)


def lufs_of(y: np.ndarray, sr: int = SR, block: int = 5000) -> float | None:
    y = y.reshape(len(y), -1)
    return loudness_of((y[k : k + block] for k in range(0, len(y), block)), sr)[0]


def test_the_filters_are_those_of_the_standard():
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285, 1, -1.69065929318241, 0.73248077421585]
    high_pass = [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621]
    np.testing.assert_allclose(k_weighting(48_000), [shelf, high_pass], atol=1e-8)


@pytest.mark.parametrize("sr", [16_000, 22_050, 44_100, 96_000])
def test_other_rates_weight_as_48_khz_does(sr):
    hz = np.array([60.0, 250.0, 1000.0, 3000.0])
    there, here = (np.abs(sosfreqz(k_weighting(rate), hz, fs=rate)[1]) for rate in (48_000, sr))
    np.testing.assert_allclose(20 * np.log10(here / there), 0, atol=0.15)


def test_a_full_scale_tone_on_one_channel_has_the_loudness_of_the_standard():
    left = np.stack([tone(1.0), np.zeros(3 * SR)], axis=1)
    assert lufs_of(left) == pytest.approx(-3.01, abs=0.02)
    both = np.stack([tone(1.0)] * 2, axis=1)
    assert lufs_of(both) == pytest.approx(0, abs=0.02) == lufs_of(tone(1.0))


@pytest.mark.parametrize("block", [1, 997, 10**6])
def test_blocks_change_nothing(block):
    y = np.random.default_rng(0).normal(0, 0.1, (9000, 2))
    assert lufs_of(y, 8000, block) == pytest.approx(lufs_of(y, 8000, 5000), abs=1e-9)


def test_silence_and_quiet_parts_do_not_count():
    loud = tone(0.1)
    assert lufs_of(np.concatenate([loud, np.zeros(10 * SR)])) == pytest.approx(lufs_of(loud), abs=0.3)
    assert lufs_of(np.concatenate([loud, 0.01 * loud])) == pytest.approx(lufs_of(loud), abs=0.3)
    assert lufs_of(np.zeros(SR)) is None


def test_a_short_sound_is_one_block():
    whole = lufs_of(tone(0.5, 0.4))
    assert lufs_of(tone(0.5, 0.2)) == pytest.approx(whole - 3.01, abs=0.3)
    assert lufs_of(tone(0.5, 0.01)) is not None


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_the_gain_matches_loudness_and_keeps_below_full_scale(tmp_path, channels):
    gains = {}
    for name, amplitude in {"loud": 0.9, "soft": 0.09}.items():
        sf.write(tmp_path / f"{name}.wav", np.stack([tone(amplitude)] * channels, axis=1), SR)
        found = measure_loudness(tmp_path / f"{name}.wav")
        gains[name] = found.gain_db
        assert found.lufs + found.gain_db == pytest.approx(TARGET_LUFS, abs=0.01)
    assert gains["soft"] - gains["loud"] == pytest.approx(20, abs=0.05)


def test_a_soft_file_with_one_loud_sample_is_raised_as_far_as_its_peak_allows(tmp_path):
    y = tone(0.003)
    y[100] = 0.8
    sf.write(tmp_path / "a.wav", y, SR, subtype="FLOAT")
    found = measure_loudness(tmp_path / "a.wav")
    assert found.peak_dbfs + found.gain_db == pytest.approx(PEAK_DBFS)
    assert found.lufs + found.gain_db < TARGET_LUFS - 10


def test_of_a_long_file_the_rest_is_taken_to_be_full_scale(tmp_path, monkeypatch):
    monkeypatch.setattr("core.audio.loudness.MEASURED_S", 2)
    sf.write(tmp_path / "a.wav", tone(0.001, 3), SR, subtype="FLOAT")
    assert measure_loudness(tmp_path / "a.wav").gain_db == pytest.approx(PEAK_DBFS)


def test_silence_is_played_as_it_is(tmp_path):
    sf.write(tmp_path / "a.wav", np.zeros(SR), SR)
    found = measure_loudness(tmp_path / "a.wav")
    assert found.lufs is None and found.gain_db == 0 and math.isfinite(found.peak_dbfs)


def test_a_file_is_measured_once_until_it_changes(tmp_path, monkeypatch):
    path = tmp_path / "a.wav"
    sf.write(path, tone(0.5), SR)
    first = measure_loudness(path)
    with monkeypatch.context() as patch:
        patch.setattr("core.audio.loudness.loudness_of", lambda *_: pytest.fail("measured again"))
        assert measure_loudness(path) == first
    sf.write(path, tone(0.25, 4), SR)
    assert measure_loudness(path).lufs == pytest.approx(first.lufs - 6.02, abs=0.05)


def test_a_bad_file_says_why(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"nothing")
    with pytest.raises(AudioError):
        measure_loudness(tmp_path / "a.wav")
