"""Read-only links: ``?link=TOKEN`` shows one collection without sign-in. Only hashes of tokens are stored."""

import hashlib
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace

from core.access.audit import audited
from core.access.records import COLLECTIONS, AccessRecord, change_record, list_records, read_record
from core.access.rules import check_change, is_valid

DAYS = (7, 30, 365, None)
"""Choices of how long a link works; None for ever."""


def create_link(name: str, days: int | None, now: float | None = None) -> str:
    """Create a read-only link of a collection and return its token, which is shown once.

    Parameters
    ----------
    days : int or None
        How long it works; None: until it is withdrawn.

    Raises
    ------
    AccessError
        When the present viewer may not change the collection.
    """
    now = time.time() if now is None else now
    token = secrets.token_urlsafe(24)
    hashed = hash_token(token)
    expires = None if days is None else now + days * 86_400
    link = {"hash": hashed, "created": now, "expires": expires}
    with audited("create read-only link", name, link=hashed[:8], days=days):
        check_change(name)
        change_record(name, lambda record: _with_links(record, [*record.links, link], now))
    return token


def withdraw_link(name: str, hashed: str) -> None:
    """Let a read-only link show nothing any more.

    Raises
    ------
    AccessError
        When the present viewer may not change the collection.
    """
    with audited("withdraw read-only link", name, link=hashed[:8]):
        check_change(name)
        change_record(
            name, lambda record: _with_links(record, [one for one in record.links if one["hash"] != hashed])
        )


def links_of(name: str) -> list[dict]:
    """Return the links of a collection that work, the newest first."""
    record = read_record(COLLECTIONS, name)
    links = [] if record is None else [link for link in record.links if is_valid(link)]
    return sorted(links, key=lambda link: -link["created"])


def find_link(token: str) -> tuple[str, str] | None:
    """Return the hash of a token and the collection that it shows; None where no link has it that works."""
    hashed = hash_token(token)
    return next(((found, name) for found, name in list_links() if found == hashed), None)


def list_links() -> Iterator[tuple[str, str]]:
    """Yield the hash and the collection of all links that work."""
    for name, record in list_records().items():
        yield from ((link["hash"], name) for link in record.links if is_valid(link))


def _with_links(record: AccessRecord, links: list[dict], now: float | None = None) -> AccessRecord:
    """Return a record with those of these links that work."""
    return replace(record, links=tuple(link for link in links if is_valid(link, now)))


def hash_token(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
