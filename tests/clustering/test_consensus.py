from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from core.clustering import consensus
from core.clustering.clusterer import Clusterer
from core.clustering.consensus import Consensus, co_association, most_similar_run
from core.clustering.kmeans import KMeans
from core.clustering.leiden import Leiden
from core.errors import ConfigError


@dataclass(frozen=True)
class Halves(Clusterer):
    """Two groups of three tracks; a seed of 2, 5, 8 … moves the third track to the other group."""

    name: ClassVar[str] = "halves"
    deterministic: ClassVar[bool] = False

    def assign(self, X, seed):
        return np.array([0, 0, int(seed % 3 == 2), 1, 1, 1])


RUNS = np.array([[0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 0]])


def overlapping(n=120):
    rng = np.random.default_rng(0)
    truth = np.repeat(np.arange(4), n // 4)
    return 2.2 * np.eye(4, 8)[truth] + rng.normal(size=(n, 8)), truth


def test_co_association_by_hand():
    together = co_association(RUNS)
    np.testing.assert_allclose(
        together[2], [2 / 3, 2 / 3, 1, 1 / 3, 1 / 3, 1 / 3], rtol=1e-6
    )  # whatever the clusters are called
    np.testing.assert_array_equal(together, together.T)
    noise = co_association(np.array([[-1, -1, 0]] * 3))
    np.testing.assert_array_equal(noise, np.eye(3))


def test_the_consensus_is_what_most_runs_find():
    clusterer = Consensus(Halves(), 3)
    np.testing.assert_array_equal(clusterer.fit_runs(np.zeros((6, 1)))[2], [1, 1, 0, 0, 0, 0])
    np.testing.assert_array_equal(clusterer.fit(np.zeros((6, 1))), [0, 0, 0, 1, 1, 1])


def test_runs_of_different_seeds_are_disjoint_and_the_same_seed_gives_the_same_consensus():
    X, _ = overlapping()
    one = KMeans(4, n_init=1)
    clusterer = Consensus(one, 5)
    np.testing.assert_array_equal(clusterer.fit_runs(X, 3)[2], one.fit(X, 17))
    np.testing.assert_array_equal(clusterer.fit(X, 3), clusterer.fit(X, 3))
    assert clusterer.fit(X, 2**31 - 1).shape == (120,)


def test_consensus_depends_less_on_the_seed_than_one_run_and_has_k_clusters():
    (X, _), one = overlapping(), KMeans(4, n_init=1)

    def spread(clusterer):
        runs = [clusterer.fit(X, seed) for seed in range(5)]
        return np.mean([adjusted_rand_score(a, b) for i, a in enumerate(runs) for b in runs[:i]])

    assert spread(one) < 0.9  # the control
    assert spread(Consensus(one, 20)) > spread(one) + 0.05
    assert len(np.unique(Consensus(one, 20).fit(X))) == 4


def test_a_clusterer_that_finds_k_is_cut_at_the_median_of_its_runs():
    X, _ = overlapping()
    clusterer = Consensus(Leiden(n_neighbors=5), 7)
    counts = [len(np.unique(run)) for run in clusterer.fit_runs(X)]
    assert len(np.unique(clusterer.fit(X))) == np.median(counts)


def test_with_many_tracks_it_is_the_run_most_similar_to_the_others(monkeypatch):
    assert most_similar_run(RUNS) == 0
    monkeypatch.setattr(consensus, "MAX_CO_ASSOCIATION", 5)
    monkeypatch.setattr(consensus, "co_association", None)  # is not computed
    np.testing.assert_array_equal(Consensus(Halves(), 3).fit(np.zeros((6, 1))), RUNS[0])


def test_what_is_refused():
    with pytest.raises(ConfigError, match="n_runs=2 must be a whole number, 3 or more"):
        Consensus(KMeans(3), 2)
    with pytest.raises(ConfigError, match="more clusters than there are tracks"):
        Consensus(KMeans(3)).fit(np.eye(2))
    np.testing.assert_array_equal(Consensus(KMeans(1)).fit(np.ones((1, 2))), [0])
