"""The audit log: one line of JSON per change, in ``access/audit/YYYY-MM.jsonl`` of the store.

Written only in a store that a server with sign-in uses, by its pages and jobs and by the command line.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

from core import store
from core.access.records import KIND, is_team_store
from core.access.viewer import is_enforced, viewer
from core.errors import SongscapeError


@contextmanager
def audited(action: str, subject: str, **details) -> Iterator[None]:
    """Log a change when it has ended.

    Parameters
    ----------
    action : str
        "delete collection".
    subject : str
        Name of the collection, checkpoint, …
    **details
        Further JSON values.
    """
    try:
        yield
    except SongscapeError as reason:
        log_change(action, subject, outcome=f"refused: {reason}", **details)
        raise
    except BaseException as defect:
        log_change(action, subject, outcome=f"failed: {type(defect).__name__}", **details)
        raise
    log_change(action, subject, **details)


def log_change(action: str, subject: str, outcome: str = "done", **details) -> None:
    """Append a line with ``time`` (UTC), ``user``, ``action``, ``subject``, ``outcome`` and the details."""
    if not (is_enforced() or is_team_store()):
        return
    import getpass

    who = viewer()
    line = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "user": who.email or (f"system:{getpass.getuser()}" if who.is_server else who.key[:13]),
        "action": action,
        "subject": subject,
        "outcome": outcome,
        **details,
    }
    path = store.folder(KIND, "audit") / f"{time.strftime('%Y-%m', time.gmtime())}.jsonl"
    with store.lock("audit"), open(path, "a", encoding="utf-8", errors="replace") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
