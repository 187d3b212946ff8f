"""Sharing a collection: with all who sign in, or with some of them."""

from collections.abc import Iterable
from dataclasses import replace

from core.access.audit import audited
from core.access.records import COLLECTIONS, AccessRecord, change_record, read_record
from core.access.rules import check_change
from core.errors import ConfigError


def access_of(name: str) -> AccessRecord:
    """Return who has access to a collection; all who sign in, where it has no owner."""
    return read_record(COLLECTIONS, name) or AccessRecord(is_shared=True)


def share(name: str, *, with_all: bool, readers: Iterable[str] = ()) -> AccessRecord:
    """Set who sees a collection besides its owner.

    Parameters
    ----------
    with_all : bool
        Whether all who sign in see it.
    readers : iterable of str
        E-mails of those who see it anyway.

    Raises
    ------
    AccessError
        When the present viewer may not change the collection.
    ConfigError
        When a reader is no e-mail.
    """
    people = tuple(dict.fromkeys(reader.strip().lower() for reader in readers if reader.strip()))
    with audited("share collection", name, with_all=with_all, readers=list(people)):
        check_change(name)
        for reader in people:
            local, _, domain = reader.partition("@")
            if not local or not domain or "@" in domain or any(mark in reader for mark in " ,;<>"):
                raise ConfigError(f"{reader[:80]!r} is not an e-mail address")
        return change_record(name, lambda record: replace(record, is_shared=with_all, readers=people))
