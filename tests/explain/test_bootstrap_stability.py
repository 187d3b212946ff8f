"""Stability under bootstrap: by hand, for clusters that are there, and for none."""

import numpy as np
import pandas as pd
import pytest

from core.clustering.consensus import Consensus
from core.clustering.dbscan import DBSCAN
from core.clustering.kmeans import KMeans
from core.clustering.leiden import Leiden
from core.explain.bootstrap_stability import bootstrap_stability, jaccard_of_clusters, verdict_of


def blobs(n=60):
    rng = np.random.default_rng(0)
    return 8 * np.eye(3)[np.arange(n) % 3] + rng.standard_normal((n, 3))


def test_jaccard_by_hand():
    labels = np.array([0, 0, 0, 1, 1, -1])
    found = np.array([4, 4, 2, 2, 2, -1])
    assert jaccard_of_clusters(labels, found) == {0: pytest.approx(2 / 3), 1: pytest.approx(2 / 3)}
    assert jaccard_of_clusters(labels, np.full(6, -1)) == {0: 0.0, 1: 0.0}
    assert jaccard_of_clusters(np.full(3, -1), np.zeros(3, int)) == {}


def test_verdicts():
    assert [verdict_of(values) for values in ([0.8, 0.9], [0.6], [0.5], [])] == [
        "stable",
        "pattern",
        "dissolved",
        None,
    ]


def test_without_clusters_nothing_is_stable_and_with_clusters_all_is():
    rng = np.random.default_rng(1)
    noise = rng.standard_normal((60, 8))
    clusterer = KMeans(n_clusters=4)
    control = bootstrap_stability(noise, clusterer, clusterer.fit(noise), n_boot=10, n_control=3)
    assert control["adjusted_rand"] < 0.6
    X, clusterer = blobs(), KMeans(n_clusters=3)
    found = bootstrap_stability(X, clusterer, clusterer.fit(X), n_boot=10, n_control=5)
    assert found["n_boot"] == 10 and found["adjusted_rand"] == 1 and found["interval"] == [1, 1]
    assert [(each["cluster"], each["verdict"]) for each in found["clusters"]] == [
        (cluster, "stable") for cluster in range(3)
    ]
    assert found["control"]["adjusted_rand"] < 0.9 and found["control"]["jaccard"] < 0.9


def test_the_same_seed_gives_the_same_figures():
    X, clusterer = blobs(30), KMeans(n_clusters=2)
    labels = clusterer.fit(X)
    runs = [bootstrap_stability(X, clusterer, labels, n_boot=4, n_control=2, seed=s) for s in (3, 3)]
    assert runs[0] == runs[1]


def test_noise_one_cluster_and_too_few_tracks():
    X = blobs(30)
    noise = bootstrap_stability(X, DBSCAN(eps=1e-6), np.full(30, -1), n_boot=3, n_control=0)
    assert noise["clusters"] == [] and noise["control"]["jaccard"] is None
    one = bootstrap_stability(X, KMeans(n_clusters=1), np.zeros(30, int), n_boot=3, n_control=2)
    assert one["clusters"][0]["jaccard"] == 1 and one["control"]["jaccard"] == 1
    two = np.array([[0.0], [1.0]])
    few = bootstrap_stability(two, KMeans(n_clusters=2), np.array([0, 1]), n_boot=4, n_control=1)
    assert few["n_boot"] <= 4 and [each["cluster"] for each in few["clusters"]] == [0, 1]


def test_a_consensus_and_a_graph_are_resampled():
    X = blobs(45)
    consensus = Consensus(KMeans(n_clusters=3), 3)
    assert bootstrap_stability(X, consensus, consensus.fit(X), n_boot=3, n_control=0)["adjusted_rand"] == 1
    first, second = np.triu_indices(45, 1)
    near = first % 3 == second % 3
    links = pd.DataFrame({"first": first[near], "second": second[near], "weight": 1.0})
    found = bootstrap_stability(X, Leiden(), np.arange(45) % 3, links=links, n_boot=3, n_control=0)
    assert found["adjusted_rand"] == 1
