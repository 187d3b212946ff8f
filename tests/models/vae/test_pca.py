import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA as Reference

from core.errors import ConfigError
from core.models.vae.pca import PCA, PCAConfig


def data(n, *shape, seed=0):
    rng = np.random.default_rng(seed)
    d = int(np.prod(shape))
    spread = np.geomspace(5, 0.1, min(n, d))
    return ((rng.normal(size=(n, len(spread))) * spread) @ rng.normal(size=(len(spread), d)) + 3).reshape(
        n, *shape
    )


@pytest.mark.parametrize("shape", [(200, 30), (25, 400)], ids=["more examples", "more dimensions"])
@pytest.mark.parametrize("standardise", [True, False])
def test_equals_scikit_learn(shape, standardise):
    X = data(*shape)
    model = PCA(PCAConfig(n_components=6, standardise=standardise), X.shape[1:])
    model.fit_statistics(X)
    scaled = (X - X.mean(0)) / X.std(0) if standardise else X
    reference = Reference(6, svd_solver="full").fit(scaled)
    np.testing.assert_allclose(model.components.numpy(), reference.components_, atol=1e-5)
    np.testing.assert_allclose(model.explained_variance.numpy(), reference.explained_variance_, rtol=1e-4)
    np.testing.assert_allclose(
        model.diagnostics({})["explained_variance_ratio"], reference.explained_variance_ratio_, atol=1e-5
    )
    Z = model.encode(torch.from_numpy(X.astype(np.float32))).numpy()
    np.testing.assert_allclose(Z, reference.transform(scaled), atol=1e-3 * np.abs(Z).max())


def test_blocks_change_nothing(monkeypatch):
    X = data(40, 8, 32).astype(np.float16)
    whole, pieces = PCA(PCAConfig(n_components=5), (8, 32)), PCA(PCAConfig(n_components=5), (8, 32))
    whole.fit_statistics(X)
    monkeypatch.setattr("core.models.vae.pca.BLOCK", 400)
    monkeypatch.setattr("core.models.moments.BLOCK", 700)
    pieces.fit_statistics(X)
    torch.testing.assert_close(whole.components, pieces.components, atol=1e-5, rtol=1e-4)


def test_default_sizes_are_the_papers():
    assert PCA(PCAConfig(), (768,)).latent_dim == 16 and PCA(PCAConfig(), (768,)).config.standardise is True
    assert (
        PCA(PCAConfig(), (128, 256)).latent_dim == 32
        and PCA(PCAConfig(), (128, 256)).config.standardise is False
    )


def test_few_examples_lower_the_default_but_not_a_wish():
    X = data(6, 40)
    model = PCA(PCAConfig(), (40,))
    model.fit_statistics(X)
    assert model.latent_dim == model.config.n_components == 5 == model.encode(torch.zeros(2, 40)).shape[1]
    with pytest.raises(ConfigError, match="n_components=9 needs 10 examples"):
        PCA(PCAConfig(n_components=9), (40,)).fit_statistics(X)
    with pytest.raises(ConfigError, match="n_components=50"):
        PCA(PCAConfig(n_components=50), (40,))


def test_directions_that_the_data_do_not_span_are_zero():
    X = np.repeat(data(3, 50), 4, axis=0)  # twelve rows, three different
    model = PCA(PCAConfig(n_components=8), (50,))
    model.fit_statistics(X)
    assert model.components.isfinite().all() and (model.components[2:] == 0).all()
    recon_x = model(torch.from_numpy(X.astype(np.float32)))
    np.testing.assert_allclose(recon_x.numpy(), X, atol=1e-3 * np.abs(X).max())


def test_many_examples_in_many_dimensions_are_thinned():
    X = data(60, 80)
    thinned, every_third = (
        PCA(PCAConfig(n_components=3, max_examples=20), (80,)),
        PCA(PCAConfig(n_components=3), (80,)),
    )
    thinned.fit_statistics(X)
    every_third.fit_statistics(X[np.linspace(0, 59, 20).round().astype(int)])
    torch.testing.assert_close(thinned.components, every_third.components)
