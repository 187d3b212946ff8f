"""Open a file for reading so that nothing else is ever opened in its place.

libsndfile, given a path, also opens a file named ``._NAME`` beside it, where macOS keeps resource forks: a
named pipe of that name would block it for ever, and a symbolic link would lead it out of the folder. So files
are opened here, once, and the decoders are handed the open file.
"""

import io
import os
import stat
from pathlib import Path

from core.errors import AudioError

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
"""O_NONBLOCK: a pipe put there after the first look is opened, not waited for, and refused; Windows has none of them."""


def open_regular(path: str | os.PathLike, within: Path | None = None) -> io.FileIO:
    """Open a regular file for unbuffered reading.

    Parameters
    ----------
    path : str or PathLike
    within : Path, optional
        A resolved folder that the file must lie in once all symbolic links are followed.

    Raises
    ------
    AudioError
        With the reason: missing, not permitted, a folder, pipe, socket or device, or outside ``within``.
    """
    try:
        _refuse_irregular(os.stat(path).st_mode)  # opening a device can have effects of its own
        file = io.FileIO(os.open(path, _FLAGS))
        try:
            _refuse_irregular(os.fstat(file.fileno()).st_mode)
            if within is not None and not _lies_within(path, within, file.fileno()):
                raise AudioError("is a link that leaves the folder")
        except BaseException:
            file.close()
            raise
        return file
    except FileNotFoundError:
        raise AudioError("is not there (moved, deleted, or a link to nothing)") from None
    except PermissionError:
        raise AudioError("may not be read: permission denied") from None
    except (OSError, ValueError) as reason:
        raise AudioError(f"can't be opened: {getattr(reason, 'strerror', None) or reason}") from None


def _refuse_irregular(mode: int) -> None:
    """Refuse what is no regular file."""
    if stat.S_ISDIR(mode):
        raise AudioError("is a folder, though its name looks like a sound file's")
    if not stat.S_ISREG(mode):
        raise AudioError("is a pipe, socket or device, not a file")


def _lies_within(path: str | os.PathLike, folder: Path, descriptor: int) -> bool:
    """Say whether the file that was opened is the one that the path leads to now, and that lies below the folder."""
    target = Path(os.path.realpath(path))
    return target.is_relative_to(folder) and os.path.samestat(os.stat(target), os.fstat(descriptor))
