"""Inpainting of masked patches, and the baselines that a model has to beat."""

from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.errors import ConfigError
from core.reconstruction.inpaint import inpaint, inpaint_by_interpolation, inpaint_by_mean
from tests.reconstruction.small import keep_model

PATCH = 8


class Model:
    """Masks random patches and restores each with ``off`` added to the truth."""

    name, off = "mae", 0.5

    def inpaint(self, x, *, mask_ratio, seed):
        n, height, width = x.shape
        grid = np.random.default_rng(seed).random((n, height // PATCH, width // PATCH)) < mask_ratio
        mask = torch.from_numpy(grid.repeat(PATCH, 1).repeat(PATCH, 2))
        return torch.where(mask, x + self.off, x), mask


@pytest.fixture
def masked_model(monkeypatch):
    @contextmanager
    def fake_loaded_model(checkpoint):
        yield Model(), torch.device("cpu")

    monkeypatch.setattr("core.reconstruction.inpaint.loaded_model", fake_loaded_model)


def test_the_error_is_that_of_masked_patches_and_the_rest_is_unchanged(tones, still, masked_model):
    found = inpaint(tones, still, tones.tracks["track_id"].iloc[0], mask_ratio=0.5, seed=3, crop=1)
    assert found.mask.any() and not found.mask.all()
    assert np.isnan(found.masked[found.mask]).all()
    for result in (found.masked, found.restored):
        np.testing.assert_array_equal(result[~found.mask], found.original[~found.mask])
    assert found.mse == pytest.approx(0.25, rel=1e-4)  # masked patches only
    assert found.rms_db == pytest.approx(0.5 * found.scale.unit_db, rel=1e-4)
    again = inpaint(tones, still, tones.tracks["track_id"].iloc[0], mask_ratio=0.5, seed=3, crop=1)
    np.testing.assert_array_equal(found.mask, again.mask)
    other = inpaint(tones, still, tones.tracks["track_id"].iloc[0], mask_ratio=0.5, seed=4, crop=1)
    assert not np.array_equal(found.mask, other.mask)


def test_audio_has_one_gain_and_less_energy_where_masked(tones, still, masked_model):
    found = inpaint(tones, still, tones.tracks["track_id"].iloc[0], mask_ratio=0.8, seed=0)
    audio = found.to_audio()
    assert list(audio) == ["original", "masked", "restored"]
    energy = {name: float(np.square(y).sum()) for name, y in audio.items()}
    assert energy["masked"] < 0.7 * energy["original"] < energy["restored"]
    np.testing.assert_array_equal(audio["masked"], found.to_audio()["masked"])


@pytest.mark.parametrize("mask_ratio", [0, 0.04, 0.96, float("nan")])
def test_a_mask_ratio_out_of_range_is_refused(tones, still, mask_ratio):
    with pytest.raises(ConfigError, match=r"must lie in \[0.05, 0.95\]"):
        inpaint(tones, still, tones.tracks["track_id"].iloc[0], mask_ratio=mask_ratio)


def test_a_model_that_cannot_inpaint_is_refused(tones, still):
    with pytest.raises(ConfigError, match="no masked autoencoder"):
        inpaint(tones, still, tones.tracks["track_id"].iloc[0], mask_ratio=0.5)


def test_the_mean_patch_by_hand():
    x = np.array(
        [[1.0, 1, 3, 3, 0, 0], [1, 1, 3, 3, 0, 0], [9, 9, 7, 7, 5, 5], [9, 9, 7, 7, 5, 5]], np.float32
    )
    masked = x.copy()
    masked[:2, 4:] = np.nan  # one 2 x 2 patch above right
    by_band = inpaint_by_mean(masked)
    assert by_band[0, 4] == pytest.approx((1 + 3) / 2), "not the mean of all five, 5"
    np.testing.assert_array_equal(by_band[:, :4], x[:, :4])


def test_bands_are_interpolated_between_their_visible_frames_and_keep_their_ends():
    masked = np.array([[np.nan, 2, np.nan, 4, np.nan], [np.nan] * 5], np.float32)
    assert inpaint_by_interpolation(masked).tolist() == [[2, 2, 3, 4, 4], [3] * 5]


def test_a_fully_masked_band_takes_the_overall_mean():
    masked = np.full((4, 6), np.nan, np.float32)
    masked[2:, :2] = [[1, 2], [3, 4]]
    masked[2:, 4:] = [[3, 4], [5, 6]]
    assert inpaint_by_mean(masked)[:2, :2].tolist() == [[2, 3], [4, 5]]
    with pytest.raises(ConfigError, match="all patches are masked"):
        inpaint_by_mean(np.full((4, 6), np.nan))


def test_a_masked_autoencoder_inpaints_with_and_without_text(tones, monkeypatch):
    pieces = np.pad(np.arange(1, 9, dtype=np.int32), (0, 248))[None, None]
    monkeypatch.setattr(
        "core.features.pretrained.wordpieces.Wordpieces.extract_texts",
        lambda self, texts, progress=None: pieces,
    )
    front = {"n_frames": 64, "n_crops": 1, "n_mels": 32}
    small = {"dim": 16, "n_heads": 2, "decoder_dim": 8, "decoder_heads": 2, "word_dim": 8, "n_words": 20}
    inputs = {"audio": front, "text": {}}
    checkpoint = keep_model(
        "mae", small, "fbank+wordpieces", {"audio": (32, 64), "text": (256,)}, front=inputs
    )
    ask = {"mask_ratio": 0.75, "seed": 1}
    found = inpaint(tones, checkpoint, tones.tracks["track_id"].iloc[0], **ask)
    assert found.mask.mean() == 0.75 and found.original.shape == (32, 64)
    np.testing.assert_array_equal(found.restored[~found.mask], found.original[~found.mask])
    assert found.mse == pytest.approx(np.square(found.restored - found.original)[found.mask].mean(), rel=1e-5)
    words = replace(tones, tracks=tones.tracks.assign(lyrics="a tone that rises"))
    conditioned = inpaint(words, checkpoint, tones.tracks["track_id"].iloc[0], with_text=True, **ask)
    np.testing.assert_array_equal(conditioned.mask, found.mask)
    assert not np.array_equal(conditioned.restored, found.restored)  # the text has an effect
