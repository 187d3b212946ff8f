"""What is exported: the tracks of a map, of one cluster, of a selection or of a search, with what is known.

:func:`take` is the one way to it; every format of :mod:`core.export.formats` writes what it returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.collection import Collection
from core.drawing.legend import name_of
from core.drawing.spread import spread
from core.errors import CollectionError
from core.explain.cluster_names import name_clusters
from core.pipeline.choice import Choice
from core.pipeline.kept_map import Keep, KeptMap, keep_map
from core.pipeline.layouts import has_chain, layout, layout_chain
from core.pipeline.space import Space, build_space
from core.pipeline.stages import find_clusters, score_stability
from core.progress import Progress, silent


@dataclass(frozen=True, eq=False)
class Taken:
    """Tracks of a map that are exported.

    Attributes
    ----------
    collection : Collection
    choice : Choice
    space : Space
        Of all tracks of the map.
    labels : ndarray of int, shape=(n,)
        Cluster per track of the map, from 0; -1 is noise.
    members : ndarray of int, shape=(m,)
        The positions in the space of the tracks that are exported, in their order.
    is_ranked : bool
        Whether that order means something, as in a search; else playlists go cluster by cluster.
    reasons : tuple of str
        Why further tracks are not exported, one reason each.
    kept : KeptMap or None
        The kept map whose positions and clusters these are.
    """

    collection: Collection
    choice: Choice
    space: Space
    labels: np.ndarray
    members: np.ndarray
    is_ranked: bool = False
    reasons: tuple[str, ...] = ()
    kept: KeptMap | None = None

    @property
    def rows(self) -> np.ndarray:
        """Positions in the collection, shape=(m,)."""
        return self.space.rows[self.members]

    @property
    def tracks(self) -> pd.DataFrame:
        """One row per track: its metadata and ``cluster`` (from 0)."""
        table = self.collection.tracks.iloc[self.rows].reset_index(drop=True)
        return table.assign(cluster=self.labels[self.members])

    @property
    def by_cluster(self) -> "Taken":
        """The same tracks cluster by cluster, noise first, unless they are ranked."""
        if self.is_ranked:
            return self
        return replace(self, members=self.members[np.argsort(self.labels[self.members], kind="stable")])

    @property
    def cluster_names(self) -> list[str]:
        """The clusters' names on the pages, per track."""
        names = self.names
        return [name_of(int(cluster), names) for cluster in self.labels[self.members]]

    @property
    def names(self) -> dict[int, str]:
        """The names that users gave to clusters."""
        return name_clusters(self.ids, self.labels)

    @property
    def ids(self) -> np.ndarray:
        """The ids of all tracks of the map, shape=(n,)."""
        return self.collection.tracks["track_id"].to_numpy(str)[self.space.rows]

    @property
    def vectors(self) -> np.ndarray:
        """The vectors that were clustered, shape=(m, d)."""
        return self.space.X[self.members]

    @property
    def has_weights(self) -> bool:
        """Whether the map moves over the text weight."""
        return self.kept is None and has_chain(self.space, self.choice)

    def positions(self, progress: Progress = silent) -> np.ndarray:
        """Return the positions on the map of all tracks, shape=(m, 2)."""
        if self.kept is not None:
            return self.kept.positions[self.members]
        return layout(self.collection, self.space, self.choice, progress)[self.members]

    def places(self, progress: Progress = silent) -> np.ndarray:
        """Return the positions as the pages show them, within the box from -1 to 1, shape=(m, 2)."""
        if self.kept is not None:
            return spread(self.kept.positions, ~self.kept.is_placed)[self.members]
        return spread(layout(self.collection, self.space, self.choice, progress))[self.members]

    def chain(self, progress: Progress = silent) -> np.ndarray | None:
        """Return the places at equal steps of the text weight from 0 to 1, shape=(steps, m, 2).

        None where no text weight mixes the modalities.
        """
        if not self.has_weights:
            return None
        layouts = layout_chain(self.collection, self.choice, progress)
        return np.stack([spread(one)[self.members] for one in layouts])

    def stability(self, progress: Progress = silent) -> np.ndarray | None:
        """Return the stability of each track over seeds, shape=(m,); None without a consensus over seeds."""
        found = score_stability(self.space, self.choice, progress) if self.choice.has_consensus else None
        return None if found is None else found[1][self.members]


def take(
    collection: Collection,
    choice: Choice,
    track_ids: Sequence[str] | None = None,
    *,
    is_ranked: bool = False,
    numbering: Sequence[int] | None = None,
    keep: Keep = "",
    progress: Progress = silent,
) -> Taken:
    """Return what is exported of a choice.

    Parameters
    ----------
    track_ids : sequence of str, optional
        The tracks; by default all of the map. Those that are not on it are counted with the reason.
    is_ranked : bool
        Whether the order of ``track_ids`` is kept; else it is that of the collection.
    numbering : sequence of int, optional
        The numbers (from 0) that clusters have on a page, where they keep those of the choice before.
    keep : {"", "keep", "anew"}
        See :func:`core.pipeline.kept_map.keep_map`.

    Raises
    ------
    CollectionError
        When no track is left.
    """
    space = build_space(collection, choice, progress)
    kept = keep_map(collection, space, choice, keep, progress) if keep else None
    labels = find_clusters(space, choice, progress) if kept is None else kept.labels
    if numbering is not None:
        labels = np.where(labels >= 0, np.append(np.asarray(numbering, np.int64), -1)[labels], -1)
    taken = take_from(collection, choice, space, labels, track_ids, is_ranked=is_ranked)
    return replace(taken, kept=kept)


def take_from(
    collection: Collection,
    choice: Choice,
    space: Space,
    labels: np.ndarray,
    track_ids: Sequence[str] | None = None,
    *,
    is_ranked: bool = False,
) -> Taken:
    """Return what is exported of a space and its clusters; see :func:`take`."""
    here = collection.tracks["track_id"].to_numpy(str)[space.rows]
    if track_ids is None:
        reasons = tuple(space.left_out.values())
        return Taken(collection, choice, space, labels, np.arange(len(here)), reasons=reasons)
    position = {track_id: at for at, track_id in enumerate(here)}
    wanted = list(dict.fromkeys(track_ids))
    members = np.array([position[i] for i in wanted if i in position], int)
    missing = [i for i in wanted if i not in position]
    reasons = tuple(space.left_out.get(i, f"is not in {collection.name}") for i in missing)
    if not len(members):
        raise CollectionError(
            f"none of the {len(wanted):,} tracks is on this map"
            + (f": the first {reasons[0]}" if reasons else "")
        )
    members = members if is_ranked else np.sort(members)
    return Taken(collection, choice, space, labels, members, is_ranked, reasons)
