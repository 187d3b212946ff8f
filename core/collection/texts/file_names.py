"""The title in a file's name, if it holds one and not only a label or a serial number."""

import re
from collections.abc import Iterable
from functools import lru_cache

from core.text.words import split_words

_TRACK_NUMBER = re.compile(r"^\s*[\[(]?(?:\d{1,2}[-.])?\d{1,3}[\])]?(?:\s*[-._]+\s*|\s+)(?=[^\W\d_])")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SERIAL = re.compile(r"\d\W*$|[^\W\d_]\d|\d[^\W\d_]")
"""A number at the end, or digits and letters in one word ("kick01", "TRAAAAW128F429D538")."""
_SHORTEST = 3  # UTF-8 bytes of letters: one ideograph


def title_in_name(name: str, labels: Iterable[str] = ()) -> str:
    """Return the title in a file's name without its ending, "" where it holds a label or a serial number.

    A track number before a title is no part of it. Read as text, "blues.00012" would tell the genre that a
    text representation is scored against.

    Parameters
    ----------
    name : str
        A file name without its ending.
    labels : iterable of str
        The label of the track, and the folders of its file.

    Examples
    --------
    >>> [title_in_name(name, ["Blues"]) for name in ("blues.00012", "000002", "03 - So What", "Slow Blues")]
    ['', '', 'So What', '']
    """
    title = _TRACK_NUMBER.sub("", name).strip(" ._-")
    words = _words(title)
    if _SERIAL.search(title) or len("".join(words).encode("utf-8", "ignore")) < _SHORTEST:
        return ""
    roots = {_root(word) for word in words}
    held = any(label_words and label_words <= roots for label_words in map(_roots, labels))
    return "" if held else title


def _words(name: str) -> list[str]:
    """Return the words of a name, apart at capitals and underscores."""
    return split_words(_CAMEL.sub(" ", name).replace("_", " "))


@lru_cache(maxsize=2**12)  # a few labels and folders recur in every track
def _roots(label: str) -> frozenset[str]:
    """Return the words of a label without the ending of the plural."""
    return frozenset(map(_root, _words(label)))


def _root(word: str) -> str:
    """Return a word without the ending of the plural: kicks and basses are kick and bass."""
    for ending in ("sses", "s"):
        if len(word) > len(ending) + 2 and word.endswith(ending) and not word.endswith("ss"):
            return word.removesuffix("es" if ending == "sses" else "s")
    return word
