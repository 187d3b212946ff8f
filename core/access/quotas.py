"""Limits per person, on a server with sign-in: bytes that they uploaded, and jobs that run or wait."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core import store
from core.access.records import AccessRecord, read_record
from core.access.rules import check_signed_in, has_every_right
from core.access.viewer import viewer
from core.errors import ConfigError, QuotaError

UPLOADS = "SONGSCAPE_UPLOAD_MB"
"""Environment variable: megabytes of uploads that are stored per person."""
JOBS = "SONGSCAPE_JOBS_PER_USER"
"""Environment variable: jobs per person that run or wait at once."""
DEFAULTS = {UPLOADS: 2_000, JOBS: 4}


def upload_folder() -> Path:
    """Return the folder of the present viewer's uploads: on a server with sign-in everybody's own."""
    return store.folder("uploads", *_own_folder())


@contextmanager
def uploading(size: int) -> Iterator[None]:
    """Hold the lock of the present viewer's uploads while so many bytes are stored within their limit.

    Raises
    ------
    AccessError
        When nobody signed in.
    QuotaError
        When the limit would be exceeded; nothing has been written yet.
    """
    check_signed_in()
    if has_every_right():
        yield
        return
    with store.lock(f"uploads-{upload_folder().name}"):
        limit, used = read_limit(UPLOADS), uploaded_bytes()
        if used + size > limit * 1_000_000:
            raise QuotaError(
                f"this upload of {size / 1e6:,.1f} MB would exceed your limit of {limit:,} MB, of which "
                f"{used / 1e6:,.1f} MB are stored; delete uploads on Library first"
            )
        yield


def check_jobs(n_alive: int) -> None:
    """Refuse a further job of a person who has as many as the limit.

    Raises
    ------
    AccessError
        When nobody signed in.
    QuotaError
    """
    check_signed_in()
    if not has_every_right() and n_alive >= (limit := read_limit(JOBS)):
        raise QuotaError(
            f"{n_alive} of your jobs run or wait, and the limit is {limit}; stop one, or wait until one ends"
        )


def uploaded_bytes() -> int:
    """Return how many bytes the present viewer uploaded: audio, tables, checkpoints, runs."""
    files = [path for path in upload_folder().rglob("*") if path.is_file()]
    for kind, ending in (("checkpoints", ".safetensors"), ("recipe-runs", ".json")):
        stored = store.path_of(kind).glob(f"*{ending}")
        files += [path for path in stored if _is_own_upload(read_record(kind, path.stem))]
    return sum(path.stat().st_size for path in files)


def read_limit(variable: str) -> int:
    """Return a limit.

    Raises
    ------
    ConfigError
        When the variable is no whole number.
    """
    given = os.environ.get(variable) or str(DEFAULTS[variable])
    if not given.isdecimal():
        raise ConfigError(f"{variable}={given[:40]!r} must be a whole number, 0 or more")
    return int(given)


def _is_own_upload(record: AccessRecord | None) -> bool:
    """Return whether a record is of what the present viewer uploaded."""
    return record is not None and record.is_upload and record.owner == viewer().email


def _own_folder() -> list[str]:
    """Return the name of the present viewer's folder among the uploads, [] where all share one."""
    who = viewer()
    if who.is_server:
        return []
    return ["user-" + hashlib.sha256(who.email.encode()).hexdigest()[:16]]
