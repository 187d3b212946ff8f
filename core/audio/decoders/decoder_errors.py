"""Convert the exceptions of decoding libraries over damaged bytes to AudioError.

soundfile, PyAV, soxr and numpy have no common error for "these bytes are damaged": PyAV alone raises
ValueError for a sample format that it can't convert, IndexError for a stream that appears late and
MemoryError for an absurd size. Only calls of these libraries are wrapped, so that a bug in this project is
not hidden.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import AudioError

FAMILIES: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    ArithmeticError,
    TypeError,
    RuntimeError,
    AssertionError,
    MemoryError,
)
"""AttributeError, NameError and ImportError are left out: no file causes them."""


@contextmanager
def as_audio_error(reason: str, *more: type[Exception], details: bool = True) -> Iterator[None]:
    """Convert a library's exception to an :class:`AudioError`.

    Parameters
    ----------
    reason : str
        What is wrong with the file.
    *more : type
        Exceptions of the library outside :data:`FAMILIES`.
    details : bool
        Whether the library's message follows the reason.
    """
    try:
        yield
    except FAMILIES + more as error:
        message = " ".join(str(error).split())[:200] or type(error).__name__
        raise AudioError(f"{reason} ({message})" if details else reason) from error
