"""The contract of an export format, and its description in the registry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from core.export.taken import Taken
from core.progress import Progress
from core.registry import Spec


class Format(Protocol):
    """A config whose fields are the format's options."""

    def write(self, taken: Taken, out: Path, progress: Progress) -> list[str]:
        """Write tracks to a file; return why some are not in it, one reason per track left out.

        ``out`` doesn't exist; the caller renames it once it is complete.
        """


class Sized(Protocol):
    """A format whose size is said before it is made."""

    def estimate(self, taken: Taken) -> int:
        """Return about how many bytes are written."""


@dataclass(frozen=True, kw_only=True)
class FormatSpec(Spec):
    """Description of an export format.

    Attributes
    ----------
    suffixes : tuple of str
        Endings of its files, in lower case; "" for a folder.
    mime : str
        Media type of a download; "" where it can't be downloaded.
    for_map : dict or None
        The options with which the command ``map`` writes it, None where that doesn't offer it.
    for_page : dict
        Fields that pages set, because a browser puts the file where it likes.
    is_sized : bool
        Whether its size is said before it is made, and pages make it as a job.
    """

    suffixes: tuple[str, ...]
    mime: str
    for_map: Mapping[str, Any] | None = field(default=None)
    for_page: Mapping[str, Any] = field(default_factory=dict)
    is_sized: bool = False

    def protocols(self) -> tuple[type, ...]:
        """Return the protocols that the class must meet."""
        return (Format, Sized) if self.is_sized else (Format,)
