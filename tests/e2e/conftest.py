"""The real app on a port of its own, with an empty store, and a real browser in front of it."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.bench.map import BROWSERS, FLAGS

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "screenshots"
"""Pictures of what the browser showed; git ignores them."""

SILENT = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


@pytest.fixture(scope="session")
def app_url(tmp_path_factory) -> Iterator[str]:
    """Start ``streamlit run app.py`` and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("app")
    log = folder / "log.txt"
    env = os.environ | {
        "SONGSCAPE_CACHE": str(folder / "store"),
        "SONGSCAPE_ROOTS": str(folder),
        "PYTHONUNBUFFERED": "1",
    }
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    with (
        log.open("w") as out,
        subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=out, text=True) as server,
    ):
        for line in server.stdout:
            if "URL" in line:  # printed once the port is open
                break
        else:
            pytest.fail(f"the app did not start:\n{log.read_text()}")
        drain = threading.Thread(target=shutil.copyfileobj, args=(server.stdout, out), daemon=True)
        drain.start()  # a full pipe would stop the server
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


@pytest.fixture(scope="module")
def browser():
    """Start Chromium: Debian's, or whichever of its kin is installed."""
    from playwright.sync_api import sync_playwright

    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium is installed; .ci/run installs Debian's")
        pytest.skip(f"no browser to drive: none of {', '.join(BROWSERS)} is installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=[*FLAGS, *SILENT])
        yield chromium
        chromium.close()


@pytest.fixture
def shots() -> Path:
    """Give the folder for pictures."""
    SHOTS.mkdir(exist_ok=True)
    return SHOTS
