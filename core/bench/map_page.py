"""A page of headless Chromium, and a server of the map alone with simulated points."""

import json
import shutil
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from core import store
from core.errors import ConfigError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",  # WebGL in software, where there is no graphics card
    "--mute-audio",
)
WITHOUT_GPU = ("--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--mute-audio")
"""What Chromium chooses without a graphics card: the processor composes pages, and WebGL is emulated."""
OPEN_MAP = """async ([scripts, data]) => {
  const { SoundMap } = await import(`${scripts}/soundmap.js`);
  const began = performance.now();
  window.songscapeMap?.release();
  window.map = window.songscapeMap = new SoundMap(document.getElementById("map"));
  map.answer = (picked) => (window.picked = picked);
  await map.update(data);
  map.renderer.gl.finish();
  return (performance.now() - began) / 1000;
}"""
"""Opens the map of ``[address of the scripts, data]``; returns the seconds to the first frame."""
_PAGE = """<!doctype html><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>CSS body { margin: 0 } .map-stage { height: 700px }</style>
<div class="soundmap" id="map" style="--st-background-color: #ffffff"></div>
<div id="plot" style="width: 1200px; height: 700px"></div>"""


def make_points(n: int, titles: Sequence[str] = (), audio: Sequence[str] = ()) -> tuple[dict, dict[str, int]]:
    """Hold a map of ``n`` simulated points in twenty groups.

    Parameters
    ----------
    n : int
    titles : sequence of str
        Of the first points; the others are called "Track".
    audio : sequence of str
        Track ids of their audio; the others name tracks that don't exist.

    Returns
    -------
    data : dict
        What the component gets.
    sizes : dict
        ``bytes_per_point`` and ``bytes_per_further_point``, times ``n``.
    """
    from core.drawing.legend import marker_size
    from core.server.map_arrays import ARRAYS, PAGE, Titles

    rng = np.random.default_rng(0)
    centres = rng.uniform(-0.8, 0.8, (20, 2))
    group = rng.integers(0, 20, n)
    positions = (centres[group] + rng.normal(0, 0.07, (n, 2))).astype(np.float32)
    legend = {
        "groups": [
            {"name": f"Cluster {k + 1}", "colour": "#1749d5", "symbol": 0, "swatch": "", "count": 1}
            for k in range(20)
        ],
        "size": min(4.0, marker_size(n)),
        "hasNames": True,
        "scale": None,
        "ends": ["", ""],
    }
    names = [*titles, *["Track"] * (n - len(titles))]
    ids = [*audio, *["0" * 32] * (n - len(audio))]
    key = store.key_of("bench", names, ids)
    held = ARRAYS.put_titles(key, lambda: Titles(names, [""] * n, [""] * n, ids))
    arrays = {
        "positions": (positions.tobytes(), "f4"),
        "rows": (np.arange(n, dtype=np.int32).tobytes(), "i4"),
        "groups": (group.astype(np.uint16).tobytes(), "u2"),
        "legend": (json.dumps(legend).encode(), "json"),
    }
    data = {name: {"href": f"/map/{ARRAYS.put(data)}", "type": kind} for name, (data, kind) in arrays.items()}
    sizes = {
        "bytes_per_point": sum(len(data) for data, _ in arrays.values()),
        "bytes_per_further_point": positions.nbytes,
    }
    return {
        **data,
        "titles": {"href": f"/titles/{held}/{{page}}", "size": PAGE},
        "place": str(n),
        "view": str(n),
        "weight": None,
    }, sizes


@contextmanager
def serve_map() -> Iterator[str]:
    """Serve an empty map, and the routes of maps and audio, on a free port; yield its address."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.responses import HTMLResponse
    from starlette.routing import Route

    from core.server.access import Access
    from core.server.audio_routes import audio_routes, library_routes
    from core.server.map_routes import SCRIPTS, map_routes

    page = _PAGE.replace("CSS", (SCRIPTS / "soundmap.css").read_text(encoding="utf-8"))
    routes = [
        Route("/", lambda request: HTMLResponse(page)),
        *map_routes(Access()),
        *audio_routes(Access()),
        *library_routes(),
    ]
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(5)


@contextmanager
def open_page(width: int = 1200, height: int = 1500, flags: tuple[str, ...] = FLAGS) -> Iterator[Any]:
    """Open a page of headless Chromium with some flags; yields Playwright's ``Page``.

    Raises
    ------
    ConfigError
        When playwright or a Chromium is missing.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise ConfigError("'bench map' needs playwright: pip install playwright") from error
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise ConfigError(f"'bench map' needs one of {', '.join(BROWSERS)} on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(flags))
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(300_000)
        yield page
        browser.close()
