"""Access rules of the server, from its address and the headers of a request."""

import ipaddress
import re
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.access.viewer import Viewer

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
FOREIGN = "This server only answers to pages of this app."


@dataclass(frozen=True)
class Access:
    """Rules for requests and WebSockets.

    Attributes
    ----------
    hosts : tuple of str
        Allowed names in a request's Host, without ports; ``*.example.com`` allows every subdomain and
        ``*`` any name.
    any_address : bool
        Whether Host may also be any IP address. DNS rebinding can't exploit this: such a request has the name
        of the foreign page as its Host, never an address.
    origins : tuple of str
        Additional origins whose pages may send requests, as ``https://host[:port]``.
    signed : bool
        Whether links need a signature.
    identify : callable, optional
        On a server with sign-in: returns who sent a request with these headers, by its cookies.
    """

    hosts: tuple[str, ...] = _LOOPBACK_NAMES
    any_address: bool = False
    origins: tuple[str, ...] = ()
    signed: bool = False
    identify: Callable[[Mapping[str, str]], Viewer] | None = None

    @classmethod
    def of_server(
        cls,
        address: str | None,
        *,
        allowed_hosts: Sequence[str] = (),
        public_name: str | None = None,
        origins: Sequence[str] = (),
    ) -> "Access":
        """Derive the rules from the address that the server listens on.

        Parameters
        ----------
        address : str or None
            The address that the server binds; None means all interfaces.
        allowed_hosts : sequence of str
            Names of the server as configured; if set, no others are accepted, and links are signed, because
            a reverse proxy makes even a loopback server public.
        public_name : str, optional
            The configured host name of the public URL.
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
    """Return whether an address or name can only be reached from this machine."""
    name = (address or "").strip().strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def refuse_request(headers: Mapping[str, str], access: Access) -> str | None:
    """Return the reason to refuse a request for a user's data, None if it is allowed.

    Host must be a name of this server (protection against DNS rebinding). All headers that
    identify the requesting page must agree: ``Origin``, ``Sec-Fetch-Site`` (W3C Fetch
    Metadata; other ports of the same machine count as foreign), and ``Referer`` where a browser sends no
    fetch metadata.

    Parameters
    ----------
    headers : mapping
        Request headers, looked up in lower case.
    access : Access
    """
    if (reason := refuse_foreign(headers, access)) is not None:
        return reason
    if _is_from_own_page(headers, access):
        return None
    fetch_site, referer = headers.get("sec-fetch-site"), headers.get("referer")
    if fetch_site is not None:
        return None if fetch_site == "none" else FOREIGN
    return FOREIGN if referer and not _is_same_site(referer, headers.get("host", ""), access) else None


def refuse_foreign(headers: Mapping[str, str], access: Access, *, is_websocket: bool = False) -> str | None:
    """Return the reason to refuse any request or WebSocket, None if it is allowed.

    Host must be a name of this server, and ``Origin``, which browsers send with every WebSocket, must be this
    server or an allowed origin. ``Sec-Fetch-Site`` must not be foreign either, except where a link on a
    foreign page leads here (``Sec-Fetch-Mode: navigate``).

    Parameters
    ----------
    headers : mapping
        Request headers, looked up in lower case.
    access : Access
    is_websocket : bool
        Browsers don't agree on ``Sec-Fetch-Site`` for WebSockets, where it isn't read.
    """
    host = headers.get("host", "")
    if not _is_known_host(host, access):
        return (
            f"The host name {_hostname(host)[:80]!r} is not allowed. "
            "Add the names of this server to server.allowedHosts."
        )
    origin = headers.get("origin")
    if origin is not None and not _is_same_site(origin, host, access):
        return FOREIGN
    if is_websocket or headers.get("sec-fetch-mode") == "navigate":
        return None
    is_foreign = headers.get("sec-fetch-site") not in (None, "none", "same-origin")
    return FOREIGN if is_foreign and not _is_from_own_page(headers, access) else None


def _is_from_own_page(headers: Mapping[str, str], access: Access) -> bool:
    """Return whether fetch metadata, or an allowed Origin, says that a page of this server asks."""
    origin = headers.get("origin")
    is_allowed = origin is not None and origin.lower() in access.origins
    return headers.get("sec-fetch-site") == "same-origin" or is_allowed


def _hostname(host: str) -> str:
    """Return the name in a Host header, "" if it is not of the form ``name[:port]``."""
    if not host or re.search(r"[\s/\\@?#,]", host):
        return ""
    try:
        parts = urlsplit(f"//{host}")
        has_valid_port = parts.port is None or parts.port >= 0  # raises for a port that is not a number
        return (parts.hostname or "").rstrip(".") if has_valid_port else ""
    except ValueError:
        return ""


def _is_known_host(host: str, access: Access) -> bool:
    """Return whether Host is one of the server's names."""
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


def _is_same_site(address: str, host: str, access: Access) -> bool:
    """Return whether a page has the same name and port as the server, or an allowed origin."""
    try:
        parts = urlsplit(address)
        own = parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
        return own or f"{parts.scheme}://{parts.netloc}".lower() in access.origins
    except ValueError:
        return False
