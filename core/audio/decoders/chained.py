"""Decode chained OGG link by link: libsndfile reads the first link only."""

from collections.abc import Iterator, Sequence

import numpy as np

from core.audio.decoders.samples import match_channels
from core.audio.decoders.sndfile import SndFile
from core.audio.headers.ogg_links import Slice
from core.errors import AudioError


class ChainedOgg:
    """The links of one chained OGG, read as one stream.

    Parameters
    ----------
    links : sequence of Slice
        See :func:`~core.audio.headers.ogg_links.find_links`.

    Raises
    ------
    AudioError
        If a link can't be read, or has another sample rate.
    """

    slack_s = 0.0
    is_float = False
    promised = 0
    as_stated = False
    is_chained = True

    def __init__(self, links: Sequence[Slice]):
        self._links: list[SndFile] = []
        try:
            for n, link in enumerate(links, start=1):
                self._links.append(_open_link(link, n, len(links)))
            first = self._links[0]
            self.sr, self.channels = first.sr, first.channels
            self.format, self.subtype = first.format, first.subtype
            for n, reader in enumerate(self._links, start=1):
                if reader.sr != self.sr:
                    raise AudioError(
                        f"changes its sample rate midway: of its {len(links)} OGG streams one after the "
                        f"other, the first has {self.sr} Hz and number {n} {reader.sr} Hz"
                    )
        except BaseException:
            self.close()
            raise
        self.n_frames = sum(reader.n_frames for reader in self._links)

    def blocks(self, start: int, n: int) -> Iterator[np.ndarray]:
        """Yield ``n`` frames from ``start``, float32 of shape (m, channels); fewer at the end of the file."""
        for reader in self._links:
            if n <= 0:
                return
            here = min(n, reader.n_frames - start)
            if here > 0:
                for block in reader.blocks(start, here):
                    yield match_channels(block, self.channels)
                n -= here
            start = max(start - reader.n_frames, 0)

    def is_cut(self) -> bool:
        """Return whether the last link ends within a page."""
        return self._links[-1].is_cut()

    def close(self) -> None:
        """Close libsndfile's handles; the caller closes the file."""
        for reader in self._links:
            reader.close()


def _open_link(link: Slice, n: int, n_links: int) -> SndFile:
    """Open one link, and name it if it can't be read."""
    try:
        return SndFile(link)
    except AudioError as reason:
        raise AudioError(
            f"is {n_links} OGG streams one after the other, of which number {n} {reason}"
        ) from reason
