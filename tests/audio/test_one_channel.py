"""A recording whose channels cancel when they are averaged is read from one channel."""

import numpy as np
import pytest

from core.audio.decode import check, open_audio
from core.audio.mixing import mix_blocks
from core.features import get_extractor
from tests.audio.crop import read_crop


def _tone(n=44_100 * 4, level=0.4):
    return (level * np.sin(2 * np.pi * 330 * np.arange(n) / 44_100)).astype(np.float32)


@pytest.mark.parametrize(
    "name, settings", [("a.flac", {}), ("a.wav", {"subtype": "FLOAT"}), ("a.mp3", {}), ("a.ogg", {})]
)
@pytest.mark.parametrize("level", [0.4, 0.02])
def test_a_channel_with_the_other_inverted(write_sound, name, settings, level):
    y = _tone(level=level)
    path = write_sound(name, y=np.stack([y, -y], axis=1), **settings)
    assert check(path).one_channel
    assert np.abs(read_crop(path, 1, 2, 22_050)).max() == pytest.approx(level, rel=0.2)
    assert np.isfinite(get_extractor("mfcc").extract(path)).all()


def test_it_is_compared_sample_by_sample(write_sound):
    y = _tone(44_100)
    path = write_sound("a.wav", y=np.stack([y, -y], axis=1), subtype="FLOAT")
    with open_audio(path) as audio:
        np.testing.assert_allclose(audio.read(1000, 5000, 44_100), y[1000:6000], atol=1e-6)
        assert audio.one_channel


def test_clipped_shares_are_read_from_one_channel_too(write_sound):
    y = _tone()
    extract = get_extractor("descriptors").extract
    alone = extract(write_sound("one.wav", y=y[:, None]))
    np.testing.assert_allclose(extract(write_sound("two.wav", y=np.stack([y, -y], axis=1))), alone, rtol=1e-4)


def test_ordinary_stereo_is_mixed(write_sound, make_signal):
    y = make_signal(44_100, 4)
    for other in (y[:, 0], y[:, 1], 0 * y[:, 0], -0.8 * y[:, 0]):
        path = write_sound("a.wav", y=np.stack([y[:, 0], other], axis=1), subtype="FLOAT")
        assert not check(path).one_channel
        np.testing.assert_allclose(
            read_crop(path, 1, 1, 44_100), (y[44_100:88_200, 0] + other[44_100:88_200]) / 2, atol=1e-5
        )


def test_what_cancels_near_silence_is_no_recording_of_its_own(write_sound):
    y = _tone()
    y[-88_200:] *= 1e-3
    stereo = np.stack([y, y], axis=1)
    stereo[-88_200:, 1] *= -1
    assert not check(write_sound("fade.wav", y=stereo, subtype="FLOAT")).one_channel


def test_silent_blocks_before_the_sound_choose_no_channel():
    y = _tone(1000)[:, None]
    silent = np.zeros((1000, 3), np.float32)
    loud = np.concatenate([0 * y, y, -y], axis=1)
    mixed, one_channel = mix_blocks([silent, loud])
    assert one_channel and len(mixed) == 2000
    np.testing.assert_array_equal(mixed[1000:], y[:, 0])
    np.testing.assert_array_equal(
        mix_blocks([(loud * 32767).astype(np.int16)])[0],
        (y[:, 0] * 32767).astype(np.int16) / np.float32(32768),
    )
    assert mix_blocks([])[0].shape == (0,)


def test_not_a_number_stays_one():
    y = np.full((100, 2), np.nan, np.float32)
    assert np.isnan(mix_blocks([y])[0]).all()
