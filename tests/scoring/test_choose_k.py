"""Choice of the number of clusters by Silhouette."""

import numpy as np
import pytest

from core.clustering import CLUSTERERS, clusterer_spec
from core.clustering.dbscan import DBSCAN
from core.clustering.kmeans import KMeans
from core.errors import Cancelled, ConfigError
from core.scoring.choose_k import choose_k

SIZES = (60, 40, 30)
TRUTH = np.repeat(np.arange(3), SIZES)
X = (12 * np.eye(3, 6)[TRUTH] + np.random.default_rng(0).normal(size=(130, 6))).astype("f4")


@pytest.mark.parametrize("name", [name for name, spec in CLUSTERERS.items() if spec.takes_k])
def test_the_k_of_separated_groups_has_the_highest_silhouette(name):
    clusterer = clusterer_spec(name).load()(n_clusters=8)
    seen = []
    k, silhouettes = choose_k(
        X, clusterer, progress=lambda done, total, note, **figures: seen.append((done, total))
    )
    assert k == 3 and list(silhouettes) == list(range(2, 11))
    assert silhouettes[3] == max(silhouettes.values()) > silhouettes[8]
    assert seen[-1] == (9, 9)


def test_choosing_k_can_be_cancelled_and_stops_below_the_number_of_tracks():
    def cancel(*args, **figures):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        choose_k(X, KMeans(), progress=cancel)
    assert list(choose_k(X[:5], KMeans())[1]) == [2, 3, 4]
    with pytest.raises(ConfigError, match="3 different tracks or more, and there are 2"):
        choose_k(X[:2], KMeans())
    with pytest.raises(ConfigError, match="takes no k"):
        choose_k(X, DBSCAN())
