"""Match paths of other systems, and names of segments, to tracks."""

import re
from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

import numpy as np

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_DRIVE = re.compile(r"^[A-Za-z]:(?=/)")
_NUMBER = re.compile(
    r"(?:[._ -]+(?:seg|segment|part|pt|chunk|clip|split|slice|excerpt|window|win|frame)?[._ -]*\d{1,4}"
    r"|\s*[(\[]\d{1,4}[)\]])$",
    re.IGNORECASE,
)
_TIMES = re.compile(r"[._ -]+\d+(?:\.\d+)?s?[-_]\d+(?:\.\d+)?s?$")


def path_of(name: str) -> str:
    """Return a path with forward slashes, without drive, server, query and the escapes of a URL.

    >>> path_of("C:/Music/a b.wav"), path_of("https://x.org/m/a%20b.mp3?dl=1")
    ('/Music/a b.wav', '/m/a b.mp3')
    """
    if _URL.match(name):
        name = unquote(urlsplit(name).path)
    return _DRIVE.sub("", name)


def without_number(stem: str) -> str:
    """Return a name without the number of a segment at its end.

    >>> without_number("blues.00000.3"), without_number("song_part2")
    ('blues.00000', 'song')
    """
    return _NUMBER.sub("", stem)


def without_times(stem: str) -> str:
    """Return a name without the start and end of a segment: "song_30.0-60.0" is "song"."""
    return _TIMES.sub("", stem)


def match_tails(keys: Sequence[str], names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Match paths by the longest end that they share: the file name, and the folders above it.

    Of keys that share a target, those with the longest common end have it.

    Returns
    -------
    target : ndarray of int, shape=(n_keys,)
        Position in ``names``, -1 where none has the same file name.
    ambiguous : ndarray of bool, shape=(n_keys,)
        True where several names have the longest common end.
    """
    by_tail: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, name in enumerate(names):
        parts = _parts(name)
        for depth in range(1, len(parts) + 1):
            by_tail[parts[-depth:]].append(position)
    target = np.full(len(keys), -1)
    depths = np.zeros(len(keys), int)
    ambiguous = np.zeros(len(keys), bool)
    for row, key in enumerate(keys):
        parts = _parts(key)
        for depth in range(len(parts), 0, -1):
            if found := by_tail.get(parts[-depth:]):
                ambiguous[row] = len(found) > 1
                target[row] = found[0] if len(found) == 1 else -1
                depths[row] = depth
                break
    deepest: dict[int, int] = defaultdict(int)
    for position, depth in zip(target.tolist(), depths.tolist()):
        deepest[position] = max(deepest[position], depth)
    is_less = np.array(
        [depth < deepest[position] for position, depth in zip(target.tolist(), depths.tolist())]
    )
    return np.where(is_less, -1, target), ambiguous


def _parts(path: str) -> tuple[str, ...]:
    """Return the parts of a path."""
    return tuple(part for part in path.split("/") if part not in ("", ".", ".."))
