"""Patches hidden and restored, and the guesses that a model has to beat."""

from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.errors import ConfigError
from core.reconstruction.inpaint import guess_by_mean_patch, inpaint
from tests.reconstruction.small import keep_model

PATCH = 8


class Model:
    """Hides patches by chance and restores each with ``off`` added to the truth."""

    name, off = "mae", 0.5

    def inpaint(self, x, *, mask_ratio, seed):
        n, height, width = x.shape
        grid = np.random.default_rng(seed).random((n, height // PATCH, width // PATCH)) < mask_ratio
        hidden = torch.from_numpy(grid.repeat(PATCH, 1).repeat(PATCH, 2))
        return torch.where(hidden, x + self.off, x), hidden


@pytest.fixture
def masked_model(monkeypatch):
    @contextmanager
    def placeholder_layout(checkpoint):
        yield Model(), torch.device("cpu")

    monkeypatch.setattr("core.reconstruction.inpaint.loaded", placeholder_layout)


def test_what_is_hidden_is_judged_and_what_is_visible_kept(tones, still, masked_model):
    found = inpaint(tones, still, tones.tracks["track_id"].iloc[0], mask_ratio=0.5, seed=3, crop=1)
    assert found.hidden.any() and not found.hidden.all()
    assert np.isnan(found.masked[found.hidden]).all()
    for kept in (found.masked, found.restored):
        np.testing.assert_array_equal(kept[~found.hidden], found.original[~found.hidden])
    assert found.mse == pytest.approx(0.25, rel=1e-4)  # of the hidden ones alone
    assert found.rms_db == pytest.approx(0.5 * found.scale.unit_db, rel=1e-4)
    again = inpaint(tones, still, tones.tracks["track_id"].iloc[0], mask_ratio=0.5, seed=3, crop=1)
    np.testing.assert_array_equal(found.hidden, again.hidden)
    other = inpaint(tones, still, tones.tracks["track_id"].iloc[0], mask_ratio=0.5, seed=4, crop=1)
    assert not np.array_equal(found.hidden, other.hidden)


def test_all_three_are_heard_at_one_level_and_the_masked_one_has_less_energy(tones, still, masked_model):
    found = inpaint(tones, still, tones.tracks["track_id"].iloc[0], mask_ratio=0.8, seed=0)
    sounds = found.sounds()
    assert list(sounds) == ["original", "masked", "restored"]
    energy = {name: float(np.square(y).sum()) for name, y in sounds.items()}
    assert energy["masked"] < 0.7 * energy["original"] < energy["restored"]
    np.testing.assert_array_equal(sounds["masked"], found.sounds()["masked"])


@pytest.mark.parametrize("mask_ratio", [0, 0.04, 0.96, float("nan")])
def test_a_share_that_cannot_be_is_refused(tones, still, mask_ratio):
    with pytest.raises(ConfigError, match=r"must lie in \[0.05, 0.95\]"):
        inpaint(tones, still, tones.tracks["track_id"].iloc[0], mask_ratio=mask_ratio)


def test_a_model_that_fills_in_nothing_says_so(tones, still):
    with pytest.raises(ConfigError, match="no masked autoencoder"):
        inpaint(tones, still, tones.tracks["track_id"].iloc[0], mask_ratio=0.5)


def test_the_mean_patch_by_hand():
    x = np.array(
        [[1.0, 1, 3, 3, 0, 0], [1, 1, 3, 3, 0, 0], [9, 9, 7, 7, 5, 5], [9, 9, 7, 7, 5, 5]], np.float32
    )
    masked = x.copy()
    masked[:2, 4:] = np.nan  # one 2 x 2 patch above right
    by_all, by_band = guess_by_mean_patch(masked)
    assert by_all[0, 4] == pytest.approx((1 + 3 + 9 + 7 + 5) / 5) and by_band[0, 4] == pytest.approx(2)
    np.testing.assert_array_equal(by_all[:, :4], x[:, :4])


def test_a_band_without_anything_visible_takes_the_mean_of_all():
    masked = np.full((4, 6), np.nan, np.float32)
    masked[2:, :2] = [[1, 2], [3, 4]]
    masked[2:, 4:] = [[3, 4], [5, 6]]
    by_all, by_band = guess_by_mean_patch(masked)
    assert by_band[:2, :2].tolist() == by_all[:2, :2].tolist() == [[2, 3], [4, 5]]
    with pytest.raises(ConfigError, match="nothing is left to see"):
        guess_by_mean_patch(np.full((4, 6), np.nan))


def test_a_masked_autoencoder_restores_what_it_was_not_shown(tones, monkeypatch):
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
    assert found.hidden.mean() == 0.75 and found.original.shape == (32, 64)
    np.testing.assert_array_equal(found.restored[~found.hidden], found.original[~found.hidden])
    assert found.mse == pytest.approx(
        np.square(found.restored - found.original)[found.hidden].mean(), rel=1e-5
    )
    words = replace(tones, tracks=tones.tracks.assign(lyrics="a tone that rises"))
    told = inpaint(words, checkpoint, tones.tracks["track_id"].iloc[0], with_words=True, **ask)
    np.testing.assert_array_equal(told.hidden, found.hidden)
    assert not np.array_equal(told.restored, found.restored)  # the words reach the drawing
