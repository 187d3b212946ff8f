"""What decoding libraries raise over damaged bytes becomes an AudioError: the one place that names the families.

soundfile, PyAV, soxr and numpy have no common error for "these bytes are damaged": PyAV alone raises
ValueError for a sample format that it can't convert, IndexError for a stream that appears on the way and
MemoryError for an absurd size. Only calls of these libraries are wrapped, so that a defect of this project's
own code stays loud.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import AudioError

FAMILIES = (
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
"""Left out are AttributeError, NameError and ImportError, which no file causes."""


@contextmanager
def as_audio_error(reason: str, *more: type[Exception], told: bool = True) -> Iterator[None]:
    """Turn what a library raises into an :class:`AudioError`.

    Parameters
    ----------
    reason : str
        What is wrong with the file.
    *more : type
        Exceptions of the library that belong to no family.
    told : bool
        Whether the library's own sentence follows the reason.
    """
    try:
        yield
    except (*FAMILIES, *more) as error:
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise AudioError(f"{reason} ({said})" if told else reason) from error
