"""The two ways to draw points, by WebGL and by the processor, give the same picture."""

import numpy as np
import pytest

pytest.importorskip("playwright")
from core.bench.map_page import OPEN_MAP, make_points, serve_map
from core.server.map_routes import scripts_path

COMPARE = """(size) => {
    const { renderer } = map, { gl, canvas } = renderer, n = map.count;
    const read = () => {
        const pixels = new Uint8Array(4 * canvas.width * canvas.height);
        map.draw();
        gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
        return pixels;
    };
    renderer.pointSize = size;
    const colours = new Uint8Array(4 * n).map((_, i) => (i % 4 === 3 ? 255 : (i * 7919) % 251));
    renderer.setMarks(colours, new Uint8Array(n).map((_, i) => i % 6));
    renderer.setStates(new Uint8Array(n).map((_, i) => i % 3), true);
    renderer.setPositions(renderer.held.from, renderer.held.to.map((v) => 1.3 * v), 0.4);
    map.camera.zoomAt(300, 200, 1.7); // some points beyond the edge
    const byProcessor = [Boolean(renderer.raster), read()], { held } = renderer;
    renderer.raster = null;
    renderer.held = {};
    Object.entries(held).forEach(([name, values]) => renderer.upload(name, values));
    gl.enable(gl.BLEND);
    const byWebGL = read();
    const differences = byWebGL.map((v, i) => Math.abs(v - byProcessor[1][i]));
    const lit = byWebGL.filter((v, i) => v !== byWebGL[i % 4]).length;
    const sum = differences.reduce((a, b) => a + b, 0), far = differences.filter((d) => d > 64).length;
    return [byProcessor[0], lit, sum / lit, far / lit];
}"""


@pytest.mark.parametrize("size", [2.5, 4, 9, 14])
def test_the_processor_draws_what_webgl_draws(browser, size):
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    with serve_map() as address:
        data, _ = make_points(400)
        page.goto(address)
        page.evaluate(OPEN_MAP, [f"{address}/{scripts_path()}", data])
        is_emulated, lit, mean, share_far = page.evaluate(COMPARE, size)
    page.close()
    assert is_emulated and lit > 2000
    assert mean < 12 and share_far < 0.02


OPACITY = """(n) => {
    const { renderer, camera } = map, { gl, canvas } = renderer;
    const darkest = (x, y) => { // red of the darkest pixel around a place
        const pixels = new Uint8Array(4 * 49), [left, top] = camera.toScreen(x, y);
        map.draw();
        const corner = [Math.round(left) - 3, canvas.height - Math.round(top) - 4];
        gl.readPixels(...corner, 7, 7, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
        return Math.min(...pixels.filter((_, i) => i % 4 === 0));
    };
    const places = new Float32Array(2 * n).fill(0.1); // all but one in one place
    places.set([0.5, 0.5], 2 * n - 2);
    renderer.setPositions(places, places, 1);
    const together = darkest(0.1, 0.1), single = darkest(0.5, 0.5);
    camera.zoomAt(...camera.toScreen(0.5, 0.5), 60);
    return [together, single, darkest(0.5, 0.5)];
}"""


@pytest.mark.parametrize("is_emulated", [True, False])
def test_many_points_show_their_density_and_appear_singly_when_zoomed(browser, is_emulated):
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    n = 1_000_000
    with serve_map() as address:
        data, _ = make_points(n)
        page.goto(address)
        page.evaluate(OPEN_MAP, [f"{address}/{scripts_path()}", data])
        if not is_emulated:
            page.evaluate(
                """() => {
                    const { renderer } = map, { held } = renderer;
                    Object.assign(renderer, { raster: null, held: {} });
                    Object.entries(held).forEach(([name, values]) => renderer.upload(name, values));
                    renderer.gl.enable(renderer.gl.BLEND);
                }"""
            )
        together, single, zoomed = page.evaluate(OPACITY, n)
    page.close()
    colour = 0x17
    assert together <= colour + 2 and zoomed <= colour + 60  # less than a pixel of a small point is covered
    assert single > zoomed + 60


PLACE = """async ([scripts, places]) => {
    const { placeNames } = await import(`${scripts}/marks.js`);
    const samples = [{ size: places.length, points: places.map((_, i) => i) }];
    return placeNames({ groups: [{ name: "Cluster 1" }] }, samples, (i) => places[i])[0];
}"""


def test_the_name_of_a_cluster_on_several_islands_stands_on_one(browser):
    islands = np.repeat([[0.0, 0.0], [10.0, 1.0], [3.0, 9.0]], (80, 70, 50), axis=0)
    places = islands + np.random.default_rng(0).uniform(-0.5, 0.5, islands.shape)
    page = browser.new_page()
    with serve_map() as address:
        page.goto(address)
        name = page.evaluate(PLACE, [f"{address}/{scripts_path()}", places.tolist()])
    page.close()
    distances = np.abs(np.median(places, axis=0) - islands).max(axis=1)
    assert distances.min() > 1  # the median of all is on none
    assert np.abs([name["x"], name["y"]] - islands).max(axis=1).min() < 0.5
