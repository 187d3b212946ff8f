"""The real app on a port of its own, with an empty store, and a real browser in front of it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.bench.map_app import start_app
from core.bench.map_page import BROWSERS, FLAGS

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "screenshots"
"""Pictures of what the browser showed; git ignores them."""

SILENT = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


@pytest.fixture(scope="session")
def app_url(tmp_path_factory) -> Iterator[str]:
    """Start ``streamlit run app.py`` and give its address."""
    folder = tmp_path_factory.mktemp("app")
    env = {"SONGSCAPE_CACHE": str(folder / "store"), "SONGSCAPE_ROOTS": str(folder)}
    with start_app(folder / "log.txt", env) as (address, _):
        yield address


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
        chromium = launch(playwright, found)
        yield chromium
        chromium.close()


def launch(playwright, path: str):
    """Start the browser; again where its graphics process failed to start on a busy machine."""
    for _ in range(3):
        chromium = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *SILENT])
        page = chromium.new_page()
        has_webgl = page.evaluate("!!document.createElement('canvas').getContext('webgl2')")
        page.close()
        if has_webgl:
            return chromium
        chromium.close()
    pytest.fail(f"{path} has no WebGL2")


@pytest.fixture
def shots() -> Path:
    """Give the folder for pictures."""
    SHOTS.mkdir(exist_ok=True)
    return SHOTS
