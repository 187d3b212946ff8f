"""Names that users gave to clusters. They are kept with the tracks, so they outlive numbers and settings."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from core import store
from core.errors import ConfigError

KIND = "cluster-names"
LONGEST = 60
"""Characters of a name."""
LEAST_OVERLAP = 0.5
"""Least Jaccard index of a cluster and the tracks that were named: below it another cluster may be nearer."""


def name_clusters(track_ids: Sequence[str] | np.ndarray, labels: np.ndarray) -> dict[int, str]:
    """Return the names of clusters by number; those without one are left out.

    A name belongs to a set of tracks. A cluster takes the name of the tracks that it is most similar to, if
    the Jaccard index of both is 0.5 or more; a name is given once. Named tracks that are not among
    ``track_ids`` don't count.

    Parameters
    ----------
    track_ids : sequence of str, shape=(n,)
    labels : ndarray of int, shape=(n,)
        Cluster per track, -1 is noise, which takes no name.
    """
    return {cluster: name for cluster, (name, _) in _match(track_ids, labels).items()}


def save_cluster_name(
    track_ids: Sequence[str] | np.ndarray, labels: np.ndarray, names: Mapping[int, str]
) -> None:
    """Name clusters, in place of the names that they have; "" deletes a name.

    Raises
    ------
    ConfigError
        When a name is longer than :data:`LONGEST`, or there is no such cluster.
    """
    tidy = {cluster: " ".join(name.split()) for cluster, name in names.items()}
    for cluster, name in tidy.items():
        if len(name) > LONGEST:
            raise ConfigError(
                f"the name of a cluster must have {LONGEST} characters at most, not {len(name)}"
            )
        if cluster < 0 or not (labels == cluster).any():
            raise ConfigError(f"cluster {cluster + 1} doesn't exist, so it can't be named {name!r}")
    ids, before = np.asarray(track_ids), _match(track_ids, labels)
    for cluster, name in tidy.items():
        members = sorted(ids[labels == cluster].tolist())
        key = store.key_of(members)
        old = before.get(cluster, ("", key))[1]
        for outdated in {old, key} if not name else {old} - {key}:
            store.path_of(KIND, f"{outdated}.json").unlink(missing_ok=True)
        if name:
            store.save_owned(KIND, key, {"name": name, "track_ids": members})


def _match(track_ids: Sequence[str] | np.ndarray, labels: np.ndarray) -> dict[int, tuple[str, str]]:
    """Return (name, key) by cluster: the largest overlaps first."""
    saved = list(_saved())
    if not saved:  # as on most runs of a page; the rest grows with the tracks
        return {}
    position = {track_id: at for at, track_id in enumerate(track_ids)}
    overlaps = []
    for key, name, named in saved:
        here = np.array([position[track_id] for track_id in named if track_id in position], int)
        clusters, shared = np.unique(labels[here], return_counts=True)
        for cluster, both in zip(clusters.tolist(), shared.tolist()):
            union = len(here) + int((labels == cluster).sum()) - both
            if cluster >= 0 and both / union >= LEAST_OVERLAP:
                overlaps.append((-both / union, key, cluster, name))
    found: dict[int, tuple[str, str]] = {}
    used: set[str] = set()
    for _, key, cluster, name in sorted(overlaps):
        if cluster not in found and key not in used:
            found[cluster] = (name, key)
            used.add(key)
    return found


def _saved() -> Iterable[tuple[str, str, list[str]]]:
    """Yield key, name and track ids of what was named; damaged files are skipped."""
    for path in sorted(store.path_of(KIND).glob("*.json")):
        value = store.recent.read((path,), lambda path: store.load_owned(KIND, path.stem) or {})
        name, named = value.get("name"), value.get("track_ids")
        if isinstance(name, str) and name and isinstance(named, list):
            yield path.stem, name, named
