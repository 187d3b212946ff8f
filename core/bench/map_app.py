"""Measure the map in the app itself: its first map, and what a click and a drag of the weight transfer."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.bench.temporary_store import temporary_store

ROOT = Path(__file__).resolve().parents[2]
READY = ".soundmap[data-points]"
_COMPONENT = b"songscape_map"
HEARTBEAT_BYTES = 8
QUIET_MS, MOST_WAITS = 1500, 20
"""A click is done when nothing more has come for so long."""
_PLACE = """() => {
  const m = songscapeMap, canvas = m.parts.canvas.getBoundingClientRect(), p = m.layout.positions;
  const [x, y] = m.camera.toScreen(p[0], p[1]);
  return [canvas.x + x, canvas.y + y];
}"""


class Frames:
    """What the server and the page exchange, counted from :meth:`restart` on.

    Parameters
    ----------
    page : playwright Page
        Before it is opened.
    """

    def __init__(self, page: Any) -> None:
        self.restart()
        page.on("websocket", self._follow)
        page.on("response", self._count_response)

    def restart(self) -> None:
        """Count from zero."""
        self.map_bytes = self.bytes = self.script_runs = 0

    def _follow(self, connection: Any) -> None:
        """Count the frames of a WebSocket."""
        connection.on("framesent", self._count_sent)
        connection.on("framereceived", self._count_received)

    def _count_sent(self, frame: bytes | str) -> None:
        """Count what asks for a script run: anything longer than a heartbeat."""
        self.script_runs += len(frame) > HEARTBEAT_BYTES

    def _count_received(self, frame: bytes | str) -> None:
        """Count the bytes of a frame, and those of a frame for the map's component."""
        self.bytes += len(frame)
        if isinstance(frame, bytes) and _COMPONENT in frame:
            self.map_bytes += len(frame)

    def _count_response(self, response: Any) -> None:
        """Count the arrays that the map fetches."""
        if re.search(r"/map/\w+", response.url):
            self.map_bytes += int(response.headers.get("content-length", 0))


def measure_app(page: Any) -> dict[str, float | int]:
    """Start the app with an empty store, open the demo's map, click a point and drag the text weight.

    An app of Streamlit whose only page is one heading is started first, for comparison.

    Parameters
    ----------
    page : playwright Page

    Returns
    -------
    dict
        ``empty_page_s``: from the start of the server to the page with one heading; ``first_map_s``: from the
        start of the server to the map, both on an idle machine; ``first_map_cpu_s``:
        processor time of the server until then; ``bytes_per_click``: to the map's component, with the arrays
        that it fetches; ``page_bytes_per_click``: to the whole page; ``script_runs_per_drag``: from pointer
        down to pointer up.
    """
    import psutil

    frames = Frames(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    figures: dict[str, float | int] = {"empty_page_s": _measure_empty_page(page)}
    began = time.perf_counter()
    with temporary_store(), start_app() as (address, process):
        page.goto(address)
        page.locator(READY).wait_for()
        figures["first_map_s"] = round(time.perf_counter() - began, 2)
        used = psutil.Process(process.pid).cpu_times()
        figures["first_map_cpu_s"] = round(used.user + used.system, 2)
        page.wait_for_function("songscapeMap.data.chain && !songscapeMap.motion.moving")
        figures |= _measure_click(page, frames)
        figures["script_runs_per_drag"] = _count_runs_of_drag(page, frames)
    return figures


def _measure_empty_page(page: Any) -> float:
    """Return the seconds from the start of a server to its page with one heading."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text("import streamlit as st\n\nst.title('Empty')\n", encoding="utf-8")
        began = time.perf_counter()
        with start_app(script=script) as (address, _):
            page.goto(address)
            page.locator("h1").wait_for()
            return round(time.perf_counter() - began, 2)


def _measure_click(page: Any, frames: Frames) -> dict[str, int]:
    """Return the bytes that a click on a point takes."""
    settled = "() => songscapeMap.pinned >= 0 && songscapeMap.data.current === songscapeMap.pinned"
    place = page.evaluate(_PLACE)
    _wait_until_quiet(page, frames)  # results that were pending when the map appeared are not the click's
    frames.restart()
    page.mouse.click(*place)
    page.wait_for_function(settled)
    _wait_until_quiet(page, frames)
    return {"bytes_per_click": frames.map_bytes, "page_bytes_per_click": frames.bytes}


def _wait_until_quiet(page: Any, frames: Frames) -> None:
    """Wait until no more bytes come, or long enough: a page that waits for a result asks again and again."""
    before = -1
    for _ in range(MOST_WAITS):
        if frames.bytes == before:
            return
        before = frames.bytes
        page.wait_for_timeout(QUIET_MS)


def _count_runs_of_drag(page: Any, frames: Frames) -> int:
    """Return how often the script runs while the text weight is dragged over its range."""
    slider = page.locator(".map-weight input").bounding_box()
    middle = slider["y"] + slider["height"] / 2
    page.mouse.move(slider["x"] + slider["width"] / 2, middle)
    page.wait_for_timeout(500)
    frames.restart()
    page.mouse.down()
    for step in range(20):
        page.mouse.move(slider["x"] + slider["width"] * (0.5 + 0.02 * step), middle)
        page.wait_for_timeout(20)
    runs = frames.script_runs
    page.mouse.up()
    return runs


@contextmanager
def start_app(
    log: Path | None = None, env: Mapping[str, str] | None = None, script: Path = ROOT / "app.py"
) -> Iterator[tuple[str, subprocess.Popen]]:
    """Run ``streamlit run`` on a free port; yield its address and its process once the port is open.

    Parameters
    ----------
    log : Path, optional
        Where its output goes.
    env : mapping, optional
        Environment variables besides those of this process.
    script : Path

    Raises
    ------
    RuntimeError
        When it ends before.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    variables = {**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})}
    with (
        (log or Path(os.devnull)).open("w") as out,
        subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=out, text=True
        ) as server,
    ):
        assert server.stdout is not None
        for line in server.stdout:
            if "URL" in line:  # printed once the port is open
                break
        else:
            raise RuntimeError(f"the app did not start:\n{log.read_text() if log else ''}")
        drain = threading.Thread(target=shutil.copyfileobj, args=(server.stdout, out), daemon=True)
        drain.start()  # a full pipe would stop the server
        try:
            yield f"http://127.0.0.1:{port}", server
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
            drain.join(20)
