"""Benchmark: the map in headless Chromium, beside plotly moving the same points in the same run.

Needs playwright and a Chromium; rendering is in software, so only ratios carry over to other machines. Both
draw on 1200 x 700 pixels.
"""

from contextlib import suppress
from typing import Any

import numpy as np

from core.bench.map_app import measure_app
from core.bench.map_page import OPEN_MAP, WITHOUT_GPU, make_points, open_page, serve_map
from core.progress import Progress, silent

ROUNDS, SECONDS = 3, 1.5
"""Both are timed in turns, because other work on the machine changes from second to second; one is shown at a
time."""
_PER_SECOND = """async (shown, seconds, gl, draw) => {
  for (const id of ["map", "plot"]) document.getElementById(id).style.display = id === shown ? "" : "none";
  const pixel = new Uint8Array(4), began = performance.now();
  let frames = 0;
  while (performance.now() - began < seconds * 1000) {
    await draw((frames % 50) / 50);
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel); // waits until the frame is drawn
    frames++;
    await new Promise(requestAnimationFrame);
  }
  return (frames * 1000) / (performance.now() - began);
}"""
_FRAMES = f"""async (seconds) => {{
  const positions = map.layout.positions;
  map.renderer.setPositions(positions, positions.map((v) => -v), 0);
  map.motion.moving = true;
  const frames = await ({_PER_SECOND})("map", seconds, map.renderer.gl, (share) => {{
    map.renderer.mix = share;
    map.moved();
  }});
  map.motion.stand(positions);
  map.moved();
  return frames;
}}"""
_OPEN_PLOTLY = """async (library) => {
  await new Promise((resolve) => {
    document.head.append(Object.assign(document.createElement("script"), { src: library, onload: resolve }));
  });
  const p = map.layout.positions, n = p.length / 2, plot = document.getElementById("plot");
  window.axis = (k, share) => Float32Array.from({ length: n }, (_, i) => p[2 * i + k] * (1 - 2 * share));
  const marker = { size: map.renderer.pointSize };
  await Plotly.newPlot(plot, [{ type: "scattergl", mode: "markers", x: axis(0, 0), y: axis(1, 0), marker }]);
}"""
_PLOTLY = f"""(seconds) => {{
  const plot = document.getElementById("plot"), gl = plot.querySelector("canvas").getContext("webgl");
  return ({_PER_SECOND})("plot", seconds, gl, (share) =>
    Plotly.restyle(plot, {{ x: [axis(0, share)], y: [axis(1, share)] }}));
}}"""
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
    plotly's restyle; ``frame_cpu_ratio_10k``, ``frame_cpu_ratio_100k``: the processor time of such a frame,
    plotly's over the map's, which other work on the machine changes less; ``first_paint_s_100k``: from the
    arrays' request to the drawn frame; ``click_s_100k``: to the ring and the start of the audio;
    ``lasso_s_100k``: to the rows of the selection; ``bytes_per_point``: of a first layout;
    ``bytes_per_further_point``: of each further one; ``shown_1m``: whether a million points were drawn, moved
    and picked; and what :func:`core.bench.map_app.measure_app` finds in the app.

    Raises
    ------
    ConfigError
        When playwright or a Chromium is missing.
    """
    figures: dict[str, float | bool | int] = {}
    with open_page() as page, serve_map() as address:
        for step, (n, name) in enumerate(((10_000, "10k"), (100_000, "100k"), (1_000_000, "1m"))):
            progress(step, 4, f"{n:,} points")
            figures |= _measure_points(page, address, n, name)
    progress(3, 4, "the demo in the app")
    with open_page(flags=WITHOUT_GPU) as page:
        figures |= measure_app(page)
    return figures


def _measure_points(page: Any, address: str, n: int, name: str) -> dict[str, float | bool | int]:
    """Return the figures of ``n`` points."""
    from core.server.map_routes import scripts_path

    data, sizes = make_points(n)
    page.goto(f"{address}/")
    first = page.evaluate(OPEN_MAP, [f"{address}/{scripts_path()}", data])
    if name == "1m":
        frames = page.evaluate(_FRAMES, 2 * SECONDS)
        picked = page.evaluate("map.layout.nearest(map.camera, map.camera.width / 2, 300, 60)")
        return {"shown_1m": bool(frames > 0 and picked >= 0), "frames_per_s_1m": round(frames, 2)}
    figures: dict[str, float | bool | int] = {}
    if name == "100k":
        seconds, selected = page.evaluate(_LASSO)
        figures = {
            "first_paint_s_100k": round(first, 3),
            "click_s_100k": round(page.evaluate(_CLICK, 5), 3),
            "lasso_s_100k": round(seconds, 3),
            "lasso_rows_100k": selected,
            **{key: round(value / n, 2) for key, value in sizes.items()},
        }
    page.evaluate(_OPEN_PLOTLY, f"{address}/plotly.min.js")
    turns = [(_time_frames(page, _FRAMES), _time_frames(page, _PLOTLY)) for _ in range(ROUNDS)]
    (ours, ours_cpu), (plotly, plotly_cpu) = np.mean(turns, axis=0).tolist()
    return {
        f"frames_per_s_{name}": round(ours, 2),
        f"plotly_per_s_{name}": round(plotly, 2),
        f"frame_ratio_{name}": round(ours / plotly, 2),
        f"frame_cpu_ms_{name}": round(1000 * ours_cpu, 1),
        f"plotly_cpu_ms_{name}": round(1000 * plotly_cpu, 1),
        f"frame_cpu_ratio_{name}": round(plotly_cpu / ours_cpu, 2),
        **figures,
    }


def _time_frames(page: Any, script: str) -> tuple[float, float]:
    """Return frames per second, and the browser's processor seconds per frame."""
    before = _processor_seconds()
    per_second = page.evaluate(script, SECONDS)
    return per_second, (_processor_seconds() - before) / (per_second * SECONDS)


def _processor_seconds() -> float:
    """Return the processor time of the browser: of all processes that this one started."""
    import psutil

    total = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it has ended meanwhile
            used = process.cpu_times()
            total += used.user + used.system
    return total
