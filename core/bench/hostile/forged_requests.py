"""Forged requests to a running server: foreign hosts and origins on every route, odd paths, odd ids.

Requests are written to a socket byte by byte, because HTTP clients repair what is odd.
"""

import random
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

TIMEOUT_S = 30.0

ROUTES = (
    "/",
    "/library",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/upload_file/SESSION/FILE",
    "/_stcore/agent/openapi.json",
    "/_stcore/bidi-components/x/y.js",
    "/media/" + "0" * 56 + ".wav",
    "/component/x/index.html",
    "/static/js/index.js",
    "/auth/login",
    "/audio/" + "0" * 32,
    "/audio/" + "0" * 32 + "/loudness",
    "/map/0",
    "/titles/0/0",
    "/map-scripts/0/main.js",
    "/plotly.min.js",
    "/nowhere",
)
"""One path of every route of the server, Streamlit's own included."""

PARTS = (
    "..",
    "../..",
    "%2e%2e",
    "%252e%252e",
    "..%2f..%2f",
    "..%5c",
    "....//",
    "\\..\\",
    "%00",
    "%0d%0aX-Injected:%201",
    "etc/passwd",
    "proc/self/environ",
    "C:\\Windows\\win.ini",
    "\\\\127.0.0.1\\share",
    "file:///etc/passwd",
    "%ff%fe",
    "%E2%80%AE",
    "null",
    "-1",
    "0" * 31,
    "0" * 33,
    "F" * 32,
    "0" * 4096,
    "'%20OR%201=1--",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${jndi:ldap://127.0.0.1/x}",
    ";id",
    "?key=1.1.1",
    "#x",
)
"""Parts of odd paths and ids."""

SECRETS = (b"root:x:0:0", b"PATH=", b"SONGSCAPE_")
"""What no response may have: lines of /etc/passwd and of the server's environment."""


@dataclass(frozen=True)
class Answer:
    """Status and bytes of a response; status 0 is a connection that was closed without one."""

    status: int
    content: bytes


def send(
    address: str, path: str, headers: Mapping[str, str | None] | None = None, *, websocket: bool = False
) -> Answer:
    """Send one request as it is given and read the whole response, or a WebSocket's handshake.

    Parameters
    ----------
    address : str
        ``http://HOST:PORT``.
    path : str
        Sent unchanged.
    headers : mapping, optional
        By name in lower case; ``host`` is the server's own by default, None leaves a header out.
    websocket : bool
        Whether to ask for a WebSocket.
    """
    server = address.removeprefix("http://")
    name, port = server.rsplit(":", 1)
    sent: dict[str, str | None] = {"host": server, "connection": "close", **(headers or {})}
    if websocket:
        sent |= {
            "connection": "Upgrade",
            "upgrade": "websocket",
            "sec-websocket-version": "13",
            "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
    lines = [f"{key}: {value}" for key, value in sent.items() if value is not None]
    request = "\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""])
    with socket.create_connection((name, int(port)), timeout=TIMEOUT_S) as connection:
        connection.sendall(request.encode("utf-8", "surrogatepass"))
        content = b""
        while part := _receive(connection):
            content += part
            if websocket and b"\r\n\r\n" in content:
                break
    status = content.split(b" ", 2)[1] if content.startswith(b"HTTP/") else b"0"
    return Answer(int(status), content)


def _receive(connection: socket.socket) -> bytes:
    """Return the next bytes, none once the server has closed the connection."""
    try:
        return connection.recv(1 << 16)
    except ConnectionResetError:
        return b""


def forged_headers(address: str) -> Iterator[dict[str, str | None]]:
    """Yield headers that every route must refuse on a server of the loopback address."""
    server = address.removeprefix("http://")
    port = server.rsplit(":", 1)[1]
    other = int(port) % 60_000 + 1
    for host in ("evil.example", f"evil.example:{port}", f"localhost.evil.example:{port}", f"evil@{server}"):
        yield {"host": host}
        yield {"host": host, "origin": f"http://{host}"}
    yield {"host": None}
    for origin in (
        "http://evil.example",
        f"http://evil.example:{port}",
        f"http://localhost:{other}",
        f"http://127.0.0.1:{other}",
        "null",
        "file://",
        f"ftp://{server}",
    ):
        yield {"origin": origin}


def odd_paths(n: int, seed: int) -> Iterator[str]:
    """Yield ``n`` odd paths, of each route in turn: its beginning, joined to up to three of :data:`PARTS`."""
    rng = random.Random(seed)
    for i in range(n):
        head = ROUTES[i % len(ROUTES)].split("/")
        kept = head[: rng.randint(1, len(head))]
        tail = [rng.choice(PARTS).replace(" ", "%20") for _ in range(rng.randint(1, 3))]
        yield "/".join([*kept, *tail]) if kept != [""] else "/" + "/".join(tail)


def attack_server(address: str, *, n_paths: int, seed: int) -> dict[str, int]:
    """Send forged headers to every route and its WebSocket, and odd paths; count what should not have been.

    Returns
    -------
    dict
        ``requests``; ``forged_accepted``, requests and WebSockets with forged headers that were answered;
        ``server_errors``, status 500 and above, or none; ``secrets_served``, responses with :data:`SECRETS`
        or an injected header.
    """
    counts = dict.fromkeys(("requests", "forged_accepted", "server_errors", "secrets_served"), 0)
    for headers in forged_headers(address):
        for path in ROUTES:
            answer = send(address, path, headers)
            counts["requests"] += 1
            counts["forged_accepted"] += answer.status not in (400, 403)
        answer = send(address, "/_stcore/stream", headers, websocket=True)
        counts["requests"] += 1
        counts["forged_accepted"] += answer.status not in (400, 403)
    for path in odd_paths(n_paths, seed):
        answer = send(address, path)
        counts["requests"] += 1
        counts["server_errors"] += answer.status >= 500 or answer.status == 0
        found = any(secret in answer.content for secret in SECRETS)
        counts["secrets_served"] += found or b"\nX-Injected" in answer.content
    return counts
