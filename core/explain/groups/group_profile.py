"""The profile of groups of tracks: size, labels, typical and odd tracks, words, tags, descriptors, weight."""

from collections import Counter

import numpy as np

from core import store
from core.collection import Collection
from core.explain.distinctive_words import find_distinctive_words
from core.explain.effect_size import compare_with_rest, differs, wilson_interval
from core.explain.groups.group_evidence import Evidence, key_of_profiles, missing_evidence, read_evidence
from core.explain.groups.group_members import find_boundary, find_medoid, find_outliers
from core.explain.groups.short_name import suggest_names
from core.explain.groups.weight_distribution import describe_weights
from core.explain.measurements import Measurement
from core.pipeline.choice import Choice
from core.pipeline.space import Space
from core.progress import Progress, silent
from core.search.text_fields import MIN_PROBABILITY
from core.store.hashing.source import source_hash

N_LABELS = 5
N_DESCRIPTORS = 5
N_TAGS = 5


def profile_clusters(
    collection: Collection,
    space: Space,
    choice: Choice,
    labels: np.ndarray,
    *,
    thorough: bool = True,
    progress: Progress = silent,
) -> dict:
    """Describe every cluster of a space; see :func:`profile_group` for what is known of each.

    Parameters
    ----------
    labels : ndarray of int, shape=(n,)
        Cluster per track of the space, -1 is noise.
    thorough : bool
        Whether audio that was not read yet is read for descriptors and tags.

    Returns
    -------
    dict
        ``groups``, the profiles in the order of the clusters, noise last, each with ``cluster`` (from 0) and
        ``suggested_name``; ``lacks``, see :func:`missing_evidence`.
    """
    key = store.key_of(
        "clusters",
        labels,
        key_of_profiles(collection, space, choice, thorough),
        source_hash(profile_group, suggest_names),
    )

    def make() -> dict:
        evidence = read_evidence(collection, space, choice, thorough=thorough, progress=progress)
        groups = []
        order = sorted(set(labels.tolist()), key=lambda cluster: (cluster < 0, cluster))
        for done, cluster in enumerate(order):
            progress(done, len(order), "describing clusters")
            profile = profile_group(
                space.X, labels, np.flatnonzero(labels == cluster), evidence, has_centre=cluster >= 0
            )
            groups.append({"cluster": int(cluster), **profile})
        for group, name in zip(groups, suggest_names(groups)):
            group["suggested_name"] = "" if group["cluster"] < 0 else name
        return {"groups": groups, "lacks": missing_evidence(evidence)}

    return store.cached("explanations", key, make)


def profile_selection(
    collection: Collection,
    space: Space,
    choice: Choice,
    members: np.ndarray,
    *,
    thorough: bool = True,
    progress: Progress = silent,
) -> dict:
    """Describe a selection against the other tracks of the space; see :func:`profile_clusters`.

    Parameters
    ----------
    members : ndarray of int
        Positions in the space, one or more.
    """
    key = store.key_of(
        "selection",
        np.sort(members),
        key_of_profiles(collection, space, choice, thorough),
        source_hash(profile_group, suggest_names),
    )

    def make() -> dict:
        evidence = read_evidence(collection, space, choice, thorough=thorough, progress=progress)
        labels = np.zeros(len(space.X), int)
        labels[members] = 1
        profile = profile_group(space.X, labels, np.sort(members), evidence)
        group = {"cluster": None, **profile, "suggested_name": suggest_names([profile])[0]}
        return {"groups": [group], "lacks": missing_evidence(evidence)}

    return store.cached("explanations", key, make)


def profile_group(
    X: np.ndarray, labels: np.ndarray, members: np.ndarray, evidence: Evidence, *, has_centre: bool = True
) -> dict:
    """Describe one group against the other tracks.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    labels : ndarray of int, shape=(n_tracks,)
        Group of each track.
    members : ndarray of int
        Positions of the group's tracks, one or more.
    has_centre : bool
        False for noise, which has no typical track.

    Returns
    -------
    dict
        ``n_tracks``, ``share`` (of all tracks); ``labels`` (each ``label``, ``n_tracks``, ``share`` of the
        labelled tracks of the group with ``interval``, 95 %, and ``share_elsewhere``), ``n_labelled``;
        ``medoid`` (a position or None), ``boundary`` and ``outliers``, see
        :mod:`core.explain.groups.group_members`; ``words`` (:func:`find_distinctive_words`); ``tags`` and
        ``descriptors`` whose interval excludes 0 (:func:`compare_with_rest`, with ``name``, ``title`` and
        ``unit``, and the values as ``text`` and ``text_elsewhere``), the clearest first; ``n_descriptors``
        and ``n_tags`` compared; ``text_weight`` (:func:`describe_weights`, None without).
    """
    is_member = np.zeros(len(X), bool)
    is_member[members] = True
    weights = evidence.weights
    return {
        "n_tracks": len(members),
        "share": len(members) / len(X),
        "n_labelled": int((evidence.truth[members] != "").sum()),
        "labels": share_labels(evidence.truth, is_member),
        "medoid": find_medoid(X, members) if has_centre else None,
        "boundary": find_boundary(evidence.near, labels, members) if has_centre else [],
        "outliers": find_outliers(evidence.near, members) if has_centre else [],
        "words": find_distinctive_words(evidence.words, is_member),
        "tags": find_differences(evidence.tags, is_member, N_TAGS, least=MIN_PROBABILITY),
        "n_tags": len(evidence.tags),
        "descriptors": find_differences(evidence.descriptors, is_member, N_DESCRIPTORS),
        "n_descriptors": len(evidence.descriptors),
        "text_weight": None if weights is None else describe_weights(weights[members]),
    }


def share_labels(truth: np.ndarray, is_member: np.ndarray) -> list[dict]:
    """Return the shares of the most frequent labels among the labelled tracks of a group."""
    inside = Counter(label for label in truth[is_member] if label)
    outside = Counter(label for label in truth[~is_member] if label)
    n, n_outside = inside.total(), outside.total()
    ranked = sorted(inside, key=lambda label: (-inside[label], label))[:N_LABELS]
    return [
        {
            "label": str(label),
            "n_tracks": inside[label],
            "share": inside[label] / n,
            "interval": wilson_interval(inside[label], n),
            "share_elsewhere": outside[label] / n_outside if n_outside else None,
        }
        for label in ranked
    ]


def find_differences(
    measurements: list[Measurement], is_member: np.ndarray, n: int, *, least: float | None = None
) -> list[dict]:
    """Return the measurements in which a group differs, those whose interval lies farthest from 0 first.

    With ``least`` only those that are higher in the group and whose median there is that or more.
    """
    found = []
    for each in measurements:
        compared = compare_with_rest(each.values, is_member, len(measurements))
        if compared is None or not differs(compared):
            continue
        if least is not None and (compared["effect"] < 0 or compared["median"] < least):
            continue
        found.append(
            {
                "name": each.name,
                "title": each.title,
                "unit": each.unit,
                **compared,
                "text": each.describe(compared["median"]),
                "text_elsewhere": each.describe(compared["median_elsewhere"]),
            }
        )
    return sorted(found, key=lambda each: -min(map(abs, each["interval"])))[:n]
