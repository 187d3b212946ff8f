"""Which crops are read."""

import numpy as np
import pytest

from core.audio.crops import crop_starts, read_crops
from core.errors import AudioError


def test_one_crop_is_the_centre_crop():
    assert crop_starts(1000, 256, 1) == [(1000 - 256) // 2]


def test_crops_are_evenly_spaced_and_stay_inside():
    starts = crop_starts(900, 100, 3)
    assert starts == [100, 400, 700]
    for length in (1, 99, 100, 101, 150, 250, 10_000):
        for n in (1, 2, 3, 7):
            starts = crop_starts(length, 100, n)
            assert len(starts) == n and starts == sorted(starts)
            assert starts[0] >= 0 and starts[-1] <= max(length - 100, 0)


def test_crops_lie_on_frames_of_the_whole_track(write_sound):
    path = write_sound(sr=22_050, duration_s=10, channels=1, subtype="FLOAT")
    import soundfile as sf

    y, _ = sf.read(path, dtype="float32")
    hop, lead, frames = 512, 1024, 64
    n_samples = (frames - 1) * hop + 2 * lead
    crops, length = read_crops(path, sr=22_050, n_samples=n_samples, n_crops=2, hop_length=hop, lead=lead)
    assert length == len(y)
    padded = np.pad(y, lead)
    for crop, start in zip(crops, crop_starts(1 + len(y) // hop, frames, 2)):
        np.testing.assert_array_equal(crop, padded[start * hop :][: len(crop)])


def test_a_short_sound_is_padded_and_repeated(write_sound):
    crops, length = read_crops(
        write_sound("hit.wav", duration_s=0.05, sr=22_050), sr=22_050, n_samples=5000, n_crops=3
    )
    assert crops.shape == (3, 5000) and length == 1102
    assert crops[0, :1102].any() and not crops[:, 1102:].any()
    np.testing.assert_array_equal(crops[0], crops[2])


def test_a_silent_crop_among_others_is_allowed_but_not_only_silence(write_sound, make_signal):
    y = make_signal(22_050, 9, 1)
    y[: 22_050 * 4] = 0
    path = write_sound("half.wav", y=y, sr=22_050)
    crops, _ = read_crops(path, sr=22_050, n_samples=22_050, n_crops=3)
    assert not crops[0].any() and crops[2].any()
    y[:] = 0
    y[-100:] = 0.5
    with pytest.raises(AudioError, match="silent where it is read"):
        read_crops(write_sound("end.wav", y=y, sr=22_050), sr=22_050, n_samples=22_050, n_crops=3)
