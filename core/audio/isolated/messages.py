"""Messages between this process and a decoding process: JSON over a socket, open files beside it.

No message is unpickled, so that a process that a file took over can only send numbers and texts.
"""

import json
import socket
import struct
from typing import Any

_LENGTH = struct.Struct("<I")
_MOST_BYTES = 1 << 20


def send(connection: socket.socket, message: dict[str, Any], file: int | None = None) -> None:
    """Send a message, with an open file's descriptor if one is given."""
    data = json.dumps(message).encode()
    framed = _LENGTH.pack(len(data)) + data
    if file is None:
        connection.sendall(framed)
    else:
        sent = socket.send_fds(connection, [framed], [file])
        connection.sendall(framed[sent:])


def receive(connection: socket.socket, *, with_file: bool = False) -> tuple[dict[str, Any], int | None]:
    """Receive a message, and the descriptor of a file sent with it.

    Raises
    ------
    EOFError
        When the other process has ended.
    TimeoutError
        When nothing comes within the connection's time limit.
    ValueError
        When it is not a message.
    """
    files: list[int] = []
    if with_file:
        start, files, _, _ = socket.recv_fds(connection, _LENGTH.size, 1)
    else:
        start = connection.recv(_LENGTH.size)
    start += _read(connection, _LENGTH.size - len(start)) if start else b""
    if not start:
        raise EOFError
    (length,) = _LENGTH.unpack(start)
    if length > _MOST_BYTES:
        raise ValueError(f"a message of {length:,} bytes")
    message = json.loads(_read(connection, length))
    if not isinstance(message, dict):
        raise ValueError("not a message")
    return message, files[0] if files else None


def _read(connection: socket.socket, n: int) -> bytes:
    """Read exactly ``n`` bytes."""
    parts = b""
    while len(parts) < n:
        part = connection.recv(n - len(parts))
        if not part:
            raise EOFError
        parts += part
    return parts
