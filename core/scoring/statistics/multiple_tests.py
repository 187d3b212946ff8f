"""Correction of p-values for the number of tests."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def holm(p_values: Mapping[Key, float]) -> dict[Key, float]:
    """Return p-values adjusted by Holm's step-down procedure, in the order given.

    The i-th smallest of m is multiplied by m - i + 1, and none is below a smaller one's (Holm 1979, A simple
    sequentially rejective multiple test procedure).

    >>> holm({"a": 0.01, "b": 0.04, "c": 0.03})
    {'a': 0.03, 'b': 0.06, 'c': 0.06}
    """
    m, largest = len(p_values), 0.0
    adjusted: dict[Key, float] = {}
    for rank, key in enumerate(sorted(p_values, key=lambda key: p_values[key])):
        largest = max(largest, min(1.0, (m - rank) * p_values[key]))
        adjusted[key] = largest
    return {key: adjusted[key] for key in p_values}
