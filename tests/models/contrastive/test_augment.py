"""Each change of a clip does what it says and nothing else."""

import math

import numpy as np
import pytest
import torch

from core.errors import ConfigError
from core.features.spectral.clip import Clip
from core.models.contrastive.augment import (
    AugmentConfig,
    add_noise,
    augment,
    change_gain,
    crop_frames,
    decibel_scale,
    mask,
    shift_pitch,
)

UNIT, FLOOR = 20.0, -2.0
NOTHING = {
    "crop": 1.0,
    "pitch_shift": 0,
    "gain_db": 0.0,
    "snr_db": 100.0,
    "time_mask": 0.0,
    "frequency_mask": 0.0,
}


@pytest.fixture
def x():
    return torch.rand(5, 12, 30, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_gain_is_exact_and_silence_stays_silence(x):
    x[:, :3] = FLOOR
    louder = change_gain(x, torch.tensor([6.0, -6.0, 0.0, 20.0, -100.0]), unit_db=UNIT, floor=FLOOR)
    assert (louder[:, :3] == FLOOR).all()
    torch.testing.assert_close(louder[0, 3:], x[0, 3:] + 0.3)
    torch.testing.assert_close(louder[1, 3:], x[1, 3:] - 0.3)
    assert torch.equal(louder[2], x[2]) and (louder[4] == FLOOR).all()


def test_gain_in_units_is_gain_of_the_sound(tmp_path):
    """A wave that is twice as loud gives the clip that a gain of 6.02 dB gives."""
    import soundfile

    y = 0.2 * np.random.default_rng(0).normal(size=16_000 * 3)
    for name, wave in (("soft", 0.5 * y), ("loud", y)):
        soundfile.write(tmp_path / f"{name}.wav", wave, 16_000, subtype="FLOAT")
    soft, loud = (
        torch.from_numpy(Clip(clip_s=2.0).extract(tmp_path / f"{name}.wav").astype(np.float32))
        for name in ("soft", "loud")
    )
    unit_db, floor = decibel_scale({"name": "clip", "config": {"floor_db": -60.0}})
    assert (unit_db, floor) == (UNIT, FLOOR)
    torch.testing.assert_close(
        change_gain(soft, torch.tensor([20 * math.log10(2)]), unit_db=unit_db, floor=floor),
        loud,
        atol=3e-3,
        rtol=0,
    )


def test_noise_is_added_in_power(x):
    snr = torch.tensor([0.0, 3.0, 10.0, 20.0, 100.0])
    power = 10 ** (x.double() * UNIT / 10)
    noise = power.mean((1, 2)) / 10 ** (snr.double() / 10)
    expected = 10 * torch.log10(power + noise[:, None, None]) / UNIT
    noisy = add_noise(x, snr, unit_db=UNIT)
    torch.testing.assert_close(noisy.double(), expected, atol=1e-5, rtol=0)
    assert (noisy >= x - 1e-5).all()
    torch.testing.assert_close(noisy[4], x[4], atol=1e-4, rtol=0)


@pytest.mark.parametrize("axis", [1, 2])
def test_a_mask_hides_its_width_and_nothing_else(x, axis):
    start, width = torch.tensor([0, 3, 5, 2, 4]), torch.tensor([0, 1, 7, 4, 2])
    hidden = mask(x, axis, start, width)
    for clip, masked, first, n in zip(x, hidden, start.tolist(), width.tolist()):
        at = [slice(None), slice(None)]
        at[axis - 1] = slice(first, first + n)
        rest = torch.ones_like(clip, dtype=torch.bool)
        rest[tuple(at)] = False
        assert torch.equal(masked[rest], clip[rest]) and (~rest).sum() == n * clip.shape[2 - axis]
        torch.testing.assert_close(masked[~rest], clip.mean().expand(int((~rest).sum())))


def test_a_pitch_shift_undone_gives_the_clip_but_for_the_edge(x):
    bands = torch.tensor([0, 1, 2, -3, -1])
    up = shift_pitch(x, bands)
    assert torch.equal(up[0], x[0])
    assert torch.equal(up[2, 2:], x[2, :-2]) and torch.equal(up[2, 0], x[2, 0])
    assert torch.equal(up[3, :-3], x[3, 3:]) and torch.equal(up[3, -1], x[3, -1])
    back = shift_pitch(up, -bands)
    for clip, again, band in zip(x, back, bands.tolist()):
        inner = slice(max(0, -band), len(clip) - max(0, band))
        assert torch.equal(again[inner], clip[inner])


def test_a_crop_is_a_piece_of_the_clip(x):
    start = torch.tensor([0, 3, 10, 9, 1])
    pieces = crop_frames(x, start, 20)
    for clip, piece, first in zip(x, pieces, start.tolist()):
        assert torch.equal(piece, clip[:, first : first + 20])


def test_a_view_without_any_change_is_the_clip(x):
    torch.testing.assert_close(augment(x, AugmentConfig(**NOTHING)), x, atol=1e-4, rtol=0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("crop", 0.5),
        ("pitch_shift", 2),
        ("gain_db", 6.0),
        ("snr_db", 5.0),
        ("time_mask", 0.4),
        ("frequency_mask", 0.4),
    ],
)
def test_every_setting_changes_the_view_by_itself(x, name, value):
    torch.manual_seed(0)
    view = augment(x, AugmentConfig(**{**NOTHING, name: value}))
    assert view.shape == (5, 12, 15 if name == "crop" else 30) and view.isfinite().all()
    assert view.shape != x.shape or (view - x).abs().amax((1, 2)).max() > 0.01


def test_masks_and_gains_stay_within_their_range_and_reach_its_ends():
    torch.manual_seed(0)
    x = torch.rand(400, 10, 20)
    hidden = (augment(x, AugmentConfig(**{**NOTHING, "unit_db": 0.0, "time_mask": 0.3})) != x).any(1).sum(1)
    assert hidden.max() == 6 and hidden.min() == 0 and set(hidden.tolist()) == set(range(7))
    gains = (augment(x, AugmentConfig(**{**NOTHING, "gain_db": 6.0})) - x).mean((1, 2)) * UNIT
    assert -6.001 <= gains.min() < -5.5 and 5.5 < gains.max() <= 6.001


def test_views_follow_torchs_seed(x):
    torch.manual_seed(3)
    one = augment(x, AugmentConfig())
    torch.manual_seed(3)
    assert torch.equal(one, augment(x, AugmentConfig())) and not torch.equal(one, augment(x, AugmentConfig()))


def test_standardised_crops_get_neither_gain_nor_noise(x):
    unit_db, floor = decibel_scale({"name": "mel", "config": {"n_crops": 3}})
    assert unit_db == 0
    loud = AugmentConfig(**{**NOTHING, "gain_db": 20.0, "snr_db": 0.0, "unit_db": unit_db, "floor": floor})
    assert torch.equal(augment(x, loud), x)


@pytest.mark.parametrize(
    "bad",
    [
        {"crop": 0.0},
        {"crop": 1.1},
        {"pitch_shift": -1},
        {"pitch_shift": 1.5},
        {"gain_db": -1.0},
        {"snr_db": 200.0},
        {"time_mask": 1.0},
        {"frequency_mask": -0.1},
    ],
)
def test_bad_settings_are_named(bad):
    (name, value), *_ = bad.items()
    with pytest.raises(ConfigError, match=f"{name}={value}"):
        AugmentConfig(**bad)
