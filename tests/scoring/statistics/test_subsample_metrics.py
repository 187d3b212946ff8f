import numpy as np
import sklearn.metrics as reference

from core.scoring import contingency
from core.scoring.statistics import subsample_metrics


def test_batched_internal_metrics_equal_scikit_learn_on_each_subsample():
    rng = np.random.default_rng(0)
    X, labels = (
        rng.normal(size=(80, 5)) + 100,
        np.append(rng.integers(0, 4, 77), [4, 4, 5]),
    )  # 5 holds one track
    masks = rng.random((12, 80)) < 0.8
    masks[3, labels >= 4] = False  # a cluster that vanishes
    D = reference.pairwise_distances(X).astype("f4")
    silhouettes = subsample_metrics.silhouettes(D, labels, masks)
    davies_bouldin, calinski_harabasz = subsample_metrics.centroid_metrics(X, labels, masks)
    for i, mask in enumerate(masks):
        rows, found = X[mask], labels[mask]
        np.testing.assert_allclose(silhouettes[i], reference.silhouette_score(rows, found), atol=1e-5)
        np.testing.assert_allclose(davies_bouldin[i], reference.davies_bouldin_score(rows, found), rtol=1e-6)
        np.testing.assert_allclose(
            calinski_harabasz[i], reference.calinski_harabasz_score(rows, found), rtol=1e-6
        )


def test_a_subsample_with_one_cluster_has_no_value():
    X, labels = np.arange(6.0)[:, None], np.array([0, 0, 0, 1, 1, 1])
    masks = np.array([[1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 1, 0]], bool)
    D = np.abs(X - X.T).astype("f4")
    for values in (
        subsample_metrics.silhouettes(D, labels, masks),
        *subsample_metrics.centroid_metrics(X, labels, masks),
    ):
        np.testing.assert_array_equal(np.isnan(values), [True, False])


def test_a_subsample_of_clusters_of_one_has_no_value():
    X, labels = np.arange(3.0)[:, None], np.array([0, 0, 1])
    masks = np.array([[1, 0, 1], [1, 1, 1]], bool)
    D = np.abs(X - X.T).astype("f4")
    for values in (
        subsample_metrics.silhouettes(D, labels, masks),
        *subsample_metrics.centroid_metrics(X, labels, masks),
    ):
        np.testing.assert_array_equal(np.isnan(values), [True, False])


def test_bootstrapped_tables_equal_resampling_single_tracks():
    rng = np.random.default_rng(0)
    truth, labels = rng.integers(0, 3, 90), rng.integers(0, 4, 90)
    labels[:50] = truth[:50]
    table = contingency.contingency_table(truth, labels)
    fast = contingency.bootstrap(
        table, {"rand": contingency.adjusted_rand, "purity": contingency.purity}, 4000, seed=1
    )
    slow = {"rand": [], "purity": []}
    for _ in range(400):
        drawn = rng.integers(0, 90, 90)
        slow["rand"].append(reference.adjusted_rand_score(truth[drawn], labels[drawn]))
        slow["purity"].append(
            float(contingency.purity(contingency.contingency_table(truth[drawn], labels[drawn])))
        )
    for name in slow:
        np.testing.assert_allclose(np.mean(fast[name]), np.mean(slow[name]), atol=0.015)
        np.testing.assert_allclose(np.std(fast[name]), np.std(slow[name]), rtol=0.15)
