"""Indices kept in the store by the content of their vectors, with their recall."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np

from core import store
from core.neighbours.inverted_lists import build_index, from_bytes, measure_recall, to_bytes
from core.store.hashing.source import source_hash

MOST_OPEN = 2
"""Indices that stay in memory."""


@dataclass(frozen=True, eq=False)
class StoredIndex:
    """An index of the store.

    Attributes
    ----------
    index : faiss index
    recall : float
        See :func:`core.neighbours.inverted_lists.measure_recall`.
    """

    index: Any
    recall: float

    def nearest(self, query: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows nearest to a vector and their squared distances, nearest first; k or fewer."""
        squares, rows = self.index.search(np.ascontiguousarray(query[None], np.float32), k)
        found = rows[0] >= 0
        return rows[0][found], np.maximum(squares[0][found], 0)


_open: OrderedDict[str, StoredIndex] = OrderedDict()
_lock = Lock()


def stored_index(key: str, vectors: Callable[[], np.ndarray]) -> StoredIndex:
    """Return the index of vectors, read from the store or built into it.

    Parameters
    ----------
    key : str
        Key of the content of the vectors.
    vectors : callable
        Returns them, shape=(n_tracks, n_features); called only where the store has no index of them.
    """
    key = store.key_of("index", key, source_hash(build_index, measure_recall))
    with _lock:
        found = _open.pop(key, None) or _read(key, vectors)
        _open[key] = found
        while len(_open) > MOST_OPEN:
            _open.popitem(last=False)
    return found


def _read(key: str, vectors: Callable[[], np.ndarray]) -> StoredIndex:
    """Read an index from the store, or build it."""
    recall = store.peek("neighbours", store.key_of("recall", key))

    def make() -> np.ndarray:
        nonlocal recall
        X = np.ascontiguousarray(vectors(), np.float32)
        index = build_index(X)
        recall = {"recall": measure_recall(index, X)}
        store.put("neighbours", store.key_of("recall", key), recall)
        return to_bytes(index)

    index = from_bytes(store.cached("neighbours", key, make))
    return StoredIndex(index, recall["recall"] if recall else np.nan)
