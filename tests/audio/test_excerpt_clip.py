"""Excerpts to take along: length, equal loudness, size, and files that can't be read."""

import numpy as np
import pytest
import soundfile

from core.audio.excerpt_clip import SR, clip_bytes, make_clip
from core.audio.loudness import measure_loudness
from core.errors import AudioError


def write(path, level, seconds=8.0):
    t = np.arange(round(seconds * 22_050)) / 22_050
    soundfile.write(path, level * np.sin(2 * np.pi * 440 * t), 22_050)
    return path


def test_excerpts_are_equally_loud_mono_and_as_long_as_asked(tmp_path):
    loud, soft = write(tmp_path / "loud.wav", 0.8), write(tmp_path / "soft.wav", 0.02)
    assert measure_loudness(loud).lufs - measure_loudness(soft).lufs > 30
    clips = [make_clip(path, 4.0) for path in (loud, soft)]
    found = [measure_loudness(clip).lufs for clip in clips]
    assert found[0] == pytest.approx(found[1], abs=1)
    info = soundfile.info(str(clips[0]))
    assert (info.samplerate, info.channels) == (SR, 1) and info.duration == pytest.approx(4, abs=0.1)
    assert clips[0].stat().st_size == pytest.approx(clip_bytes(8.0, 4.0), rel=0.05)
    assert make_clip(loud, 4.0) == clips[0]


def test_a_short_file_is_taken_whole_from_its_middle(tmp_path):
    short = make_clip(write(tmp_path / "short.wav", 0.3, seconds=1.0), 6.0)
    assert soundfile.info(str(short)).duration == pytest.approx(1, abs=0.1)
    t = np.arange(3 * SR) / SR
    soundfile.write(tmp_path / "middle.wav", 0.5 * np.sin(2 * np.pi * 440 * t) * ((t > 1) & (t < 2)), SR)
    y, _ = soundfile.read(make_clip(tmp_path / "middle.wav", 0.8))
    assert np.sqrt(np.mean(y[SR // 10 : -SR // 10] ** 2)) > 0.03


def test_what_can_not_be_read_is_named(tmp_path):
    (tmp_path / "no.wav").write_bytes(b"nothing")
    for name in ("no.wav", "missing.wav"):
        with pytest.raises(AudioError):
            make_clip(tmp_path / name, 4.0)
