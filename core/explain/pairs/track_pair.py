"""Why are two tracks near? Distances and ranks in each representation and on the map, words, descriptors."""

from typing import Literal

import numpy as np

from core.collection import Collection
from core.errors import ConfigError
from core.explain.distinctive_words import read_words
from core.explain.measurements import Measurement, read_measurements
from core.explain.pairs.track_views import N_NEIGHBOURS, View
from core.pipeline.choice import Choice
from core.progress import Progress, silent

N_WORDS = 10
MOST_COMPARED = 2_000
"""Tracks that words are compared with at most."""
N_DESCRIPTORS = 5
NEAR, FAR = 0.05, 0.25
"""A track is near among this share of the nearest ones (or the ten nearest), and far beyond that share."""
Verdict = Literal["consistent", "false_neighbours", "missed_neighbours"]


def compare_tracks(
    collection: Collection,
    choice: Choice,
    views: dict[str, View],
    first: str,
    second: str,
    *,
    thorough: bool = True,
    progress: Progress = silent,
) -> dict:
    """Compare two tracks.

    Parameters
    ----------
    views : dict of View
        Of :func:`views_of`.
    first, second : str
        Their ids.
    thorough : bool
        Whether audio that was not read yet is read for descriptors.

    Returns
    -------
    dict
        ``first``, ``second``: ids; ``views``, by name ``distance`` (1 is the median distance of two tracks),
        ``rank`` of the second among the nearest tracks of the first (1 is nearest), ``rank_back``, the other
        way round, and ``n_others``, or None where one of them lacks it; ``verdict`` on the map, see
        :func:`judge_map`, None without a map; ``words``, see :func:`share_words`; ``descriptors``, see
        :func:`compare_descriptors`.

    Raises
    ------
    ConfigError
        When both are the same track, or one is not on the map.
    """
    ids = collection.tracks["track_id"].tolist()
    if first == second:
        raise ConfigError("choose two different tracks: a track is as near to itself as can be")
    a, b = ids.index(first), ids.index(second)
    whole = views[choice.modality]
    for track_id, row in ((first, a), (second, b)):
        if row not in whole.rows:
            raise ConfigError(
                f"the track {track_id} is not on the map of this choice: it lacks {choice.modality}"
            )
    places = {name: view.place(a, b) for name, view in views.items()}
    return {
        "first": first,
        "second": second,
        "views": places,
        "verdict": judge_map(places[choice.modality], places.get("map")),
        "words": share_words(collection, whole.rows, a, b),
        "descriptors": compare_descriptors(
            read_measurements(collection, thorough=thorough, progress=progress), a, b
        ),
    }


def judge_map(true: dict | None, shown: dict | None) -> Verdict | None:
    """Return whether the map tells the truth about a pair; None without a map.

    "false_neighbours": near on the map, far in the representation; "missed_neighbours": the other way round;
    else "consistent". Near is a rank within the nearest 5 % (or ten), far one beyond the nearest 25 %, of
    either track from the other.
    """
    if true is None or shown is None:
        return None
    if _is_near(shown) and _is_far(true):
        return "false_neighbours"
    return "missed_neighbours" if _is_near(true) and _is_far(shown) else "consistent"


def share_words(collection: Collection, rows: np.ndarray, a: int, b: int) -> dict | None:
    """Return the words that two tracks share, the rarest first; None where one has no words.

    Returns
    -------
    dict or None
        ``shared``: each ``word`` and ``n_tracks`` that have it, ten at most; ``n_shared``; ``jaccard``, of
        the words of both that occur in two tracks or more, and ``jaccard_elsewhere``, its mean over the first
        and the other tracks with words; ``n_compared``, a random sample where there are many tracks.
    """
    if len(rows) > MOST_COMPARED:
        others = np.setdiff1d(rows, [a, b])
        rows = np.append(np.random.default_rng(0).choice(others, MOST_COMPARED - 2, replace=False), [a, b])
    counts = read_words(collection, rows)
    place = {int(row): at for at, row in enumerate(rows)}
    both = counts.has[[place[a], place[b]]].toarray() > 0
    if not both.any(axis=1).all():
        return None
    sizes = np.asarray(counts.has.sum(axis=1)).reshape(-1)
    shared = np.asarray(counts.has @ both[0].astype(np.int64)).reshape(-1)
    indices = shared / np.maximum(sizes + both[0].sum() - shared, 1)
    others = sizes > 0
    others[[place[a], place[b]]] = False
    frequency = np.asarray(counts.has.sum(axis=0)).reshape(-1)
    common = np.flatnonzero(both.all(axis=0))
    ranked = sorted(common, key=lambda k: (frequency[k], counts.words[k]))
    return {
        "shared": [{"word": counts.words[k], "n_tracks": int(frequency[k])} for k in ranked[:N_WORDS]],
        "n_shared": len(common),
        "n_compared": len(rows),
        "jaccard": float(indices[place[b]]),
        "jaccard_elsewhere": float(indices[others].mean()) if others.any() else None,
    }


def compare_descriptors(measurements: list[Measurement], a: int, b: int) -> dict:
    """Return the measurements in which two tracks are nearest, and in which they are farthest apart.

    Returns
    -------
    dict
        ``nearest`` and ``farthest``, each a list of ``name, title, unit, first, second`` (values as text) and
        ``closer_share``: the share of the other tracks that are nearer to the first than the second is, 0 to
        1, a half by chance.
    """
    found: list[dict] = []
    for each in measurements:
        x = each.values
        if not (np.isfinite(x[a]) and np.isfinite(x[b])):
            continue
        others = np.isfinite(x)
        others[[a, b]] = False
        if not others.any():
            continue
        gap, gaps = abs(x[b] - x[a]), np.abs(x[others] - x[a])
        closer = float((gaps < gap).mean() + (gaps == gap).mean() / 2)
        found.append(
            {
                "name": each.name,
                "title": each.title,
                "unit": each.unit,
                "first": each.describe(float(x[a])),
                "second": each.describe(float(x[b])),
                "closer_share": closer,
            }
        )
    found.sort(key=lambda entry: float(entry["closer_share"]))
    n = min(N_DESCRIPTORS, (len(found) + 1) // 2)
    return {"nearest": found[:n], "farthest": found[n:][-n:][::-1]}


def _is_near(place: dict) -> bool:
    """Return whether one of a pair is among the nearest tracks of the other."""
    return min(place["rank"], place["rank_back"]) <= max(N_NEIGHBOURS, NEAR * place["n_others"])


def _is_far(place: dict) -> bool:
    """Return whether neither of a pair is among the nearer tracks of the other."""
    return min(place["rank"], place["rank_back"]) > FAR * place["n_others"] and not _is_near(place)
