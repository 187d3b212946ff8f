"""Row tables on object storage, such as S3: what Lance opens by an address, with its own storage options.

``SONGSCAPE_ROWS=s3://BUCKET/PREFIX`` puts them there; everything else stays in the folder of the store.
Credentials, region and endpoint are those that Lance reads from the environment (``AWS_ACCESS_KEY_ID``,
``AWS_REGION``, ``AWS_ENDPOINT`` …). A commit is one conditional write, so that no version is ever half there.
"""

import os
import re

from core.errors import ConfigError
from core.store.row_tables.local_table import Listed, list_dataset

VARIABLE = "SONGSCAPE_ROWS"
SCHEMES = ("s3", "gs", "az")
LIMITS = {"connect_timeout": "5s", "client_max_retries": "2", "client_retry_timeout": "10"}
"""Storage options that end an attempt to reach nothing; Lance itself would try for minutes."""
MOST_LISTED = 64
"""Versions whose ids stay in memory."""
REASONS = {
    "NoSuchBucket": "there is no bucket of this name",
    "NoSuchContainer|ContainerNotFound": "there is no container of this name",
    "InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied|403 Forbidden": "access is denied; check the "
    "credentials",
    "redential": "no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or those of "
    "another service",
    "error sending request|dns error|timed out": "it can't be reached; check the network, and AWS_ENDPOINT "
    "where the service is not Amazon's",
}
"""What the service's error means, by a pattern of its text; the first that matches."""


def rows_address() -> str:
    """Return the address of the row tables, "" where they are in the store's folder.

    Raises
    ------
    ConfigError
        When ``SONGSCAPE_ROWS`` is no address of object storage.
    """
    address = os.environ.get(VARIABLE, "").strip().rstrip("/")
    if address and not re.fullmatch(rf"({'|'.join(SCHEMES)})://[^/\s]+(/\S*)?", address):
        raise ConfigError(
            f"{VARIABLE}={address[:80]!r} must be an address such as s3://BUCKET/PREFIX "
            f"({', '.join(SCHEMES)}); rows in a folder are moved by SONGSCAPE_CACHE"
        )
    return address


class RemoteTable:
    """One Lance table by its address."""

    def __init__(self, address: str):
        self.address = address

    def open_newest(self):
        """Open the newest version; None if there is no table.

        Raises
        ------
        ConfigError
            When the service can't be reached or refuses.
        """
        import lance

        try:
            return lance.dataset(self.address, storage_options=LIMITS)
        except (ValueError, OSError) as reason:
            if "was not found" in str(reason):
                return None
            raise _explain(self.address, reason) from reason

    def write(self, table) -> None:
        """Append a pyarrow table, or create the table with it; errors as :meth:`open_newest`."""
        import lance

        mode = "create" if self.open_newest() is None else "append"
        try:
            lance.write_dataset(table, self.address, mode=mode, storage_options=LIMITS)
        except (ValueError, OSError) as reason:
            raise _explain(self.address, reason) from reason

    def listed(self) -> Listed:
        """Return the ids of the newest version, cached in memory, and the shape of a row."""
        dataset = self.open_newest()
        if dataset is None:
            return frozenset(), None
        key = (self.address, dataset.version)
        if key not in _listed:
            while len(_listed) >= MOST_LISTED:
                _listed.pop(next(iter(_listed)))
            _listed[key] = list_dataset(dataset)
        return _listed[key]

    def changed(self) -> float:
        """Return when the newest version was written, in seconds since 1970."""
        dataset = self.open_newest()
        return 0.0 if dataset is None else dataset.versions()[-1]["timestamp"].timestamp()


_listed: dict[tuple[str, int], Listed] = {}


def list_tables() -> list[str]:
    """Return the names of the tables at :func:`rows_address`; errors as :meth:`RemoteTable.open_newest`."""
    from lance.namespace import DirectoryNamespace, ListTablesRequest

    address = rows_address()
    options = {f"storage.{name}": value for name, value in LIMITS.items()}
    try:
        found = DirectoryNamespace(root=address, **options).list_tables(ListTablesRequest(id=[]))
    except Exception as reason:  # the binding raises its own types
        raise _explain(address, reason) from reason
    return list(found.tables)


def _explain(address: str, reason: Exception) -> ConfigError:
    """Return the error that says in one sentence what the service's own means."""
    text = " ".join(str(reason).split())
    known = next((why for pattern, why in REASONS.items() if re.search(pattern, text)), "")
    return ConfigError(f"{VARIABLE}: {address} can't be used: {known or text[:200]}")
