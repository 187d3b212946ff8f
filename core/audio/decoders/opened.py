"""Open a file with the first decoder that supports it, in this process."""

import io

from core.audio.decoders.chained import ChainedOgg
from core.audio.decoders.container import Container, UnopenedError
from core.audio.decoders.sndfile import SndFile
from core.audio.headers.ogg_links import find_links
from core.errors import AudioError

EMPTY = "is empty (zero bytes)"
Decoder = SndFile | ChainedOgg | Container
"""The decoders of a file, of one interface."""


def open_here(file: io.FileIO) -> Decoder:
    """Return the first decoder that supports a file: libsndfile, else FFmpeg.

    Raises
    ------
    AudioError
        With the reason, if neither can read it.
    """
    head = file.read(16)
    if not head:
        raise AudioError(EMPTY)
    if head[:4] == b"OggS" and (links := find_links(file)):
        return ChainedOgg(links)
    try:
        return SndFile(file)
    except AudioError:
        try:
            return Container(file)
        except UnopenedError as reason:
            if head[4:8] == b"ftyp":
                raise AudioError("truncated or damaged: an MP4 whose index is missing or damaged") from reason
            raise
