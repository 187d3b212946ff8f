import dataclasses

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from core.clustering import CLUSTERERS, clusterer_spec
from core.clustering.clusterer import KConfig, relabel_by_size
from core.clustering.dbscan import DBSCAN, suggest_eps
from core.clustering.gmm import GaussianMixture
from core.clustering.hdbscan import HDBSCAN
from core.clustering.kmeans import KMeans
from core.clustering.leiden import Leiden
from core.clustering.spectral import Spectral
from core.clustering.ward import Ward
from core.config import describe_fields
from core.errors import ConfigError
from tests.clustering.blobs import TRUTH, X, blobs

SETTINGS = {
    "kmeans": KMeans(3),
    "ward": Ward(3),
    "dbscan": DBSCAN(eps=None),
    "hdbscan": HDBSCAN(),
    "gmm": GaussianMixture(3),
    "spectral": Spectral(3),
    "leiden": Leiden(target_clusters=3),
}
with_k = pytest.mark.parametrize("name", [name for name, spec in CLUSTERERS.items() if spec.takes_k])
every = pytest.mark.parametrize("name", CLUSTERERS)


@every
def test_finds_separated_groups_and_none_in_shuffled_columns(name):
    clusterer = SETTINGS[name]
    shuffled = np.random.default_rng(1).permuted(X, axis=0)
    assert adjusted_rand_score(TRUTH, clusterer.fit(shuffled)) < 0.2  # the control
    labels = clusterer.fit(X)
    assert labels.shape == (130,) and labels.dtype.kind == "i"
    clustered = labels != -1
    assert clustered.mean() > 0.8
    assert adjusted_rand_score(TRUTH[clustered], labels[clustered]) == 1


@every
def test_clusters_are_numbered_by_size(name):
    labels = SETTINGS[name].fit(X)
    counts = np.bincount(labels[labels >= 0])
    assert len(counts) == 3 and (np.diff(counts) <= 0).all()


@every
def test_same_seed_same_labels_and_row_order_does_not_matter(name):
    clusterer, order = SETTINGS[name], np.random.default_rng(2).permutation(len(X))
    first = clusterer.fit(X, 3)
    np.testing.assert_array_equal(first, clusterer.fit(X, 3))
    assert adjusted_rand_score(first[order], clusterer.fit(X[order], 3)) > 0.99


def overlapping():
    rng = np.random.default_rng(0)
    return rng.normal(size=(300, 8))


@pytest.mark.parametrize(
    "name", [name for name in CLUSTERERS if name != "spectral"]
)  # whose eigenvectors hardly depend on the seed
def test_only_deterministic_clusterers_ignore_the_seed(name):
    noise = overlapping()
    clusterer = dataclasses.replace(SETTINGS[name], n_init=1) if name in ("kmeans", "gmm") else SETTINGS[name]
    runs = [clusterer.fit(noise, seed) for seed in range(4)]
    same = all(np.array_equal(runs[0], run) for run in runs)
    if SETTINGS[name].deterministic:
        assert same
    else:
        assert not same


def test_ward_equals_scikit_learn_at_every_k():
    from sklearn.cluster import AgglomerativeClustering

    noise = overlapping()
    for k, labels in Ward().fit_each(noise, range(1, 12)):
        assert len(np.unique(labels)) == k
        assert adjusted_rand_score(labels, AgglomerativeClustering(k).fit_predict(noise)) == 1


def test_suggested_eps_finds_groups_that_smaller_and_larger_radii_miss():
    eps = suggest_eps(X)
    assert (DBSCAN(eps=eps / 10).fit(X) == -1).all()
    assert len(np.unique(DBSCAN(eps=eps * 10).fit(X))) == 1
    assert set(np.unique(DBSCAN(eps=eps).fit(X))) - {-1} == {0, 1, 2}
    assert suggest_eps(X * 1000) == pytest.approx(1000 * eps, rel=1e-3)  # a distance, in the units of X
    assert suggest_eps(np.ones((10, 3))) == 1.0
    assert suggest_eps(X[:1]) == 1.0
    assert (DBSCAN(eps=None, min_samples=2).fit(np.array([[0.0], [1.0]])) == 0).all()


def test_suggested_eps_by_hand():
    # Distances to the nearest other track: 1, 1, 1, 1, 10 (sorted); the knee is the end of the small ones.
    assert suggest_eps(np.array([[0.0], [1.0], [2.0], [3.0], [13.0]]), min_samples=2) == pytest.approx(1.0)


def test_relabel_by_size_by_hand():
    np.testing.assert_array_equal(relabel_by_size([7, 7, -1, 3, 3, 3, 9]), [1, 1, -1, 0, 0, 0, 2])
    np.testing.assert_array_equal(
        relabel_by_size([5, 2]), [0, 1]
    )  # equal sizes: the first track's cluster first
    np.testing.assert_array_equal(relabel_by_size([-1, -1]), [-1, -1])
    assert relabel_by_size([]).shape == (0,)


@every
def test_one_track(name):
    one = X[:1]
    if clusterer_spec(name).takes_k:
        with pytest.raises(
            ConfigError, match=r"n_clusters=3 asks for more clusters than there are tracks \(1\)"
        ):
            SETTINGS[name].fit(one)
        np.testing.assert_array_equal(dataclasses.replace(SETTINGS[name], n_clusters=1).fit(one), [0])
    else:
        np.testing.assert_array_equal(SETTINGS[name].fit(one), [-1])


@every
def test_tracks_that_are_all_equal(name):
    equal = np.full((20, 4), 0.1)
    if clusterer_spec(name).takes_k:
        with pytest.raises(ConfigError, match="different tracks \\(1 of 20\\)"):
            SETTINGS[name].fit(equal)
        assert not dataclasses.replace(SETTINGS[name], n_clusters=1).fit(equal).any()
    else:
        np.testing.assert_array_equal(SETTINGS[name].fit(equal), np.zeros(20))


@with_k
@pytest.mark.parametrize("n", [2, 3, 4, 5, 12])
def test_as_many_clusters_as_tracks_and_one_fewer(name, n):
    for k in {n, n - 1} - {0}:
        labels = dataclasses.replace(SETTINGS[name], n_clusters=k).fit(X[:: len(X) // n][:n])
        assert labels.shape == (n,)
        assert len(np.unique(labels)) == k or name in ("gmm", "spectral")


@every
def test_invalid_features_are_refused_with_a_reason(name):
    broken = X.copy()
    broken[4, 2] = np.nan
    with pytest.raises(ConfigError, match="1 of 130 tracks hold NaN"):
        SETTINGS[name].fit(broken)
    with pytest.raises(ConfigError, match="no tracks"):
        SETTINGS[name].fit(X[:0])
    with pytest.raises(ConfigError, match="no features"):
        SETTINGS[name].fit(X[:, :0])
    with pytest.raises(ConfigError, match="shape"):
        SETTINGS[name].fit(X[:, 0])


def test_bad_settings_are_named():
    for bad, name in (
        (lambda: KMeans(0), "n_clusters=0"),
        (lambda: KMeans(2.5), "n_clusters=2.5"),
        (lambda: Ward(-1), "n_clusters=-1"),
        (lambda: DBSCAN(eps=0), "eps=0"),
        (lambda: DBSCAN(min_samples=0), "min_samples=0"),
        (lambda: HDBSCAN(min_cluster_size=1), "min_cluster_size=1"),
        (lambda: GaussianMixture(covariance="round"), "covariance='round'"),
        (lambda: GaussianMixture(regularisation=0), "regularisation=0"),
        (lambda: Spectral(n_neighbors=0), "n_neighbors=0"),
        (lambda: Leiden(resolution=0.0), "resolution=0.0"),
        (lambda: Leiden(target_clusters=0), "target_clusters=0"),
        (lambda: clusterer_spec("k-means").load(), "kmeans, ward, dbscan"),
    ):
        with pytest.raises(ConfigError, match=name):
            bad()


def test_size_limits():
    many = np.zeros((20_001, 2), "f4")
    for clusterer in (Ward(), Spectral()):
        with pytest.raises(ConfigError, match="20,000 tracks"):
            clusterer.fit(many)
    for clusterer in (HDBSCAN(), DBSCAN()):
        with pytest.raises(ConfigError, match="up to 100,000 tracks, not 100,001.*Use leiden"):
            clusterer.fit(np.zeros((100_001, 1), "f4"))
    with pytest.raises(ConfigError, match="full.*take diag"):
        GaussianMixture(2, covariance="full").fit(np.random.default_rng(0).normal(size=(20, 600)))
    X, truth = blobs((11_000, 6_000, 4_000), d=3)
    assert adjusted_rand_score(truth, KMeans(3).fit(X)) > 0.99


def test_k_means_of_a_sample_assigns_every_track(monkeypatch):
    for name, value in (("batch_above", 500), ("sample_above", 1000), ("n_sampled", 600)):
        monkeypatch.setattr(KMeans, name, value)
    X, truth = blobs((1100, 600, 400), d=3, gap=20.0)
    labels = KMeans(3).fit(X)
    assert adjusted_rand_score(truth, labels) > 0.99 and (labels == KMeans(3).fit(X)).all()
    assert len(set(KMeans(9).fit(X))) == 9


@every
def test_an_entry_matches_its_class(name):
    spec, kind = (
        clusterer_spec(name),
        clusterer_spec(name).load(),
    )  # which checks the class against its contracts
    assert kind.name == name and len(spec.help) > 30 and spec.source
    assert spec.takes_k == issubclass(kind, KConfig)
    assert {"n_clusters"} & {field.name for field in describe_fields(kind)} == (
        {"n_clusters"} if spec.takes_k else set()
    )
    assert not spec.k_setting or spec.k_setting in {field.name for field in describe_fields(kind)}
    if spec.suggests:
        assert list(SETTINGS[name].suggest(X)) == list(spec.suggests)
