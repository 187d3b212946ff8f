"""Arrays and texts of maps, held in memory under a key made from their content, so that browsers cache them.

The pages put them here when they show a map, and the routes of :mod:`core.server.map_routes` deliver them.
What was not used for longest is dropped when :data:`MOST_BYTES` are exceeded; a page that needs it again puts
it here again.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MOST_BYTES = 512 * 2**20
PAGE = 256
"""Titles per page."""


@dataclass(frozen=True, eq=False)
class Titles:
    """What a map says about its points: one text per point each; an empty audio id means no audio."""

    title: Sequence[str]
    artist: Sequence[str]
    label: Sequence[str]
    audio: Sequence[str]

    def page(self, number: int, link: Callable[[str], str]) -> list[dict[str, str]]:
        """Return the texts of up to :data:`PAGE` points; ``link`` makes the address of a track's audio."""
        part = slice(number * PAGE, (number + 1) * PAGE)
        return [
            {"title": str(title), "artist": str(artist), "label": str(label), "src": link(id_) if id_ else ""}
            for title, artist, label, id_ in zip(
                self.title[part], self.artist[part], self.label[part], self.audio[part], strict=True
            )
        ]


class MapArrays:
    """Bytes and :class:`Titles` by key; safe to use from several threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._bytes: OrderedDict[str, bytes] = OrderedDict()
        self._titles: OrderedDict[str, Titles] = OrderedDict()

    def put(self, data: bytes) -> str:
        """Hold bytes and return their key: 32 hexadecimal digits, equal for equal bytes."""
        key = hashlib.sha256(data).hexdigest()[:32]
        with self._lock:
            self._bytes[key] = data
            self._bytes.move_to_end(key)
            while sum(map(len, self._bytes.values())) > self._most_bytes and len(self._bytes) > 1:
                self._bytes.popitem(last=False)
        return key

    def put_titles(self, key: str, make: Callable[[], Titles]) -> str:
        """Hold the texts of a collection's points under a key that says which they are."""
        with self._lock:
            known = key in self._titles
        titles = None if known else make()
        with self._lock:
            if titles is not None:
                self._titles[key] = titles
            if key in self._titles:
                self._titles.move_to_end(key)
            while len(self._titles) > 32:
                self._titles.popitem(last=False)
        return key

    def get(self, key: str) -> bytes | None:
        """Return the bytes of a key, None if they aren't held."""
        with self._lock:
            return self._bytes.get(key)

    def titles(self, key: str) -> Titles | None:
        """Return the texts of a key, None if they aren't held."""
        with self._lock:
            return self._titles.get(key)


ARRAYS = MapArrays()
"""Those of this server."""
