import dataclasses
import warnings

import numpy as np
import pytest
from scipy.spatial import procrustes
from sklearn.manifold import trustworthiness

from core.errors import Cancelled, ConfigError
from core.fusion.weighted import Weighted
from core.projection import PROJECTIONS, projection_spec
from core.projection.pacmap import PaCMAP
from core.projection.pca import PCA2
from core.projection.projector import nearest_neighbours, preprocess, principal_components
from core.projection.tsne import TSNE
from core.projection.umap import UMAP

pytestmark = pytest.mark.slow


def trust(X, Y):
    """Return the trustworthiness of a layout (Venna & Kaski 2001)."""
    return trustworthiness(X, Y, n_neighbors=15)


every = pytest.mark.parametrize("name", PROJECTIONS)
live = pytest.mark.parametrize("name", [name for name, spec in PROJECTIONS.items() if spec.warm_starts])


def tracks(text_weight=0.4, n=240):
    rng = np.random.default_rng(0)
    genre, language = rng.integers(0, 6, n), rng.integers(0, 3, n)
    audio = rng.normal(size=(n, 16)) + 2 * rng.normal(size=(6, 16))[genre]
    text = rng.normal(size=(n, 8)) + 1.5 * rng.normal(size=(3, 8))[language]
    return Weighted(text_weight).fuse(audio, text).X


X = tracks()


@pytest.fixture(scope="module")
def layouts():
    """Every projection's cold layout, once."""
    return {name: projection_spec(name).load()().fit(X) for name in PROJECTIONS}


@every
def test_layouts_are_trustworthy_and_shuffled_ones_are_not(name, layouts):
    shuffled = np.random.default_rng(1).permutation(layouts[name])
    assert trust(X, shuffled) < 0.6  # the control
    assert trust(X, layouts[name]) > (0.8 if name == "pca" else 0.93)


@every
def test_a_layout_is_centred_at_unit_size_and_reproducible(name, layouts):
    Y = layouts[name]
    assert Y.shape == (240, 2) and Y.dtype == np.float32 and np.isfinite(Y).all()
    np.testing.assert_allclose(Y.mean(axis=0), 0, atol=1e-4)
    assert np.square(Y).sum(axis=1).mean() == pytest.approx(1, rel=1e-4)
    np.testing.assert_array_equal(Y, projection_spec(name).load()().fit(X))


@live
def test_a_warm_start_preserves_positions_and_a_cold_one_does_not(name, layouts):
    moved = tracks(0.48)
    config = projection_spec(name).load()()
    cold, warm = config.fit(moved, seed=1), config.fit(moved, seed=1, init=layouts[name])
    assert procrustes(layouts[name], cold)[2] > 0.1  # the control; 0 the same, 1 nothing in common
    assert procrustes(layouts[name], warm)[2] < 0.05
    assert trust(moved, warm) > trust(moved, cold) - 0.02  # and it did adapt:
    assert trust(moved, warm) > trust(moved, layouts[name]) - 0.005
    # It is aligned with the previous layout: no rotation remains.
    np.testing.assert_allclose(np.square(warm - layouts[name]).sum(axis=1).mean(), 0, atol=0.1)


def test_pca_keeps_its_axes_and_takes_the_signs_of_the_previous_layout(layouts):
    Y = layouts["pca"]
    assert abs(np.corrcoef(Y.T)[0, 1]) < 1e-3 and Y[:, 0].std() > Y[:, 1].std()
    np.testing.assert_allclose(PCA2().fit(X, init=Y * [-1, 1]), Y * [-1, 1], atol=1e-6)


def test_principal_components_by_hand():
    np.testing.assert_allclose(
        PCA2().fit(np.array([[0.0], [0.0], [3.0]])),
        [[-(0.5**0.5), 0], [-(0.5**0.5), 0], [2**0.5, 0]],
        atol=1e-6,
    )


@every
@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 7, 8, 9, 10, 12, 16, 33])
def test_few_tracks(name, n):
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        Y = projection_spec(name).load()().fit(X[:n])
        again = projection_spec(name).load()().fit(X[:n], init=Y)
    for layout in (Y, again):
        assert layout.shape == (n, 2) and np.isfinite(layout).all()
        assert n < 2 or np.ptp(layout, axis=0).max() > 0.5


@every
def test_tracks_that_are_all_equal_share_a_position(name):
    Y = projection_spec(name).load()().fit(np.full((40, 5), 0.3))
    assert Y.shape == (40, 2) and not Y.any()


@every
def test_many_duplicates(name):
    repeated = np.repeat(X[::40], 40, axis=0)  # 6 different tracks, 40 times each
    Y = projection_spec(name).load()().fit(repeated)
    again = projection_spec(name).load()().fit(repeated, init=Y)
    for layout in (Y, again):
        assert np.isfinite(layout).all()
        points = layout.reshape(6, 40, 2)
        spread, gaps = (
            points.std(axis=1).max(),
            np.linalg.norm(points.mean(axis=1)[:, None] - points.mean(axis=1), axis=-1),
        )
        assert spread < gaps[gaps > 0].min()


@every
@pytest.mark.parametrize("width", [1, 2, 300])
def test_one_dimension_and_more_than_the_maximum(name, width):
    rows = np.random.default_rng(0).normal(size=(50, width))
    Y = projection_spec(name).load()().fit(rows)
    assert Y.shape == (50, 2) and np.isfinite(Y).all()
    np.testing.assert_array_equal(Y, projection_spec(name).load()().fit(rows))


@live
def test_order_of_magnitude_does_not_matter(name, layouts):
    assert trust(X, projection_spec(name).load()().fit(X * 1e6)) == pytest.approx(
        trust(X, layouts[name]), abs=0.02
    )


@live
def test_progress_is_reported_and_may_cancel(name):
    seen = []
    projection_spec(name).load()().fit(
        X[:60], progress=lambda done, total, note: seen.append((done, total, note))
    )
    assert seen and all(0 <= done <= total for done, total, _ in seen) and seen[-1][0] == seen[-1][1]

    def cancel(*args):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        projection_spec(name).load()().fit(X[:60], progress=cancel)


@every
def test_invalid_input_is_refused(name):
    config = projection_spec(name).load()()
    with pytest.raises(ConfigError, match="1 of 20 tracks hold NaN"):
        config.fit(np.where(np.arange(20)[:, None] == 4, np.nan, X[:20]))
    with pytest.raises(ConfigError, match=r"shape \(20, 2\), not of shape \(19, 2\)"):
        config.fit(X[:20], init=np.zeros((19, 2)))
    with pytest.raises(ConfigError, match="shape"):
        config.fit(X[0])


def test_settings_are_named():
    for bad, name in (
        (lambda: TSNE(perplexity=1), "perplexity=1"),
        (lambda: TSNE(n_iter=0), "n_iter=0"),
        (lambda: UMAP(n_neighbors=1), "n_neighbors=1"),
        (lambda: UMAP(min_dist=2), "min_dist=2"),
        (lambda: UMAP(warm_epochs=5), "warm_epochs=5"),
        (lambda: UMAP(warm_rate=0), "warm_rate=0"),
        (lambda: PaCMAP(n_neighbors=0), "n_neighbors=0"),
        (lambda: PaCMAP(warm_iter=0), "warm_iter=0"),
        (lambda: projection_spec("isomap").load(), "pacmap, umap, tsne, pca"),
    ):
        with pytest.raises(ConfigError, match=name):
            bad()


@every
def test_every_projection_has_help_and_a_source_and_is_hashable(name):
    of = projection_spec(name).load()
    assert of.name == name and len(projection_spec(name).help) > 30 and projection_spec(name).source
    assert dataclasses.is_dataclass(of) and of() == of()


def test_neighbours_are_exact_and_exclude_the_track_itself():
    rows = np.array([[0.0, 0], [0, 0], [1, 0], [5, 0]], "f4")
    indices, distances = nearest_neighbours(rows, 2)
    np.testing.assert_array_equal(indices[:, 0], [1, 0, indices[2, 0], 2])
    np.testing.assert_allclose(distances, [[0, 1], [0, 1], [1, 1], [4, 5]])
    assert all(i not in row for i, row in enumerate(indices))


def test_preprocessing_preserves_distances_up_to_scale():
    rows = np.random.default_rng(0).normal(size=(30, 12)) * 50 + 7
    ratio = np.linalg.norm(rows[0] - rows[1:], axis=1) / np.linalg.norm(
        preprocess(rows)[0] - preprocess(rows)[1:], axis=1
    )
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-5)
    assert (
        preprocess(np.zeros((30, 400))).shape == (30, 2) and not principal_components(np.zeros((3, 2))).any()
    )
