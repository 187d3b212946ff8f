"""A new file whose suffix says what it holds; nothing is overwritten."""

from collections.abc import Callable, Sequence
from pathlib import Path

from core.errors import ConfigError


def write_new(out: str | Path, suffixes: Sequence[str], make: Callable[[str], bytes]) -> Path:
    """Write what ``make`` returns for the suffix of a path to a new file.

    Raises
    ------
    ConfigError
        For another suffix, a file that exists, or a place that can't be written.
    """
    path = Path(out).expanduser()
    if path.suffix not in suffixes:
        raise ConfigError(f"{out!s} must end in {', '.join(suffixes)}")
    try:
        with open(path, "xb") as file:
            file.write(make(path.suffix))
    except FileExistsError:
        raise ConfigError(f"there is a file {str(path)!r} already; take another name") from None
    except OSError as reason:
        raise ConfigError(f"{str(path)!r} can't be written: {reason.strerror}") from reason
    return path
