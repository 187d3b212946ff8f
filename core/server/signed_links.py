"""Links to the sound of tracks: who may ask for them, how they are built, signed and checked.

On the loopback address only programs of this machine reach the server, so a link is the bare path. Beyond it
a link carries a key: a tag of the browser session that it was made for, the time when it was made, and a
signature (itsdangerous: HMAC-SHA256, RFC 2104) over both and the track, made with a secret that lives as long
as the process.
"""

import hashlib
import ipaddress
import re
import secrets
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from itsdangerous import BadSignature, SignatureExpired, Signer, TimestampSigner

SECRET = secrets.token_bytes(32)
LIFETIME_S = 6 * 3600
"""A link holds for one to two of these spans: rounding keeps it the same text for hours, so that a page drawn again
does not start the sound again."""

_TRACK_ID = re.compile(r"[0-9a-f]{32}")
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Access:
    """Who may ask this server for sound.

    Attributes
    ----------
    hosts : tuple of str
        Names that a request's Host may carry, without ports; ``*.example.com`` stands for every name below it
        and ``*`` for any name.
    any_address : bool
        True where Host may also be any IP address. A page that points its own name at this server (DNS
        rebinding) still sends that name, never an address.
    origins : tuple of str
        Further origins whose pages may fetch sound, as ``https://host[:port]``.
    signed : bool
        True where links need a signature.
    """

    hosts: tuple[str, ...] = _LOOPBACK_NAMES
    any_address: bool = False
    origins: tuple[str, ...] = ()
    signed: bool = False

    @classmethod
    def of_server(
        cls,
        address: str | None,
        *,
        allowed_hosts: Sequence[str] = (),
        public_name: str | None = None,
        origins: Sequence[str] = (),
    ) -> "Access":
        """Derive the rules from where the server listens.

        Parameters
        ----------
        address : str or None
            The address that the server binds; None means every address of the machine.
        allowed_hosts : sequence of str
            Names under which the server is known, as its user set them; with them set nothing else is
            accepted, and links are signed, because a proxy in front makes even a loopback server public.
        public_name : str, optional
            The name in the address that people open, where it was set.
        origins : sequence of str
        """
        private = is_loopback(address)
        local = all(is_loopback(name) for name in (*allowed_hosts, *([public_name] if public_name else [])))
        names = [name.strip().lower().strip("[]").rstrip(".") for name in allowed_hosts]
        if not names:
            names = list(_LOOPBACK_NAMES) + ([public_name.lower()] if public_name else [])
            if not private:
                machine = socket.gethostname().lower()
                names += [machine, f"{machine}.local"]
        return cls(
            hosts=tuple(dict.fromkeys(names)),
            any_address=not private and not allowed_hosts,
            origins=tuple(origin.rstrip("/").lower() for origin in origins),
            signed=not (private and local),
        )


def is_loopback(address: str | None) -> bool:
    """Say whether an address or name can only be reached from this machine."""
    name = (address or "").strip().strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_track_id(text: str) -> bool:
    """Say whether a text has the form of a track id: 32 lower-case hexadecimal digits."""
    return _TRACK_ID.fullmatch(text) is not None


# Building and signing


def audio_link(
    track_id: str,
    *,
    base: str = "",
    session: str | None = None,
    now: float | None = None,
    secret: bytes = SECRET,
) -> str:
    """Return the path under which a browser finds the sound of a track.

    Parameters
    ----------
    track_id : str
    base : str
        The path below which the whole app is served (``server.baseUrlPath``).
    session : str, optional
        The browser session that the link is made for; with it the link is signed.
    now : float, optional
        Unix time in seconds; the clock's unless given.

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
    """Return why a signed link does not hold, or None where it does.

    Parameters
    ----------
    track_id : str
    query : mapping
        The ``key`` of the link.
    now : float, optional
        Unix time in seconds; the clock's unless given.
    """
    signer = _TrackSigner(track_id, secret, time.time() if now is None else now)
    try:
        signer.unsign(str(query.get("key", "")).encode(errors="replace"), max_age=2 * LIFETIME_S)
    except SignatureExpired:
        return "This link has run out. Reload the page and play the track again."
    except BadSignature:
        return (
            "This link was not made by the page that is open now. Reload the page and play the track again."
        )
    return None


class _TrackSigner(TimestampSigner):
    """Signs for one track, at a given time."""

    def __init__(self, track_id: str, secret: bytes, now: float):
        salt = f"audio/{track_id}".encode(errors="replace")
        super().__init__(secret, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
        self.now = now

    def get_timestamp(self) -> int:
        """Return the given time, where the library would ask the clock."""
        return int(self.now)


def _tag(session: str, secret: bytes) -> bytes:
    """Stand for a session without giving away its id, which would let a reader join it."""
    return Signer(secret, salt=b"session", key_derivation="hmac", digest_method=hashlib.sha256).get_signature(
        session
    )[:16]


# Judging a request


def refuse_request(headers: Mapping[str, str], access: Access) -> str | None:
    """Return why a request is not answered, or None where it may be.

    Host must be a name of this server (else a foreign page could point its own name here). Of what a browser
    says about the asking page, everything that is there must agree: ``Origin``, ``Sec-Fetch-Site`` (W3C Fetch
    Metadata; other ports of the same machine count as foreign), and ``Referer`` where a browser sends no
    fetch metadata.

    Parameters
    ----------
    headers : mapping
        Request headers, looked up in lower case.
    access : Access
    """
    host = headers.get("host", "")
    if not _host_known(host, access):
        return (
            f"This server does not answer to the name {_hostname(host)[:80]!r}. "
            "Names that it should answer to go into server.allowedHosts."
        )
    foreign = "Sound is only served to Songscape's own pages."
    origin = headers.get("origin")
    if origin is not None and not _same_site(origin, host, access):
        return foreign
    fetch_site = headers.get("sec-fetch-site")
    if fetch_site is not None:
        trusted = origin is not None and origin.lower() in access.origins
        return None if fetch_site in ("same-origin", "none") or trusted else foreign
    referer = headers.get("referer")
    return foreign if referer and not _same_site(referer, host, access) else None


def _hostname(host: str) -> str:
    """Return the name in a Host header, "" where it is not a plain ``name[:port]``."""
    if not host or re.search(r"[\s/\\@?#,]", host):
        return ""
    try:
        parts = urlsplit(f"//{host}")
        parts.port  # noqa: B018 - raises for a port that is no number
        return (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""


def _host_known(host: str, access: Access) -> bool:
    """Say whether Host is one of the server's names."""
    name = _hostname(host)
    if not name:
        return False
    if access.any_address:
        try:
            ipaddress.ip_address(name)
            return True
        except ValueError:
            pass
    return any(
        allowed == "*" or name == allowed or (allowed.startswith("*.") and name.endswith(allowed[1:]))
        for allowed in access.hosts
    )


def _same_site(address: str, host: str, access: Access) -> bool:
    """Say whether the page at ``address`` is ours: the same name and port, or an origin that was allowed."""
    try:
        parts = urlsplit(address)
        own = parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
        return own or f"{parts.scheme}://{parts.netloc}".lower() in access.origins
    except ValueError:
        return False
