"""Nearest neighbours: exact among few tracks, through an index among many.

:class:`core.neighbours.finder.NeighbourFinder` finds the neighbours of many tracks at once;
:func:`core.neighbours.stored_index.stored_index` keeps an index in the store for single queries.
"""

from core.neighbours.finder import EXACT_UP_TO, NeighbourFinder, nearest_by_distance, nearest_others

__all__ = ["EXACT_UP_TO", "NeighbourFinder", "nearest_by_distance", "nearest_others"]
