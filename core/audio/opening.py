"""Open a file of a source so that no other file is opened in its place.

libsndfile, given a path, also opens a file named ``._NAME`` beside it, where macOS stores resource forks: a
named pipe of that name would block it indefinitely, and a symbolic link would lead it out of the folder. So
files are opened here, once, and the decoders get the open file.
"""

import io
import os
from pathlib import Path

from core.errors import AudioError
from core.store.files import IrregularFileError, open_regular


def open_source_file(path: str | os.PathLike, within: Path | None = None) -> io.FileIO:
    """Open a regular file for unbuffered reading.

    Parameters
    ----------
    path : str or PathLike
    within : Path, optional
        A resolved folder that must contain the file once all symbolic links are followed.

    Raises
    ------
    AudioError
        With the reason: missing, not permitted, a folder, pipe, socket or device, or outside ``within``.
    """
    try:
        file = open_regular(path)
        try:
            if within is not None and not _is_within(path, within, file.fileno()):
                raise AudioError("is a link that leaves the folder")
        except BaseException:
            file.close()
            raise
        return file
    except FileNotFoundError:
        raise AudioError("is missing (moved, deleted, or a broken link)") from None
    except PermissionError:
        raise AudioError("may not be read: permission denied") from None
    except IsADirectoryError:
        raise AudioError("is a folder, though its name looks like an audio file's") from None
    except IrregularFileError:
        raise AudioError("is a pipe, socket or device, not a file") from None
    except (OSError, ValueError) as reason:
        raise AudioError(f"can't be opened: {getattr(reason, 'strerror', None) or reason}") from None


def _is_within(path: str | os.PathLike, folder: Path, descriptor: int) -> bool:
    """Return whether the open file is the one that the path leads to now, and is below the folder."""
    target = Path(os.path.realpath(path))
    return target.is_relative_to(folder) and os.path.samestat(os.stat(target), os.fstat(descriptor))
