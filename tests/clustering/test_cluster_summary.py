import numpy as np
import pandas as pd

from core.clustering.cluster_summary import order_by_typicality, summarise_clusters


def test_size_majority_and_typical_tracks_by_hand():
    X = np.array([[0.0], [1.0], [5.0], [10.0], [11.0], [99.0]])
    labels = np.array([0, 0, 0, 1, 1, -1])
    tracks = pd.DataFrame({"label": ["folk", "rag", "folk", "", "", "rag"]})
    table = summarise_clusters(X, labels, tracks, n_typical=2)
    assert table["cluster"].tolist() == [0, 1, -1]
    assert table["size"].tolist() == [3, 2, 1]
    np.testing.assert_allclose(table["share"], [1 / 2, 1 / 3, 1 / 6])
    assert table["label"].tolist() == ["folk", "", "rag"]
    np.testing.assert_allclose(table["label_share"], [2 / 3, np.nan, 1.0])
    assert table["typical"].tolist() == [
        [1, 0],
        [3, 4],
        [],
    ]  # mean of cluster 0 is 2: tracks 1, 0, 2 in this order


def test_ties_go_to_the_first_name_in_any_row_order():
    tracks = pd.DataFrame({"label": ["b", "a", "b", "a"]})
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        table = summarise_clusters(np.eye(4), np.zeros(4, int), tracks.iloc[order].reset_index(drop=True))
        assert (table["label"][0], table["label_share"][0]) == ("a", 0.5)


def test_typicality_is_nearness_to_the_centroid():
    X = np.array([[9.0, 0], [0, 0], [3, 0], [4, 0], [100, 100]])
    assert order_by_typicality(X, np.array([0, 1, 2, 3])).tolist() == [
        3,
        2,
        1,
        0,
    ]  # mean 4; 0 and 1 are 5 and 4 away


def test_all_noise_and_no_tracks():
    alone = summarise_clusters(np.zeros((2, 1)), np.array([-1, -1]), pd.DataFrame({"label": ["", ""]}))
    assert alone["cluster"].tolist() == [-1] and alone["typical"][0] == []
    assert len(summarise_clusters(np.zeros((0, 1)), np.zeros(0, int), pd.DataFrame({"label": []}))) == 0
