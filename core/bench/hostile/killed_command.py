"""A command that is killed: ``python -m core.bench.hostile.killed_command EVENT SECONDS BYTES ARGUMENT…``.

SIGKILL strikes at the EVENT-th time that the process opens a file for writing, makes a folder, renames or
deletes, or after SECONDS, whichever is first; 0 is never. A process that lives on prints the count. No file
can become larger than BYTES, as on a full disk; 0 is no limit.
"""

import atexit
import os
import runpy
import signal
import sys
import threading
from typing import Any

_CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.link", "os.truncate"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


COUNT = "changes of files: "
"""Before the count on standard error, where the process was not killed."""


def kill_self() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_at(event: int) -> None:
    """Count what changes files, and kill this process at the given count."""
    count = 0

    def count_changes(name: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        is_write = name == "open" and isinstance(arguments[2], int) and bool(arguments[2] & _WRITES)
        if name in _CHANGES or is_write:
            count += 1
            if count == event:
                kill_self()

    def print_count() -> None:
        print(f"{COUNT}{count}", file=sys.stderr)

    sys.addaudithook(count_changes)
    atexit.register(print_count)


def fill_disk(n_bytes: int) -> None:
    """Let every write beyond so many bytes of a file fail."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, resource.RLIM_INFINITY))


if __name__ == "__main__":
    at, seconds, n_bytes, *command = sys.argv[1:]
    kill_at(int(at))
    if float(seconds):
        timer = threading.Timer(float(seconds), kill_self)
        timer.daemon = True
        timer.start()
    if int(n_bytes):
        fill_disk(int(n_bytes))
    sys.argv = ["core", *command]
    runpy.run_module("core", run_name="__main__")
