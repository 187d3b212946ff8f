"""One Lance table in a folder: its newest complete version, and appending to it.

A version of the table exists once its manifest is complete; leftovers of a killed or failed write are
ignored.
"""

import re
import shutil
from pathlib import Path

from core.errors import WriteError
from core.store.cache import recent

_MAGIC = b"LANC"
"""The last bytes of a complete manifest."""
_LANCE_DETAILS = re.compile(r"^LanceError\(\w+\): |, \S+\.rs:\d+:\d+$")
"""What Lance adds to the operating system's message: its own name, and a line of its source."""

Listed = tuple[frozenset[str], tuple[int, ...] | None]
"""The ids of a table, and the shape of a row, None where there is none."""


class LocalTable:
    """One table in a folder of this machine, or of a shared disk."""

    def __init__(self, path: Path):
        self.path = path

    def _newest(self) -> Path | None:
        """Return the manifest of the newest committed version."""
        return next((path for path in self._manifests() if _is_whole(path)), None)

    def open_newest(self):
        """Open the newest version; None if there is no table."""
        manifest = self._newest()
        return None if manifest is None else self._open(manifest)

    def _open(self, manifest: Path):
        """Open a version."""
        import lance

        return lance.dataset(str(self.path), version=_version_of(manifest))

    def listed(self) -> Listed:
        """Return the ids of the newest version, cached in memory, and the shape of a row."""
        manifest = self._newest()
        return (frozenset(), None) if manifest is None else recent.read((manifest,), self._list)

    def _list(self, manifest: Path) -> Listed:
        """Read the ids and the shape of a version."""
        return list_dataset(self._open(manifest))

    def write(self, table) -> None:
        """Append a pyarrow table, or create the table with it; the caller holds the lock.

        Raises
        ------
        WriteError
            When it can't be written, as on a full disk; earlier versions stay.
        """
        import lance

        try:
            lance.write_dataset(
                table, str(self.path), mode="append" if self._clear_uncommitted() else "create"
            )
        except OSError as reason:
            raise WriteError(
                f"{self.path} can't be written: {_LANCE_DETAILS.sub('', str(reason))}"
            ) from reason

    def changed(self) -> float:
        """Return when the table was written last, in seconds since 1970."""
        return self.path.stat().st_mtime

    def _manifests(self) -> list[Path]:
        """Return the manifests of all versions, newest first."""
        return sorted(self.path.glob("_versions/*.manifest"), key=_version_of, reverse=True)

    def _clear_uncommitted(self) -> bool:
        """Delete incomplete versions and return whether a complete one exists; the caller holds the lock."""
        for manifest in self._manifests():
            if _is_whole(manifest):
                return True
            manifest.unlink()
        if self.path.exists():
            shutil.rmtree(self.path)
        return False


def list_dataset(dataset) -> Listed:
    """Return the ids of an open table, and the shape of a row."""
    return frozenset(dataset.to_table(columns=["id"])["id"].to_pylist()), shape_of(dataset)


def shape_of(dataset) -> tuple[int, ...]:
    """Return the shape of a row, which Lance stores flattened."""
    return tuple(int(n) for n in dataset.schema.metadata[b"shape"].decode().split(",") if n)


def _version_of(manifest: Path) -> int:
    """Return the version of a manifest; newer Lance formats count names down from 2⁶⁴ - 1."""
    number = int(manifest.stem)
    return 2**64 - 1 - number if number >= 2**63 else number


def _is_whole(manifest: Path) -> bool:
    """Return whether a manifest is complete; a power cut or a full disk can truncate it."""
    with manifest.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - len(_MAGIC), 0))
        return file.read() == _MAGIC
