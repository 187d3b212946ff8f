"""Two settings of one collection side by side: aligned maps, flows between clusters, tracks that move."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.clustering.cluster_flows import count_flows
from core.clustering.matching import match_labels
from core.collection import Collection
from core.drawing.spread import spread
from core.errors import ConfigError
from core.pipeline.choice import Choice
from core.pipeline.layouts import layout
from core.pipeline.space import build_space
from core.pipeline.stages import find_clusters
from core.progress import Progress, silent
from core.projection.alignment import align, displacement

STILL = 0.005
"""A track that moves less, as a share of the map's longer side, stays in its place."""
TRACK = ("track_id", "title", "artist")


@dataclass(frozen=True, eq=False)
class SettingPair:
    """Two settings on the tracks that both have.

    Attributes
    ----------
    rows : ndarray of int, shape=(n,)
        Their positions in the collection.
    places : tuple of two ndarray, shape=(n, 2)
        The maps as the pages spread them; the second is aligned to the first.
    labels : tuple of two ndarray of int, shape=(n,)
        Clusters, -1 is noise; those of the second have the numbers of the first where they overlap.
    moved : ndarray, shape=(n,)
        How far each track is from its place on the first map, as a share of that map's longer side.
    n_only : tuple of int
        Tracks that only the first, only the second setting has.
    """

    rows: np.ndarray
    places: tuple[np.ndarray, np.ndarray]
    labels: tuple[np.ndarray, np.ndarray]
    moved: np.ndarray
    n_only: tuple[int, int]

    @property
    def flows(self) -> pd.DataFrame:
        """``first, second, n_tracks`` per pair of clusters."""
        return count_flows(*self.labels)

    @property
    def n_changed(self) -> int:
        """Number of tracks that are in another cluster than before."""
        return int((self.labels[0] != self.labels[1]).sum())

    def most_moved(self, n: int) -> np.ndarray:
        """Return the tracks that move most, as positions in ``rows``, the farthest first."""
        order = np.argsort(-self.moved, kind="stable")[:n]
        return order[self.moved[order] >= STILL]

    def describe_moved(self, collection: Collection, n: int) -> list[dict]:
        """Return ``track_id, title, artist, moved, first, second`` of the tracks that move most."""
        return [
            {
                **{key: str(collection.tracks[key].iloc[self.rows[at]]) for key in TRACK},
                "moved": float(self.moved[at]),
                "first": int(self.labels[0][at]),
                "second": int(self.labels[1][at]),
            }
            for at in self.most_moved(n)
        ]


def pair_settings(
    collection: Collection, first: Choice, second: Choice, progress: Progress = silent
) -> SettingPair:
    """Represent, cluster and project a collection by two choices, and lay the second map over the first.

    Raises
    ------
    ConfigError
        When fewer than two tracks have what both settings need.
    """
    found = []
    for done, choice in enumerate((first, second)):
        progress(done, 2, "clusters and map of the two settings")
        space = build_space(collection, choice, progress)
        labels = find_clusters(space, choice, progress)
        found.append((space.rows, labels, layout(collection, space, choice, progress)))
    (rows_1, labels_1, places_1), (rows_2, labels_2, places_2) = found
    rows, in_1, in_2 = np.intersect1d(rows_1, rows_2, return_indices=True)
    if len(rows) < 2:
        raise ConfigError(
            f"{len(rows)} tracks of {collection.name} are on both maps; two settings need two or more, and "
            "these read different modalities"
        )
    reference = spread(places_1[in_1])
    aligned = align(spread(places_2[in_2]), reference)
    return SettingPair(
        rows,
        (reference, aligned),
        (labels_1[in_1], match_labels(labels_2[in_2], labels_1[in_1])),
        displacement(aligned, reference),
        (len(rows_1) - len(rows), len(rows_2) - len(rows)),
    )
