import numpy as np
import pytest
import torch

from core.errors import ConfigError, TrainingError
from core.models import get_model
from core.training.encode import encode, reconstruct


def conv(name="conv-vae", n_labels=0):
    kind = get_model(name)
    torch.manual_seed(0)
    return kind(kind.Config(latent_dim=4, channels=(4, 8)), (16, 32), n_labels)


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


def test_reconstruction_has_the_shape_of_the_input_and_equals_decoding_the_mean():
    model, X = conv(), crops()
    out = reconstruct(model, X, batch_size=4)
    assert out.shape == X.shape and out.dtype == np.float32
    expected = model.decode(model.encode(torch.from_numpy(X[2].astype(np.float32)))).detach().numpy()
    np.testing.assert_allclose(out[2], expected, atol=1e-5)


def test_reconstruction_of_a_conditional_model_follows_the_label():
    model, X = conv("cvae", n_labels=3), crops()
    labels = np.array([0, 1, 2, 0, 1, 2, 0])
    swapped = np.array([1, 1, 2, 0, 1, 2, 0])
    a, b = reconstruct(model, X, labels), reconstruct(model, X, swapped)
    assert not np.allclose(a[0], b[0]) and np.allclose(a[1:], b[1:])
    with pytest.raises(ConfigError, match="label"):
        reconstruct(model, X)
    with pytest.raises(ConfigError, match="0..2"):
        reconstruct(model, X, labels + 1)


def test_features_that_do_not_fit_are_refused():
    with pytest.raises(ConfigError, match=r"\(16, 32\).*\(7, 3, 16, 16\)"):
        encode(conv(), crops()[..., :16])
    with pytest.raises(TrainingError, match="1 of 2 tracks"):
        encode(conv(), np.stack([np.zeros((16, 32)), np.full((16, 32), np.nan)]))
