"""Flows between two clusterings, by hand."""

import numpy as np

from core.clustering.cluster_flows import count_flows


def test_tracks_are_counted_per_pair_and_noise_comes_last():
    first = np.array([0, 0, 0, 1, 1, -1, -1])
    second = np.array([0, 0, 1, 1, -1, 1, -1])
    flows = count_flows(first, second)
    assert flows.values.tolist() == [
        [0, 0, 2],
        [0, 1, 1],
        [1, 1, 1],
        [1, -1, 1],
        [-1, 1, 1],
        [-1, -1, 1],
    ]
    assert flows["n_tracks"].sum() == len(first)


def test_no_track_has_no_flow():
    assert count_flows(np.zeros(0, int), np.zeros(0, int)).empty
