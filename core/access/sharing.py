"""Sharing a collection: with all who sign in, or with some of them; and giving it to another owner."""

from collections.abc import Iterable
from dataclasses import replace

from core.access.audit import audited
from core.access.records import COLLECTIONS, AccessRecord, change_record, read_record
from core.access.rules import check_change, is_member, normalize_email
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
    people = tuple(dict.fromkeys(normalize_email(reader) for reader in readers if reader.strip()))
    with audited("share collection", name, with_all=with_all, readers=list(people)):
        check_change(name)
        for reader in people:
            _check_email(reader)
        return change_record(name, lambda record: replace(record, is_shared=with_all, readers=people))


def change_owner(name: str, owner: str) -> AccessRecord:
    """Give a collection to somebody else; its owner until now goes on seeing it.

    Checkpoints, saved views and runs stay those of the people who made them.

    Parameters
    ----------
    owner : str
        E-mail of somebody who may sign in.

    Raises
    ------
    AccessError
        When the present viewer may not change the collection.
    ConfigError
        When ``owner`` is no e-mail, or one of somebody who may not sign in.
    """
    owner = normalize_email(owner)

    def give(record: AccessRecord) -> AccessRecord:
        """Return the record with its new owner."""
        seeing = dict.fromkeys((*record.readers, record.owner))
        readers = tuple(person for person in seeing if person not in ("", owner))
        return replace(record, owner=owner, readers=readers)

    with audited("change owner", name, owner=owner):
        check_change(name)
        _check_email(owner)
        if not is_member(owner):
            raise ConfigError(f"{owner[:80]} may not sign in here (SONGSCAPE_USERS names who may)")
        return change_record(name, give)


def _check_email(email: str) -> None:
    """Refuse what is no e-mail."""
    local, _, domain = email.partition("@")
    if not local or not domain or "@" in domain or any(mark in email for mark in " ,;<>"):
        raise ConfigError(f"{email[:80]!r} is not an e-mail address")
