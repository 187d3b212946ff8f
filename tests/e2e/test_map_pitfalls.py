"""What goes wrong with maps of points: drifting indices, lost contexts, markup in titles, unnamed noise."""

import json

import numpy as np
import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from core.bench.map_page import OPEN_MAP, make_points, serve_map
from core.server.map_arrays import ARRAYS
from core.server.map_routes import scripts_path

N = 300
MOUNT = """async ([scripts, data]) => {
    const { show } = await import(`${scripts}/component.js`);
    const parentElement = document.createElement("div");
    const root = Object.assign(document.createElement("div"), { className: "soundmap" });
    parentElement.append(root);
    document.body.append(parentElement);
    const answers = { setTriggerValue() {}, setStateValue() {} };
    const leave = show({ data: { ...data, scripts }, parentElement, ...answers });
    while (!root.dataset.points) await new Promise((done) => setTimeout(done, 10));
    const map = window.songscapeMap;
    return { map, leave: () => (leave(), parentElement.remove()) };
}"""
LIT = """(map) => {
    const { gl, canvas } = map.renderer, pixels = new Uint8Array(4 * canvas.width * canvas.height);
    map.draw();
    gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return pixels.filter((v, i) => i % 4 === 0 && v !== pixels[0]).length;
}"""


def hold(values: np.ndarray | dict, kind: str) -> dict:
    """Return a reference to an array or a dictionary."""
    data = json.dumps(values).encode() if kind == "json" else values.tobytes()
    return {"href": f"/map/{ARRAYS.put(data)}", "type": kind}


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(60_000)
    yield page
    page.close()


@pytest.fixture(scope="module")
def address():
    with serve_map() as address:
        yield address


def open_map(page: Page, address: str, data: dict) -> None:
    page.goto(address)
    page.evaluate(OPEN_MAP, [f"{address}/{scripts_path()}", data])


def test_indices_stay_right_after_selections(page, address):
    """Points are not in the order of the collection; a selection neither moves nor renumbers them."""
    data, _ = make_points(N)
    rows = np.random.default_rng(1).permutation(5 * N)[:N].astype(np.int32)
    data["rows"] = hold(rows, "i4")
    open_map(page, address, data)
    for chosen in ([], list(range(0, N, 7)), [N - 1], []):
        update = {**data, "chosen": hold(np.array(chosen, np.int32), "i4") if chosen else None}
        page.evaluate("(data) => map.update(data)", update)
        marked = page.evaluate(
            "Array.from(map.renderer.held.state, (s, i) => s === 2 ? i : -1).filter((i) => i >= 0)"
        )
        assert marked == chosen
        for point in (0, 42, N - 1):
            page.evaluate("(point) => map.click(point, false)", point)
            assert page.evaluate("picked") == {"kind": "click", "rows": [int(rows[point])]}
        page.evaluate("map.select([[0, 0], [600, 0], [600, 700], [0, 700]], 'box', false)")
        left = page.evaluate(
            """Array.from({ length: map.count }, (_, i) => i).filter((i) =>
                map.camera.toScreen(...map.layout.positions.slice(2 * i, 2 * i + 2))[0] < 600)"""
        )
        assert sorted(page.evaluate("picked.rows")) == sorted(int(rows[i]) for i in left) and left
        page.evaluate("map.select([[0, 0], [600, 0], [600, 700], [0, 700]], 'box', true)")  # shift adds
        assert sorted(page.evaluate("picked.rows")) == sorted(int(rows[i]) for i in {*left, *chosen})


def test_maps_that_come_and_go_leave_no_context_behind(page, address):
    """Browsers drop the oldest of about sixteen contexts: the first map must still be drawn in the end."""
    data, _ = make_points(N)
    page.goto(address)
    page.evaluate(f"window.mount = {MOUNT}; window.lit = {LIT}; 0")
    lit = page.evaluate(
        """async (given) => {
            const first = await mount(given), found = [lit(first.map)];
            for (let k = 0; k < 24; k++) {
                const { map, leave } = await mount(given);
                found.push(lit(map));
                leave();
                if (!map.renderer.gl.isContextLost()) throw new Error("a map that left keeps its context");
            }
            return [...found, lit(first.map)];
        }""",
        [f"{address}/{scripts_path()}", data],
    )
    assert len(set(lit)) == 1 and lit[0] > 500


def test_markup_in_titles_and_names_is_text(page, address):
    evil = "<img src=x onerror='window.evil = true'><b>bold</b>"
    data, _ = make_points(N, titles=[evil] * N)
    legend = page.request.get(address + data["legend"]["href"]).json()
    for group in legend["groups"]:
        group["name"] = group["short"] = evil
    data |= {"legend": hold(legend, "json"), "headline": [[evil, evil]]}
    open_map(page, address, data)
    page.evaluate("map.point(5)")
    expect(page.locator(".map-card b")).to_have_text(evil)
    assert (
        evil in page.locator(".map-legend").inner_text()
        and evil in page.locator(".map-headline").inner_text()
    )
    assert page.locator(".map-names span").first.inner_text() == evil
    assert page.locator(".soundmap img:not(.swatch)").count() == 0
    assert page.evaluate("window.evil") is None


def test_tracks_in_no_cluster_are_grey_named_and_counted(app_url, page):
    page.goto(f"{app_url}/?on=demo&cluster=hdbscan")
    page.wait_for_function("window.songscapeMap?.legend?.groups.some((group) => group.grey)", timeout=120_000)
    noise = page.evaluate("songscapeMap.legend.groups.findIndex((group) => group.grey)")
    counted = page.evaluate("(k) => songscapeMap.groupOf.filter((group) => group === k).length", noise)
    expect(page.locator(".map-group").nth(noise)).to_have_text(f"No cluster{counted}")
    colour = page.evaluate(
        """(k) => { const { held } = songscapeMap.renderer, at = 4 * songscapeMap.groupOf.indexOf(k);
        return Array.from(held.colour.slice(at, at + 3)); }""",
        noise,
    )
    assert max(colour) - min(colour) < 25
    assert "No cluster" not in page.locator(".map-names span").all_inner_texts()
    page.locator(".map-group").nth(noise).click()
    page.wait_for_function("(n) => songscapeMap.chosen?.length === n", arg=counted)
