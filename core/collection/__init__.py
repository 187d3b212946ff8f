"""Collections: a folder, a table or the demo, read into an ordered set of tracks.

``add(source, name)`` reads and keeps one, or reads its source again; ``load(name)`` gives it back.
"""

from core.collection.adding import add, estimate
from core.collection.collection import METADATA, TRANSCRIBED, Collection
from core.collection.renaming import rename
from core.collection.saved import load, names, remove

__all__ = ["METADATA", "TRANSCRIBED", "Collection", "add", "estimate", "load", "names", "remove", "rename"]
