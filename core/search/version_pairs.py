r"""Pairs of tracks that are versions of one recording: by audio, duration and title.

What counts as near is decided by the collection's own distances, durations and titles: a pair is reported if
a collection like this one would have fewer than :data:`MOST_BY_CHANCE` pairs like it by chance.

*Audio.* With d(i, k) the distance of track i to its k-th neighbour and K = :data:`SCALE_RANK`: where tracks
are spread evenly around i in m dimensions, the expected number of tracks that are nearer than d is

    c_i(d) = (K − 1) (d / d(i, K))^m .

m is estimated from the neighbours of rank 3 to K, which are hardly ever versions. Only pairs count of which
each track is among the other's K nearest; c is the larger of both.

*Durations and titles.* Let q be the share of random pairs of the collection whose durations agree as well as
those of a pair, or whose titles do; it is 1 where all clips have one length. With n tracks the expected
number of pairs as near by chance is n c, and of those that agree in duration as well, with x = c q, it is
n E[min(x / q', K − 1)] over the q' of random pairs within 2 %: a small q makes up for a larger c in many
ways. A title in common multiplies it by its q.

Measured on the 190 tracks of an earlier demo and an altered copy of half of them (95): MP3 at its lowest
bitrate, OGG at 22 kHz, half the level (47 together); noise at 25 dB; the middle 65 %; a semitone up by
resampling (16 each).

============ ========= ====== ===================== ===== === ========
MusiCNN      precision recall encodings and levels  noise cut semitone
============ ========= ====== ===================== ===== === ========
no titles    1.00      0.47   33 of 47              11    1   0
with titles  1.00      0.88   45 of 47              15    11  13
============ ========= ====== ===================== ===== === ========

MFCC: precision 0.98, recall 0.49 (all 47, nothing else), with titles 1.00 and 0.79. Both side by side
(``musicnn+mfcc``): 1.00 and 0.54, with titles 1.00 and 0.91.

References
----------
Levina & Bickel (2005), Maximum likelihood estimation of intrinsic dimension, equation 8: the estimate of m,
here without the first two neighbours.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.neighbours import nearest_by_distance
from core.text.words import split_words

SCALE_RANK = 10
"""K: rank of the neighbour whose distance is the scale of a track's surroundings."""
FIRST_UNRELATED = 3
"""Neighbours from this rank on are taken for unrelated tracks."""
FEWEST_TRACKS = 12
"""With fewer tracks nothing is known of the distances of unrelated ones."""
MOST_BY_CHANCE = 0.5
"""Pairs that a collection has by chance, at most, whatever its size."""
N_RANDOM_PAIRS = 20_000
"""Random pairs whose durations and titles are compared."""
SAME_DURATION = 0.98
"""Least ratio of durations of one recording in two encodings."""
SAME_TITLE = 0.6
"""Least similarity of two titles of one piece."""
SAME, EDIT, VERSION = "same recording", "edit", "other version"
_VERSION_WORDS = frozenset(
    {
        *("live", "edit", "radio", "remaster", "remastered", "version", "versión", "mix", "remix", "demo"),
        *("acoustic", "instrumental", "mono", "stereo", "take", "original", "album", "single", "extended"),
        *("feat", "ft", "bonus", "unplugged", "rerecorded", "cut"),
    }
)


class VersionPair(NamedTuple):
    """Two tracks that are versions of one recording, and the evidence.

    Attributes
    ----------
    first, second : int
        Rows; first < second.
    kind : str
        :data:`SAME` (audio, and durations within 2 %), :data:`EDIT` (audio alone, another duration, and
        neither titles nor artists that differ) or :data:`VERSION` (audio together with title and artist).
    distance : float
        In units of the distance to the 10th neighbour (geometric mean over both tracks); 0: equal.
    rank, reverse_rank : int
        Of the second among the neighbours of the first, and the reverse; 1 and 1: mutual nearest neighbours.
    by_chance : float
        Expected number of such pairs in the collection by chance; see the module.
    duration_ratio : float
        Shorter to longer, 0 to 1; nan where unknown.
    title_similarity : float
        Shared words of the titles, 0 to 1, without words such as "live" and "remastered"; nan where unknown.
    """

    first: int
    second: int
    kind: str
    distance: float
    rank: int
    reverse_rank: int
    by_chance: float
    duration_ratio: float
    title_similarity: float


def find_pairs(
    X: np.ndarray,
    durations_s: np.ndarray,
    titles: Sequence[str],
    artists: Sequence[str],
    are_given: Sequence[bool] | None = None,
) -> list[VersionPair]:
    """Return the pairs of tracks that are versions of one recording, nearest first.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
        A representation of all tracks, its dimensions on one scale.
    durations_s : ndarray, shape=(n_tracks,)
        nan where unknown; such a pair is never an edit.
    titles, artists : sequence of str, length n_tracks
        "" where unknown.
    are_given : sequence of bool, length n_tracks, optional
        Whether a title is not only the file's name: two that differ speak against an edit. By default all.

    Returns
    -------
    list of VersionPair
        Empty for fewer than :data:`FEWEST_TRACKS` tracks.
    """
    n = len(X)
    if n < FEWEST_TRACKS:
        return []
    neighbours, distances = nearest_by_distance(X, SCALE_RANK)
    nearer = expected_nearer(distances)
    words = [title_words(title) for title in titles]
    random = _RandomPairs(durations_s, words)
    rank_of = [{int(j): rank for rank, j in enumerate(row)} for row in neighbours]
    found = []
    for i, row in enumerate(neighbours.tolist()):
        for rank, j in enumerate(row):
            reverse = rank_of[j].get(i)
            if j < i or reverse is None:
                continue
            duration = _ratio(durations_s[i], durations_s[j])
            title = shared_words(words[i], words[j])
            agree = not (artists[i] and artists[j]) or split_words(artists[i]) == split_words(artists[j])
            differ = title < SAME_TITLE and (are_given is None or (are_given[i] and are_given[j]))
            near = float(max(nearer[i, rank], nearer[j, reverse]))
            kind, by_chance = _judge(n, near, duration, title if agree else math.nan, random)
            if kind == EDIT and (differ or not agree):
                continue
            if kind:
                scale = math.sqrt(distances[i, -1] * distances[j, -1])
                distance = float(distances[i, rank] / scale) if scale else 0.0
                found.append(
                    VersionPair(i, j, kind, distance, rank + 1, reverse + 1, by_chance, duration, title)
                )
    return sorted(found, key=lambda pair: (pair.distance, pair.first, pair.second))


def expected_nearer(distances: np.ndarray) -> np.ndarray:
    """Return how many tracks are expected nearer than each neighbour if tracks are spread evenly.

    Parameters
    ----------
    distances : ndarray, shape=(n_tracks, K)
        To the nearest neighbours, ascending.

    Returns
    -------
    ndarray, shape=(n_tracks, K)
        0: much nearer than the tracks around; K − 1 for the last.
    """
    K = distances.shape[1]
    scale = distances[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(scale / distances[:, FIRST_UNRELATED - 1 : K - 1])  # (n, K - FIRST_UNRELATED)
        share = np.where(scale > 0, distances / scale, 0.0)
    sums = logs.sum(axis=1)
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, K))])  # H_0 … H_{K-1}
    expected = sum(harmonic[K - 1] - harmonic[j - 1] for j in range(FIRST_UNRELATED, K))  # where m = 1
    usable = sums[np.isfinite(sums) & (sums > 0)]
    m = expected / float(np.median(usable)) if len(usable) else 1.0
    return (K - 1) * np.clip(share, 0, 1) ** m


class _RandomPairs:
    """Durations and titles of random pairs: how rare it is that they agree."""

    def __init__(self, durations_s: np.ndarray, words: Sequence[set[str]], seed: int = 0):
        rng = np.random.default_rng(seed)
        n = len(durations_s)
        first = rng.integers(n, size=N_RANDOM_PAIRS)
        second = (first + rng.integers(1, n, size=N_RANDOM_PAIRS)) % n
        pairs = list(zip(first.tolist(), second.tolist()))
        ratios = np.array([_ratio(durations_s[i], durations_s[j]) for i, j in pairs])
        self.ratios = np.sort(ratios[ratios >= SAME_DURATION])
        same, counts = np.unique(self.ratios, return_counts=True)
        self.shares, self.weights = self.duration_share(same), counts / N_RANDOM_PAIRS
        n_same_title = sum(shared_words(words[i], words[j]) >= SAME_TITLE for i, j in pairs)
        self.title_share = (n_same_title + 1) / (N_RANDOM_PAIRS + 1)

    def duration_share(self, ratio: float | np.ndarray) -> np.ndarray:
        """Return the share of random pairs whose durations agree as well, never 0."""
        n_as_similar = len(self.ratios) - np.searchsorted(self.ratios, ratio, side="left")
        return (n_as_similar + 1) / (N_RANDOM_PAIRS + 1)

    def expected_nearer(self, nearer: float, ratio: float) -> float:
        """Return how many tracks are expected that are nearer and agree in duration, one for the other."""
        x = nearer * float(self.duration_share(ratio))
        return max(x, float(self.weights @ np.minimum(x / self.shares, SCALE_RANK - 1)))


def _judge(n: int, nearer: float, duration: float, title: float, random: _RandomPairs) -> tuple[str, float]:
    """Return the kind of a pair, "" for unrelated tracks, and the number of such pairs by chance."""
    by_chance = n * nearer
    if duration >= SAME_DURATION:
        by_chance = min(by_chance, n * random.expected_nearer(nearer, duration))
    if by_chance <= MOST_BY_CHANCE:
        return (EDIT if duration < SAME_DURATION else SAME), by_chance
    if title >= SAME_TITLE and by_chance * random.title_share <= MOST_BY_CHANCE:
        return VERSION, by_chance * random.title_share
    return "", by_chance


def title_words(title: str) -> set[str]:
    """Return the words of a title that name the piece; all of them where none would be left.

    Words such as "live" or "remastered" are left out, and years beside other words.

    >>> sorted(title_words("So What (2009 Remastered)"))
    ['so', 'what']
    """
    words = split_words(title)
    kept = {w for w in words if w not in _VERSION_WORDS and not (len(w) == 4 and w[:2] in ("19", "20"))}
    return kept or set(words)


def shared_words(one: set[str], other: set[str]) -> float:
    """Return the share of words that two titles have in common, nan where either has none."""
    return len(one & other) / len(one | other) if one and other else math.nan


def _ratio(one: float, other: float) -> float:
    """Return the ratio of the shorter to the longer duration, nan where unknown."""
    return float(min(one, other) / max(one, other)) if one > 0 and other > 0 else math.nan
