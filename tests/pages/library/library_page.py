"""The Library page as a visitor opens it, and what is written there."""

import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from core import store

PAGE = str(Path(__file__).resolve().parents[3] / "pages" / "library.py")
EVIL = "<img src=x onerror=alert(1)>"


def open_page(**address: str) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    at.query_params.update(address)
    return at.run()


def words_of(at: AppTest) -> str:
    """Everything written on the page, without the backslashes that keep Markdown away."""
    kinds = (at.title, at.caption, at.markdown, at.info, at.warning, at.error, at.success, at.code)
    return "\n".join(str(e.value) for kind in kinds for e in kind).replace("\\", "")


def press(at: AppTest, label: str) -> AppTest:
    """Press the button whose label begins so."""
    found = [b for b in at.button if b.label.replace("\\", "").startswith(label)]
    assert len(found) == 1, (label, [b.label for b in at.button])
    return found[0].click().run()


def keep_running(job_id: str) -> None:
    """Start a job without a process."""
    status = {"state": "running", "done": 1, "total": 9, "heartbeat": time.time()}
    store.write_json(store.folder("jobs", job_id) / "status.json", status)
