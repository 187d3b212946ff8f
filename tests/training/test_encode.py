import numpy as np
import pytest
import torch

from core.errors import ConfigError, TrainingError
from core.models import get_model
from core.training.encode import encode


def conv():
    kind = get_model("conv-vae")
    torch.manual_seed(0)
    return kind(kind.Config(latent_dim=4, channels=(4, 8)), (16, 32))


def crops(n=7, c=3):
    return np.random.default_rng(0).normal(size=(n, c, 16, 32)).astype(np.float16)


def test_latents_are_the_mean_over_crops_whatever_the_batch_size():
    model, X = conv(), crops()
    Z = encode(model, X)
    assert Z.shape == (7, 4) and Z.dtype == np.float32
    for batch_size in (1, 2, 5, 100):
        np.testing.assert_allclose(encode(model, X, batch_size=batch_size), Z, atol=1e-5)
    slow = [model.encode(torch.from_numpy(track.astype(np.float32))).mean(0).detach().numpy() for track in X]
    np.testing.assert_allclose(Z, slow, atol=1e-5)


def test_shuffled_tracks_give_shuffled_latents_and_a_crop_axis_of_one_is_optional():
    model, X = conv(), crops()
    order = np.random.default_rng(1).permutation(7)
    np.testing.assert_allclose(encode(model, X[order]), encode(model, X)[order], atol=1e-5)
    np.testing.assert_allclose(encode(model, X[:, 0]), encode(model, X[:, :1]), atol=1e-6)


def test_progress_ends_at_all_tracks():
    told = []
    encode(conv(), crops(), batch_size=4, progress=lambda *a, **f: told.append(a))
    assert told[-1][:2] == (7, 7) and [a[0] for a in told] == sorted(a[0] for a in told)


def test_features_that_do_not_fit_are_refused():
    with pytest.raises(ConfigError, match=r"\(16, 32\).*\(7, 3, 16, 16\)"):
        encode(conv(), crops()[..., :16])
    with pytest.raises(TrainingError, match="1 of 2 tracks"):
        encode(conv(), np.stack([np.zeros((16, 32)), np.full((16, 32), np.nan)]))
