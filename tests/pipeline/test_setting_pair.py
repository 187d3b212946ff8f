"""Two settings side by side: aligned, matched, and what moved."""

from dataclasses import replace

import numpy as np
import pytest

from core.pipeline.setting_pair import pair_settings
from tests.pipeline.small_space import AUDIO, BOTH, GROUP, N, make


@pytest.fixture(autouse=True)
def near_worker(monkeypatch):
    from core.projection import projection_spec, worker

    def project(X, config, seed=0, init=None):
        return projection_spec("pca").load()().fit(X, seed=seed)

    monkeypatch.setattr(worker, "project_in_worker", project)


def test_a_setting_beside_itself_moves_nothing():
    pair = pair_settings(make(), AUDIO, AUDIO)
    assert pair.n_changed == 0 and pair.n_only == (0, 0) and np.abs(pair.moved).max() < 1e-5
    assert len(pair.most_moved(5)) == 0
    assert pair.flows["first"].tolist() == pair.flows["second"].tolist() == [0, 1, 2]
    assert pair.flows["n_tracks"].sum() == N


def test_clusters_keep_their_numbers_and_one_that_splits_flows_into_two():
    pair = pair_settings(make(), AUDIO, replace(AUDIO, n_clusters=2))
    flows = pair.flows
    assert len(flows) == 3 and set(flows["second"]) <= {0, 1, 2} and pair.n_changed == N // 3
    by_group = [set(pair.labels[0][g == GROUP]) for g in range(3)]
    assert all(len(one) == 1 for one in by_group)


def test_only_tracks_of_both_maps_are_compared():
    texts = np.where(np.arange(N) < 10, "", make().tracks["lyrics"])
    pair = pair_settings(make(texts=texts), AUDIO, replace(BOTH, audio=None))
    assert len(pair.rows) == N - 10 and pair.rows.min() == 10 and pair.n_only == (10, 0)
    order = pair.most_moved(5)
    assert len(order) == 5 and (np.diff(pair.moved[order]) <= 0).all()
