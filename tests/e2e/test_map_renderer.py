"""The two ways to draw points, by WebGL and by the processor, give the same picture."""

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
