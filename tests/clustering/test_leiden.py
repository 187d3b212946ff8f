"""Leiden: the graph of shared neighbours, the communities in it, and their number."""

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from core.clustering.consensus import Consensus
from core.clustering.kmeans import KMeans
from core.clustering.leiden import Leiden, find_communities, neighbour_graph, search_resolution
from tests.clustering.blobs import TRUTH, X


def modularity(A, labels, resolution):
    """Return the modularity by its definition, a slow loop over pairs."""
    degree, total = A.sum(axis=1), A.sum()
    return (
        sum(
            A[i, j] - resolution * degree[i] * degree[j] / total
            for i in range(len(A))
            for j in range(len(A))
            if labels[i] == labels[j]
        )
        / total
    )


def test_links_of_shared_neighbours_by_hand():
    # Nearest others of 0, 1, 2 and 10 on a line, k = 2: {1, 2}, {0, 2}, {1, 0}, {2, 1}.
    graph = neighbour_graph(np.array([[0.0], [1.0], [2.0], [10.0]]), 2).toarray()
    expected = np.ones((4, 4)) - np.eye(4)
    expected[3] = expected[:, 3] = [0, 1 / 2, 1 / 2, 0]  # {0, 1, 2} and {3, 2, 1} share 2 of 4
    np.testing.assert_allclose(graph, expected)
    copies = neighbour_graph(np.zeros((6, 2)), 2).toarray()
    assert not copies.diagonal().any() and (copies.sum(axis=1) > 0).all()


def test_leiden_finds_a_modularity_no_lower_than_that_of_the_true_groups_at_every_resolution():
    graph = neighbour_graph(X, 10)
    shuffled = np.random.default_rng(0).permutation(TRUTH)
    for resolution in (0.1, 1.0, 3.0):
        found, true, chance = (
            modularity(graph.toarray(), labels, resolution)
            for labels in (find_communities(graph, resolution, 0), TRUTH, shuffled)
        )
        assert found >= true - 1e-9 and true > chance + 0.1


def test_resolution_and_target_determine_the_number_of_communities():
    counts = [len(np.unique(Leiden(resolution=r).fit(X))) for r in (0.05, 1.0, 5.0)]
    assert counts[0] == 3 < counts[1] < counts[2]
    for k in (3, 5, 20, 130):
        assert len(np.unique(Leiden(target_clusters=k).fit(X))) == k
    assert len(np.unique(Leiden(target_clusters=1).fit(X))) == 3  # no links between the groups
    resolution, labels = search_resolution(neighbour_graph(X, 15), 5, 0)
    np.testing.assert_array_equal(labels, find_communities(neighbour_graph(X, 15), resolution, 0))


def test_leiden_finds_rings_that_k_means_cuts():
    angles = np.linspace(0, 2 * np.pi, 150, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    rings, ring = np.concatenate([circle, 5 * circle]), np.repeat([0, 1], 150)
    assert adjusted_rand_score(ring, KMeans(2).fit(rings)) < 0.5
    assert adjusted_rand_score(ring, Leiden(target_clusters=2).fit(rings)) == 1


def test_leiden_partitions_a_given_graph_instead_of_that_of_the_vectors():
    pairs = [(0, 2), (0, 4), (2, 4), (1, 3), (1, 5), (3, 5)]  # even and odd tracks; X says otherwise
    links = pd.DataFrame(pairs, columns=["first", "second"]).assign(weight=1.0)
    near = np.repeat([[0.0], [9.0]], 3, axis=0)
    for clusterer in (Leiden(n_neighbors=2), Consensus(Leiden(n_neighbors=2), 3)):
        np.testing.assert_array_equal(clusterer.on(links).fit(near), [0, 1, 0, 1, 0, 1])
        np.testing.assert_array_equal(clusterer.on(None).fit(near), [0, 0, 0, 1, 1, 1])
    assert KMeans(2).on(links) == KMeans(2)  # it clusters vectors alone
