"""Walks through latents: their ends, their steps, the nearest tracks, what can't be walked."""

import numpy as np
import pytest
import torch

from core.errors import ConfigError
from core.features.spectral.mel import Mel
from core.reconstruction.audio_renders import render_wav
from core.reconstruction.latent_walk import DEVIATIONS, decode_under_labels, interpolate, sweep
from core.reconstruction.model_cache import loaded_model
from core.reconstruction.reconstruct import reconstruct
from core.representation.represent import represent
from tests.reconstruction.small import FRONT, keep_model

CVAE = {"channels": (4, 4), "latent_dim": 2, "label_dim": 2}


@pytest.fixture
def linear(tones):
    """Two principal components of the crops, whose decoder is linear."""
    X = np.concatenate([Mel(**FRONT).extract(path) for path in tones.audio_paths()])
    return keep_model("pca", {"n_components": 2}, "mel", X.shape[1:], front=FRONT, X=X)


def test_an_interpolation_goes_from_one_track_to_the_other_in_even_steps(tones, linear):
    first, last = tones.tracks["track_id"].iloc[0], tones.tracks["track_id"].iloc[1]
    walk = interpolate(tones, linear, first, last)
    assert [step.name for step in walk.steps] == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    ends = [  # a linear decoder: the mean over the crops
        np.mean([reconstruct(tones, linear, track, crop=crop).reconstructed for crop in (0, 1)], axis=0)
        for track in (first, last)
    ]
    np.testing.assert_allclose(walk.steps[0].decoded, ends[0], atol=1e-3)
    np.testing.assert_allclose(walk.steps[-1].decoded, ends[1], atol=1e-3)
    np.testing.assert_allclose(walk.steps[2].decoded, (ends[0] + ends[1]) / 2, atol=1e-3)
    assert walk.steps[0].nearest == first and walk.steps[-1].nearest == last


def test_a_sweep_varies_one_dimension_around_its_mean(tones, linear):
    first = tones.tracks["track_id"].iloc[0]
    walk = sweep(tones, linear, first, 1)
    assert [step.name for step in walk.steps] == ["−3 σ", "−1.5 σ", "mean", "+1.5 σ", "+3 σ"]
    steps = np.diff([step.decoded for step in walk.steps], axis=0)
    np.testing.assert_allclose(steps, np.broadcast_to(steps[0], steps.shape), atol=1e-3)  # a linear decoder
    X = represent(tones, str(linear.path), modality="audio").X
    assert np.linalg.norm(steps[0]) == pytest.approx(1.5 * X[:, 1].std(), rel=0.05)  # orthonormal components
    assert len(walk.steps) == len(DEVIATIONS)
    with pytest.raises(ConfigError, match="dimension=2 must lie between 0 and 1"):
        sweep(tones, linear, first, 2)


def test_the_same_latent_under_every_label_is_heard(tones):
    checkpoint = keep_model("cvae", CVAE, "mel", (32, 32), labels=("fall", "rise"), front=FRONT)
    first = tones.tracks["track_id"].iloc[0]
    walk = decode_under_labels(tones, checkpoint, first)
    assert [step.name for step in walk.steps] == ["fall", "rise"]
    with loaded_model(checkpoint) as (model, device):
        z = torch.from_numpy(represent(tones, str(checkpoint.path), modality="audio").X[:1].copy()).to(device)
        for number, step in enumerate(walk.steps):
            decoded = model.decode(z, torch.tensor([number], device=device))[0].cpu().numpy()
            np.testing.assert_allclose(step.decoded, decoded, atol=1e-5)
    assert {step.nearest for step in walk.steps} == {first} and walk.steps[0].distance < 1e-6
    sounds = render_wav(walk, ["fall", "rise"])
    assert sounds["fall"] != sounds["rise"] and sounds["fall"][:4] == b"RIFF"


def test_what_has_no_labels_or_no_spectrogram_is_refused(tones, linear):
    with pytest.raises(ConfigError, match="isn't conditioned on labels"):
        decode_under_labels(tones, linear, tones.tracks["track_id"].iloc[0])
