"""The map in a real browser: it sounds, moves without Python, selects exactly, and obeys keys and links."""

import re
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

FIRST_MS = 120_000
NEXT_MS = 60_000
PAUSED = "songscapeMap.sound.audio.paused"


@pytest.fixture(scope="module")
def open_map(browser, app_url):
    """Open the demo's map once its layouts of all text weights are there."""
    contexts = []

    def open_(query: str = "on=demo", **options) -> Page:
        contexts.append(browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options}))
        page = contexts[-1].new_page()
        page.set_default_timeout(NEXT_MS)
        expect.set_options(timeout=NEXT_MS)
        page.goto(f"{app_url}/?{query}")
        page.locator(".soundmap[data-points]").wait_for(timeout=FIRST_MS)
        page.wait_for_function("songscapeMap.data.chain && !songscapeMap.motion.moving", timeout=FIRST_MS)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_map):
    page = open_map()
    yield page
    page.close()


def place_of(page: Page, point: int) -> tuple[float, float]:
    """Return the pixel of a point on the page."""
    box = page.locator(".map-canvas").bounding_box()
    x, y = page.evaluate(
        "(i) => songscapeMap.camera.toScreen(...songscapeMap.layout.positions.slice(2 * i, 2 * i + 2))", point
    )
    return box["x"] + x, box["y"] + y


def alone(page: Page) -> int:
    """Return a point that no other covers."""
    return page.evaluate(
        """() => Array.from({ length: songscapeMap.count }, (_, i) => i).find((i) => {
            const m = songscapeMap, p = m.camera.toScreen(...m.layout.positions.slice(2 * i, 2 * i + 2));
            return m.layout.nearest(m.camera, ...p, 14) === i;
        })"""
    )


def test_pointing_plays_a_track_and_leaving_stops_it(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/audio/" in request.url else None)
    x, y = place_of(page, alone(page))
    page.mouse.move(x, y)
    page.wait_for_function(f"!{PAUSED} && songscapeMap.sound.audio.currentTime > 0")
    assert len(asked) and page.locator(".map-card b").inner_text()
    page.mouse.move(x, y - 400 if y > 600 else y + 400)
    page.mouse.move(5, 5)
    page.wait_for_function(PAUSED)
    page.get_by_role("button", name=re.compile("Sound on the map")).click()
    page.mouse.move(x, y)
    page.wait_for_timeout(600)
    assert (
        page.evaluate(PAUSED) and page.evaluate("localStorage['songscape-hover-sound']").count("false") == 1
    )


def test_the_map_says_that_sound_needs_a_click(browser, app_url):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(  # what Playwright evaluates counts as a gesture: this counts clicks alone
        """let clicked = false;
        window.addEventListener("pointerdown", () => (clicked = true), true);
        Object.defineProperty(navigator, "userActivation", { get: () => ({ hasBeenActive: clicked }) });"""
    )
    page = context.new_page()
    page.goto(f"{app_url}/?on=demo")
    page.locator(".soundmap[data-points]").wait_for(timeout=FIRST_MS)
    expect(page.locator(".map-note")).to_have_text("Click to enable sound")
    page.get_by_role("button", name="Zoom in").click()
    expect(page.locator(".map-note")).to_be_hidden()
    context.close()


def test_the_slider_moves_points_without_a_script_run(page):
    sent = []
    frames = page.evaluate("songscapeMap.motion.frames")
    before = page.evaluate("Array.from(songscapeMap.motion.shown())")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameSent", lambda frame: sent.append(frame["response"]["payloadData"]))
    box = page.locator(".map-weight input").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    for step in range(8):
        page.mouse.move(box["x"] + box["width"] * (0.5 + 0.04 * step), middle)
        page.wait_for_timeout(40)
    moved = page.evaluate("Array.from(songscapeMap.motion.shown())")
    assert moved != before and page.evaluate("songscapeMap.motion.frames") > frames + 2
    assert sent == []
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"weight=0\.[78]"))
    page.wait_for_function("Math.abs(songscapeMap.data.weight - 0.5) > 0.1 && !songscapeMap.motion.moving")
    assert sent
    assert page.evaluate("Array.from(songscapeMap.motion.shown())") == pytest.approx(moved, abs=0.05)


def test_a_lasso_selects_exactly_the_points_inside(page):
    box = page.locator(".map-canvas").bounding_box()
    corners = [(0.2, 0.1), (0.8, 0.3), (0.6, 0.9), (0.1, 0.7)]
    pixels = [(x * box["width"], y * box["height"]) for x, y in corners]
    inside = page.evaluate(
        """(path) => {
            const m = songscapeMap, shape = new Path2D();
            path.forEach(([x, y], k) => (k ? shape.lineTo(x, y) : shape.moveTo(x, y)));
            const c = document.createElement("canvas").getContext("2d");
            return Array.from({ length: m.count }, (_, i) => i).filter((i) =>
                c.isPointInPath(shape, ...m.camera.toScreen(...m.layout.positions.slice(2 * i, 2 * i + 2))));
        }""",
        pixels,
    )
    page.mouse.move(box["x"] + pixels[0][0], box["y"] + pixels[0][1])
    page.mouse.down()
    for x, y in pixels[1:]:
        page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.up()
    page.wait_for_function("songscapeMap.chosen")
    assert sorted(page.evaluate("Array.from(songscapeMap.chosen)")) == inside and len(inside) > 10
    expect(page.get_by_text(f"Selection: {len(inside)} tracks")).to_be_visible()
    page.get_by_role("combobox", name="Colour").click()
    page.get_by_role("option", name="Label", exact=True).click()
    page.wait_for_function("songscapeMap.legend.groups[0].name !== 'Cluster 1'")
    assert sorted(page.evaluate("Array.from(songscapeMap.chosen)")) == inside


def test_a_click_pins_a_track_that_back_releases(page):
    point = alone(page)
    page.mouse.click(*place_of(page, point))
    expect(page).to_have_url(re.compile("track="))
    expect(page.locator(".st-key-explore-dock .deck")).to_be_visible()
    assert page.evaluate("songscapeMap.pinned") == point
    page.go_back()
    expect(page).not_to_have_url(re.compile("track="))
    page.wait_for_function("songscapeMap.pinned === -1")


def test_keys_alone_find_play_and_select_a_track(page):
    page.locator(".map-canvas").focus()
    page.keyboard.press("ArrowRight")
    first = page.wait_for_function("songscapeMap.focus >= 0 && [songscapeMap.focus]").json_value()[0]
    x = place_of(page, first)[0]
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"songscapeMap.focus !== {first}")
    assert place_of(page, page.evaluate("songscapeMap.focus"))[0] > x
    page.wait_for_function(f"!{PAUSED}")
    page.keyboard.press("Space")
    page.wait_for_function(PAUSED)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("track="))
    page.locator(".map-canvas").focus()
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("track="))


def test_presenting_fills_the_window_until_escape(page):
    page.get_by_role("button", name=re.compile("Present")).click()
    box = page.locator(".soundmap").bounding_box()
    assert (box["width"], box["height"]) == (1440, 900)
    expect(page.locator(".map-headline")).to_contain_text("ARI")
    page.keyboard.press("Escape")
    assert page.locator(".soundmap").bounding_box()["width"] < 1440


def test_a_link_restores_the_zoom(page, open_map):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Copy a link").click()
    expect(page.locator(".map-note")).to_have_text("Link copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    zoom = page.evaluate("songscapeMap.camera.toText()")
    assert zoom
    other = open_map(urlsplit(link).query)
    assert other.evaluate("songscapeMap.camera.toText()") == zoom


def test_a_lost_context_comes_back(page):
    lit = """() => {
        const m = songscapeMap, gl = m.renderer.gl, n = 4 * m.parts.canvas.width * m.parts.canvas.height;
        m.draw();
        const pixels = new Uint8Array(n);
        gl.readPixels(0, 0, m.parts.canvas.width, m.parts.canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
        return pixels.filter((v, i) => i % 4 === 0 && v !== pixels[0]).length; // not the ground
    }"""
    before = page.evaluate(lit)
    page.evaluate(
        """() => new Promise((done) => {
            const lose = songscapeMap.renderer.gl.getExtension("WEBGL_lose_context");
            songscapeMap.parts.canvas.addEventListener("webglcontextrestored", () => setTimeout(done, 50));
            lose.loseContext();
            setTimeout(() => lose.restoreContext(), 50);
        })"""
    )
    assert before > 1000 and page.evaluate(lit) == before


def test_without_webgl2_plotly_draws_the_map(browser, app_url):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
            return kind === "webgl2" ? null : get.call(this, kind, ...rest);
        };"""
    )
    page = context.new_page()
    page.goto(f"{app_url}/?on=demo")
    page.locator(".soundmap .nsewdrag").first.wait_for(timeout=FIRST_MS)
    assert page.locator(".soundmap[data-points]").count() == 1
    context.close()


@pytest.mark.parametrize("width, height", [(375, 812), (1920, 1080)])
def test_nothing_is_cut_at_other_widths(open_map, width, height):
    page = open_map(viewport={"width": width, "height": height}, has_touch=width < 400)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    menu = page.get_by_test_id("stMainMenu").bounding_box()
    assert menu["x"] + menu["width"] <= width
    stage = page.locator(".map-stage").bounding_box()
    assert stage["x"] >= 0 and stage["x"] + stage["width"] <= width and stage["height"] > 0.45 * height
    names = page.locator(".map-names span").evaluate_all(
        "(all) => all.filter((e) => e.style.visibility === 'visible')"
        ".map((e) => e.getBoundingClientRect().toJSON())"
    )
    assert names and all(n["left"] >= stage["x"] and n["right"] <= stage["x"] + stage["width"] for n in names)
    page.close()
