"""Signed links to the audio of tracks.

On the loopback address the server can only be reached from this machine, so a link is the bare path.
Otherwise a link has a key: a tag of the browser session, the time of signing, and a signature
(itsdangerous: HMAC-SHA256, RFC 2104) over both and the track, with a secret per process.
"""

import hashlib
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
    """Return the path of a track's audio.

    Parameters
    ----------
    track_id : str
    base : str
        The base path of the app (``server.baseUrlPath``).
    session : str, optional
        The browser session; if given, the link is signed.
    now : float, optional
        Unix time in seconds; by default the current time.

    Returns
    -------
    str
        ``/base/audio/TRACK``, with ``?key=TAG.TIME.SIGNATURE`` where signed.
    """
    prefix = "".join(f"/{quote(part)}" for part in base.split("/") if part)
    path = f"{prefix}/audio/{quote(track_id, safe='')}"
    if session is None:
        return path
    now = time.time() if now is None else now
    signer = _TrackSigner(track_id, secret, now // LIFETIME_S * LIFETIME_S)
    return f"{path}?{urlencode({'key': signer.sign(_tag(session, secret))})}"


def refuse_link(
    track_id: str, query: Mapping[str, str], *, now: float | None = None, secret: bytes = SECRET
) -> str | None:
    """Return the reason to refuse a signed link, None if it is valid.

    Parameters
    ----------
    track_id : str
    query : mapping
        The ``key`` of the link.
    now : float, optional
        Unix time in seconds; by default the current time.
    """
    signer = _TrackSigner(track_id, secret, time.time() if now is None else now)
    try:
        signer.unsign(str(query.get("key", "")).encode(errors="replace"), max_age=2 * LIFETIME_S)
    except SignatureExpired:
        return "This link has expired. Reload the page and play the track again."
    except BadSignature:
        return "This link is not valid for this page. Reload the page and play the track again."
    return None


class _TrackSigner(TimestampSigner):
    """Signer for one track at a given time."""

    def __init__(self, track_id: str, secret: bytes, now: float):
        salt = f"audio/{track_id}".encode(errors="replace")
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
