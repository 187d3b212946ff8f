"""Benchmark: the map in headless Chromium, beside plotly moving the same points in the same run.

Needs playwright and a Chromium; rendering is in software, so only ratios carry over to other machines.
"""

import json
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from core.errors import ConfigError
from core.progress import Progress, silent

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",  # WebGL in software, where there is no graphics card
    "--mute-audio",
)
_PAGE = """<!doctype html><meta charset="utf-8"><style>CSS body { margin: 0 }</style>
<div class="soundmap" id="map" style="--st-background-color: #ffffff"></div>
<div id="plot" style="width: 1200px; height: 700px"></div>
<script>
async function framesPerSecond(seconds, gl, draw) {
  const pixel = new Uint8Array(4), began = performance.now();
  let frames = 0;
  while (performance.now() - began < seconds * 1000) {
    await draw((frames % 50) / 50);
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel); // waits until the frame is drawn
    frames++;
    await new Promise(requestAnimationFrame);
  }
  return (frames * 1000) / (performance.now() - began);
}
</script>"""
_OPEN = """async ([scripts, data]) => {
  const { SoundMap } = await import(`${scripts}/soundmap.js`);
  const began = performance.now();
  window.map = new SoundMap(document.getElementById("map"));
  map.answer = (picked) => (window.picked = picked);
  await map.update(data);
  map.renderer.gl.finish();
  return (performance.now() - began) / 1000;
}"""
_FRAMES = """async (seconds) => {
  const positions = map.layout.positions;
  map.renderer.setPositions(positions, positions.map((v) => -v), 0);
  const frames = await framesPerSecond(seconds, map.renderer.gl, (share) => {
    map.renderer.mix = share;
    map.renderer.draw(map.camera.clip());
  });
  map.motion.stand(positions);
  return frames;
}"""
_PLOTLY = """async ([library, seconds]) => {
  await new Promise((resolve) => {
    document.head.append(Object.assign(document.createElement("script"), { src: library, onload: resolve }));
  });
  const p = map.layout.positions, n = p.length / 2, plot = document.getElementById("plot");
  const axis = (k, share) => Float32Array.from({ length: n }, (_, i) => p[2 * i + k] * (1 - 2 * share));
  const marker = { size: map.renderer.pointSize };
  await Plotly.newPlot(plot, [{ type: "scattergl", mode: "markers", x: axis(0, 0), y: axis(1, 0), marker }]);
  const frames = await framesPerSecond(seconds, plot.querySelector("canvas").getContext("webgl"), (share) =>
    Plotly.restyle(plot, { x: [axis(0, share)], y: [axis(1, share)] }));
  Plotly.purge(plot);
  return frames;
}"""
_CLICK = """async (at) => {
  const began = performance.now();
  map.click(at, false);
  while (!map.sound.audio.src && performance.now() - began < 5000)
    await new Promise((resolve) => setTimeout(resolve, 5));
  return map.parts.ring.hidden || !map.sound.audio.src ? null : (performance.now() - began) / 1000;
}"""
_LASSO = """() => {
  const began = performance.now(), w = map.camera.width, h = map.camera.height;
  const path = Array.from({ length: 60 }, (_, i) =>
    [w / 2 + w * 0.35 * Math.cos((i * Math.PI) / 30), h / 2 + h * 0.35 * Math.sin((i * Math.PI) / 30)]);
  window.picked = null;
  map.select(path, "lasso", false);
  return [(performance.now() - began) / 1000, picked.rows.length];
}"""


def run(progress: Progress = silent) -> dict[str, float | bool | int]:
    """Return how fast the map moves, picks and selects, and what it transfers.

    ``frame_ratio_10k``, ``frame_ratio_100k``: frames per second while points move, divided by those of
    plotly's restyle; ``first_paint_s_100k``: from the arrays' request to the drawn frame; ``click_s_100k``:
    to the ring and the start of the audio; ``lasso_s_100k``: to the rows of the selection;
    ``bytes_per_point``: of a first layout; ``bytes_per_further_point``: of each further one; ``shown_1m``:
    whether a million points were drawn, moved and picked.

    Raises
    ------
    ConfigError
        When playwright or a Chromium is missing.
    """
    from core.server.map_routes import scripts_path

    figures: dict[str, float | bool | int] = {}
    with _server() as address, _page(address) as page:
        for step, (n, name) in enumerate(((10_000, "10k"), (100_000, "100k"), (1_000_000, "1m"))):
            progress(step, 3, f"{n:,} points")
            data, sizes = _points(n)
            page.goto(f"{address}/")
            first = page.evaluate(_OPEN, [f"{address}/{scripts_path()}", data])
            frames = page.evaluate(_FRAMES, 3)
            if name == "1m":
                picked = page.evaluate("map.layout.nearest(map.camera, map.camera.width / 2, 300, 60)")
                figures["shown_1m"] = bool(frames > 0 and picked >= 0)
                figures["frames_per_s_1m"] = round(frames, 2)
                continue
            plotly = page.evaluate(_PLOTLY, [f"{address}/plotly.min.js", 3])
            figures[f"frames_per_s_{name}"], figures[f"plotly_per_s_{name}"] = (
                round(frames, 2),
                round(plotly, 2),
            )
            figures[f"frame_ratio_{name}"] = round(frames / plotly, 2)
            if name == "100k":
                figures["first_paint_s_100k"] = round(first, 3)
                figures["click_s_100k"] = page.evaluate(_CLICK, 5)
                seconds, selected = page.evaluate(_LASSO)
                figures["lasso_s_100k"], figures["lasso_rows_100k"] = round(seconds, 3), selected
                figures |= {key: round(value / n, 2) for key, value in sizes.items()}
    return figures


def _points(n: int) -> tuple[dict, dict[str, int]]:
    """Hold a map of n simulated points; return what the component gets, and the bytes of its arrays."""
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
        "size": 4 if n <= 30_000 else 2.5,
        "hasNames": True,
        "scale": None,
        "ends": ["", ""],
    }
    blank = [""] * n
    titles = ARRAYS.put_titles(f"bench{n}", lambda: Titles(["Track"] * n, blank, blank, ["0" * 32] * n))
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
        "titles": {"href": f"/titles/{titles}/{{page}}", "size": PAGE},
        "place": str(n),
        "view": str(n),
        "weight": None,
    }, sizes


@contextmanager
def _server() -> Iterator[str]:
    """Serve the map's routes and an empty page on a free port of the loopback address."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.responses import HTMLResponse
    from starlette.routing import Route

    from core.server.access import Access
    from core.server.audio_routes import library_routes
    from core.server.map_routes import SCRIPTS, map_routes

    page = _PAGE.replace("CSS", (SCRIPTS / "soundmap.css").read_text(encoding="utf-8"))
    routes = [Route("/", lambda request: HTMLResponse(page)), *map_routes(Access()), *library_routes()]
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
def _page(address: str) -> Iterator:
    """Open a page of headless Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise ConfigError("'bench map' needs playwright: pip install playwright") from error
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise ConfigError(f"'bench map' needs one of {', '.join(BROWSERS)} on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1200, "height": 1500})
        page.set_default_timeout(300_000)
        yield page
        browser.close()
