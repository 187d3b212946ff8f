"""Collections: a folder, a table, the demo or simulated data, read into an ordered set of tracks.

``add(source, name)`` reads and saves one, or reads its source again; ``load(name)`` loads it.
"""

from core.collection.adding import add
from core.collection.collection import Collection
from core.collection.relabelling import relabel
from core.collection.saved import load, names, remove, rename
from core.collection.sources.estimate import estimate
from core.collection.texts.track_texts import METADATA, TRANSCRIBED

__all__ = [
    "METADATA",
    "TRANSCRIBED",
    "Collection",
    "add",
    "estimate",
    "load",
    "names",
    "relabel",
    "remove",
    "rename",
]
