"""A reverse proxy on the loopback address that ends TLS, as the one before a server for a team does."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

BLOCK = 65_536


class TlsProxy:
    """Passes on what browsers send over TLS to :attr:`target`, with the host that they named.

    Attributes
    ----------
    target : int
        Port of the app on 127.0.0.1; set it before the first request.
    address : str
        Address of the proxy.
    """

    def __init__(self) -> None:
        self.target, self.address = 0, ""

    async def serve(self, folder: Path, started: threading.Event, ended: asyncio.Event) -> None:
        """Accept connections until ``ended`` is set."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0, ssl=_context(folder))
        self.address = f"https://localhost:{server.sockets[0].getsockname()[1]}"
        started.set()
        await ended.wait()
        server.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on a connection's bytes both ways."""
        app_reader, app_writer = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(_copy(reader, app_writer), _copy(app_reader, writer))


@contextmanager
def running_proxy(folder: Path) -> Iterator[TlsProxy]:
    """Run a proxy with a certificate of its own, which is written to ``folder``."""
    proxy, started, loop = TlsProxy(), threading.Event(), asyncio.new_event_loop()
    ended = asyncio.Event()
    thread = threading.Thread(
        target=lambda: loop.run_until_complete(proxy.serve(folder, started, ended)), daemon=True
    )
    thread.start()
    assert started.wait(20), "the proxy did not start"
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy bytes until one side closes."""
    with suppress(OSError):
        while data := await reader.read(BLOCK):
            writer.write(data)
            await writer.drain()
    with suppress(OSError):
        writer.close()


def _context(folder: Path) -> ssl.SSLContext:
    """Return the server's side of TLS, with a new certificate for ``localhost``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
