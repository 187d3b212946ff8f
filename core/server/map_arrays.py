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
from typing import TypeVar

MOST_BYTES = 512 * 2**20
MOST_TITLES = 32
PAGE = 256
"""Titles per page."""
_T = TypeVar("_T")


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
        self._first_drawn = threading.Event()
        self._first_drawn.set()

    def put(self, data: bytes) -> str:
        """Hold bytes and return their key: 32 hexadecimal digits, equal for equal bytes."""
        return self.put_once(hashlib.sha256(data).hexdigest()[:32], lambda: data)

    def put_once(self, key: str, make: Callable[[], bytes]) -> str:
        """Hold bytes under a key of what they are made from; they are made where they aren't held."""
        _hold(
            self._lock, self._bytes, key, make, lambda held: sum(map(len, held.values())) > self._most_bytes
        )
        return key

    def put_titles(self, key: str, make: Callable[[], Titles]) -> str:
        """Hold the texts of a collection's points under a key that says which they are."""
        _hold(self._lock, self._titles, key, make, lambda held: len(held) > MOST_TITLES)
        return key

    def get(self, key: str) -> bytes | None:
        """Return the bytes of a key, None if they aren't held."""
        with self._lock:
            return self._bytes.get(key)

    def titles(self, key: str) -> Titles | None:
        """Return the texts of a key, None if they aren't held."""
        self._first_drawn.set()
        with self._lock:
            return self._titles.get(key)

    def expect_first_map(self) -> None:
        """Let :meth:`wait_for_first_map` wait, once."""
        self._first_drawn.clear()

    def wait_for_first_map(self, seconds: float) -> None:
        """Wait until a browser has asked for titles, as it does after drawing a map; at most so long.

        Returns at once ever after.
        """
        self._first_drawn.wait(seconds)
        self._first_drawn.set()


def _hold(
    lock: threading.Lock,
    held: OrderedDict[str, _T],
    key: str,
    make: Callable[[], _T],
    is_full: Callable[[OrderedDict[str, _T]], bool],
) -> None:
    """Make a value where it isn't held, count it as used, and drop what was not used for longest."""
    with lock:
        known = held.get(key)
    value = make() if known is None else known
    with lock:
        held[key] = value
        held.move_to_end(key)
        while len(held) > 1 and is_full(held):
            held.popitem(last=False)


ARRAYS = MapArrays()
"""Those of this server."""
