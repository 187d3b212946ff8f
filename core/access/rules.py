"""The rules: who may see and change collections and what is made of them.

- A collection with an owner is seen by its owner, by those with whom it is shared, and through its read-only
  links; its owner changes it.
- A collection without an owner (the demo, or added on the command line) is seen by all who sign in.
- A checkpoint, saved view or run is seen by who made it and by those who see its collections; who made it,
  and the owner of its collection, change it.
- Administrators, named in ``SONGSCAPE_ADMINS``, may see and change everything.
- The holder of a read-only link sees that one collection, and starts and changes nothing.
"""

import os
import time
from collections.abc import Sequence

from core.access.records import COLLECTIONS, AccessRecord, is_former, read_record, write_record
from core.access.viewer import Viewer, viewer
from core.errors import AccessError

ADMINS = "SONGSCAPE_ADMINS"
"""Environment variable: e-mails of administrators, separated by commas."""
MEMBERS = "SONGSCAPE_USERS"
"""Environment variable: e-mails, or ``@`` and a domain, of those who may sign in; by default everybody whom
the identity provider lets in."""
_ONLY_READS = "this link only shows the collection; sign in to change anything"


def has_every_right(who: Viewer | None = None) -> bool:
    """Return whether somebody, by default the present viewer, may see and change everything."""
    who = who or viewer()
    return who.is_server or (bool(who.email) and who.email in _listed(ADMINS))


def is_member(email: str) -> bool:
    """Return whether an e-mail may sign in."""
    allowed = _listed(MEMBERS) | (_listed(ADMINS) if _listed(MEMBERS) else set())
    domain = "@" + email.rpartition("@")[2]
    return "@" in email and (not allowed or email in allowed or domain in allowed)


def may_see(name: str, who: Viewer | None = None) -> bool:
    """Return whether somebody may see the collection of a name, whether or not it exists."""
    who = who or viewer()
    if has_every_right(who):
        return True
    record = read_record(COLLECTIONS, name)
    if who.link:
        return record is not None and any(is_valid(link) for link in record.links if link["hash"] == who.link)
    if not who.email:
        return False
    return record is None or record.is_shared or who.email in (record.owner, *record.readers)


def may_change(name: str) -> bool:
    """Return whether the present viewer may change the collection of a name, or share it."""
    who = viewer()
    if has_every_right(who):
        return True
    record = read_record(COLLECTIONS, name)
    return bool(who.email) and record is not None and record.owner == who.email


def is_signed_in() -> bool:
    """Return whether the present viewer signed in, or uses a server without sign-in: no read-only link."""
    who = viewer()
    return who.is_server or bool(who.email)


def check_signed_in() -> None:
    """Refuse whoever did not sign in.

    Raises
    ------
    AccessError
    """
    who = viewer()
    if not is_signed_in():
        raise AccessError(_ONLY_READS if who.link else "sign in first")


def check_every_right(what: str) -> None:
    """Refuse all but administrators.

    Raises
    ------
    AccessError
        ``what`` is what they may not do.
    """
    if not has_every_right():
        raise AccessError(f"only administrators may {what} ({ADMINS} names them)")


def check_change(name: str) -> None:
    """Refuse who may not change a collection.

    Raises
    ------
    AccessError
        As where there is none, for who may not see it.
    """
    if may_change(name):
        return
    check_signed_in()
    if not may_see(name):
        raise AccessError(f"there is no collection {name!r} that you may change")
    record = read_record(COLLECTIONS, name)
    whose = record.owner if record is not None and record.owner else "an administrator"
    raise AccessError(f"{name} is shared for reading; only {whose} may change it")


def check_name_is_free(name: str, *, exists: bool) -> None:
    """Refuse a name for a collection that belongs to somebody else.

    Parameters
    ----------
    exists : bool
        Whether there is a collection of this name.

    Raises
    ------
    AccessError
    """
    if has_every_right():
        return
    check_signed_in()
    if (exists or read_record(COLLECTIONS, name) is not None) and not may_change(name):
        raise AccessError(f"the name {name!r} is taken by somebody else; choose another one")


def claim(name: str) -> None:
    """Make the person who adds a collection its owner, unless it has one; it is private then."""
    who = viewer()
    if who.email and (read_record(COLLECTIONS, name) is None or is_former(name)):
        write_record(COLLECTIONS, name, AccessRecord(owner=who.email))


def record_maker(kind: str, name: str, *, is_upload: bool = False) -> None:
    """Record who made a checkpoint, a saved view or a run."""
    who = viewer()
    if who.email:
        write_record(kind, name, AccessRecord(owner=who.email, is_upload=is_upload))


def may_see_made(kind: str, name: str, collections: Sequence[str]) -> bool:
    """Return whether the present viewer may see what was made of some collections.

    Parameters
    ----------
    collections : sequence of str
        Empty where it was made of none: then only its maker sees it, or all who sign in if none is known.
    """
    who = viewer()
    if has_every_right(who):
        return True
    record = read_record(kind, name)
    if record is not None and record.owner and record.owner == who.email:
        return True
    if record is not None and (record.is_upload or not collections):
        return False
    return bool(who.email or collections) and all(map(may_see, collections))


def may_change_made(kind: str, name: str, collections: Sequence[str]) -> bool:
    """Return whether the present viewer may rename or delete what was made of some collections."""
    who = viewer()
    if has_every_right(who):
        return True
    record = read_record(kind, name)
    is_maker = record is not None and record.owner == who.email
    return bool(who.email) and (is_maker or (bool(collections) and all(map(may_change, collections))))


def check_change_made(kind: str, name: str, collections: Sequence[str]) -> None:
    """Refuse who may not rename or delete what was made of some collections.

    Raises
    ------
    AccessError
    """
    if not may_change_made(kind, name, collections):
        check_signed_in()
        raise AccessError(f"only who made {name!r}, or owns its collection, may change it")


def is_valid(link: dict, now: float | None = None) -> bool:
    """Return whether a read-only link has not expired."""
    return link["expires"] is None or (time.time() if now is None else now) < link["expires"]


def _listed(variable: str) -> set[str]:
    """Return the e-mails and domains of an environment variable."""
    return {
        part.strip().lower() for part in os.environ.get(variable, "").split(",") if part.strip().strip("@")
    }
