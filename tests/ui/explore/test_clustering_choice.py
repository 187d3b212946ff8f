"""Remarks on clusterings of large collections."""

from core.clustering.hdbscan import HDBSCAN
from core.clustering.kmeans import KMeans
from core.clustering.ward import Ward
from core.ui.explore.clustering_choice import describe_run


def test_large_collections_get_a_remark_where_it_matters():
    assert "mini-batches" in describe_run(KMeans(), 20_001) and describe_run(KMeans(), 20_000) == ""
    assert "sample of 50,000" in describe_run(KMeans(), 100_001)
    assert "about 22 minutes" in describe_run(HDBSCAN(), 100_000) and describe_run(HDBSCAN(), 100) == ""
    assert describe_run(Ward(), 100_000) == ""
