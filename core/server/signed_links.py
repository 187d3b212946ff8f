"""Signed links to the audio of tracks and to the arrays of the map.

On the loopback address the server can only be reached from this machine, so a link is the bare path.
Otherwise a link has a key: a tag of the browser session, the time of signing, and a signature
(itsdangerous: HMAC-SHA256, RFC 2104) over both and the path, with a secret per process.
"""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from itsdangerous import BadSignature, SignatureExpired, Signer, TimestampSigner

SECRET = secrets.token_bytes(32)
LIFETIME_S = 6 * 3600
"""Links are valid for one to two such periods, and equal within one, so that reruns don't restart audio."""

_TRACK_ID = re.compile(r"[0-9a-f]{32}")


def is_track_id(text: str) -> bool:
    """Return whether a text has the format of a track id: 32 lower-case hexadecimal digits."""
    return _TRACK_ID.fullmatch(text) is not None


def audio_link(
    track_id: str,
    *,
    base: str = "",
    session: str | None = None,
    now: float | None = None,
    secret: bytes = SECRET,
) -> str:
    """Return the path of a track's audio; see :func:`link_to` for the parameters.

    Returns
    -------
    str
        ``/base/audio/TRACK``, with ``?key=TAG.TIME.SIGNATURE`` where signed.
    """
    return link_to(f"audio/{track_id}", base=base, session=session, now=now, secret=secret)


def link_to(
    path: str,
    *,
    base: str = "",
    session: str | None = None,
    now: float | None = None,
    secret: bytes = SECRET,
) -> str:
    """Return a link to a route of this server.

    Parameters
    ----------
    path : str
        ``ROUTE/ID``, without a leading slash.
    base : str
        The base path of the app (``server.baseUrlPath``).
    session : str, optional
        The browser session; if given, the link is signed.
    now : float, optional
        Unix time in seconds; by default the current time.

    Returns
    -------
    str
        ``/base/ROUTE/ID``, with ``?key=TAG.TIME.SIGNATURE`` where signed.
    """
    bare = _quoted(path, base)
    return bare if session is None else f"{bare}?{_sign(path, _tag(session, secret), now, secret)}"


def link_for_same_session(
    path: str, signed: str, query: Mapping[str, str], *, base: str = "", secret: bytes = SECRET
) -> str:
    """Return a link to ``path``, signed for the session whose link to ``signed`` was accepted.

    Raises
    ------
    itsdangerous.BadSignature
        When the key of ``query`` is not one of ``signed``.
    """
    tag = _PathSigner(signed, secret, time.time()).unsign(_key(query))
    return f"{_quoted(path, base)}?{_sign(path, tag, None, secret)}"


def refuse_link(
    path: str, query: Mapping[str, str], *, now: float | None = None, secret: bytes = SECRET
) -> str | None:
    """Return the reason to refuse a signed link, None if it is valid.

    Parameters
    ----------
    path : str
        ``ROUTE/ID``, as it was given to :func:`link_to`.
    query : mapping
        The ``key`` of the link.
    now : float, optional
        Unix time in seconds; by default the current time.
    """
    try:
        _PathSigner(path, secret, time.time() if now is None else now).unsign(
            _key(query), max_age=2 * LIFETIME_S
        )
    except SignatureExpired:
        return "This link has expired. Reload the page."
    except BadSignature:
        return "This link is not valid for this page. Reload the page."
    return None


def is_signed_for(session: str, path: str, query: Mapping[str, str], *, secret: bytes = SECRET) -> bool:
    """Return whether a link to ``path``, whose key :func:`refuse_link` accepted, was signed for a session.

    Raises
    ------
    itsdangerous.BadSignature
        When the key is not one of ``path``.
    """
    tag = _PathSigner(path, secret, time.time()).unsign(_key(query))
    return hmac.compare_digest(tag, _tag(session, secret))


def _quoted(path: str, base: str) -> str:
    """Return the path below the base path, with every part quoted."""
    return "".join(f"/{quote(part, safe='')}" for part in (*base.split("/"), *path.split("/", 1)) if part)


def _key(query: Mapping[str, str]) -> bytes:
    """Return the key of a query."""
    return str(query.get("key", "")).encode(errors="replace")


def _sign(path: str, tag: bytes, now: float | None, secret: bytes) -> str:
    """Return the query that signs a path for the session with this tag."""
    now = time.time() if now is None else now
    return urlencode({"key": _PathSigner(path, secret, now // LIFETIME_S * LIFETIME_S).sign(tag)})


class _PathSigner(TimestampSigner):
    """Signer for one path at a given time."""

    def __init__(self, path: str, secret: bytes, now: float):
        salt = path.encode(errors="replace")
        super().__init__(secret, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
        self.now = now

    def get_timestamp(self) -> int:
        """Return the given time instead of the current time."""
        return int(self.now)


def _tag(session: str, secret: bytes) -> bytes:
    """Return a tag of a session that doesn't reveal its id, which would give access to the session."""
    return Signer(secret, salt=b"session", key_derivation="hmac", digest_method=hashlib.sha256).get_signature(
        session
    )[:16]
