"""Metadata of the formats that FFmpeg reads: Matroska, WebM, AVI, FLV, CAF, DSF and others."""

import io

from core.audio.decoders.container import FORMATS, LIMIT_S
from core.audio.decoders.decoder_errors import as_audio_error
from core.audio.decoders.timed_file import TimedFile


def read_metadata(file: io.FileIO) -> dict[str, str]:
    """Return the metadata of a file and of its first audio stream, by key in lower case.

    Raises
    ------
    AudioError
        If FFmpeg can't open the file.
    """
    import av

    av.logging.set_level(None)
    timed = TimedFile(file, LIMIT_S)
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "none"}
    try:
        with (
            as_audio_error("has no metadata that can be read", av.error.FFmpegError),
            av.open(timed, options=options, metadata_errors="ignore") as container,
        ):
            found = dict(container.streams.audio[0].metadata) if container.streams.audio else {}
            found |= container.metadata
            return {key.casefold(): value for key, value in found.items()}
    finally:
        timed.release()
