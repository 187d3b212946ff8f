"""Pages are accessible: axe-core finds nothing serious, in light and in dark; no text of ours is cut."""

import re
from pathlib import Path

import pytest

pytest.importorskip("playwright")
axe = pytest.importorskip("axe_playwright_python")
from playwright.sync_api import Page, expect  # noqa: E402 - after the check that it is installed

FIRST_MS = 120_000
SCRIPT = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
FIND = """async () => {
    const { violations, passes } = await axe.run(document, { resultTypes: ["violations"] });
    const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
    const name = ({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`);
    return [passes.length, serious.flatMap(name)];
}"""
CUT = """(roots) => {
    const found = [], look = (node) => {
        for (const element of node.querySelectorAll("*")) {
            if (element.shadowRoot) look(element.shadowRoot);
            const style = getComputedStyle(element);
            const hides = style.overflowX !== "visible" && !["auto", "scroll"].includes(style.overflowX);
            const isText = (child) => child.nodeType === Node.TEXT_NODE && child.data.trim();
            const hasText = [...element.childNodes].some(isText);
            if (hides && hasText && element.clientWidth && element.scrollWidth > element.clientWidth + 1)
                found.push(`${element.className}: ${element.textContent.slice(0, 80)}`);
        }
    };
    document.querySelectorAll(roots).forEach((root) => root.shadowRoot ? look(root.shadowRoot) : look(root));
    return found;
}"""
SETTLED = """() => document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"
    && !document.querySelector("[data-stale=true]")
    && document.getAnimations().every((one) => one.playState !== "running")"""
"""A run of the page fades what it will replace, and what is new in."""
OURS = ".soundmap, .st-key-explore-dock, [data-testid=stHtml], [data-testid=stBidiComponentRegular]"


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(FIRST_MS)
    yield page
    context.close()


def serious(page: Page) -> list[str]:
    """Return what axe-core finds of serious or critical impact."""
    page.evaluate(SCRIPT + "; 0")
    page.wait_for_function(SETTLED)
    n_passed, found = page.evaluate(FIND)
    assert n_passed > 10
    return found


def open_track(page: Page, app_url: str) -> None:
    """Open the demo's map with a track in the player and a selection."""
    page.goto(f"{app_url}/?on=demo")
    page.locator(".soundmap[data-points]").wait_for()
    page.wait_for_function("songscapeMap.data.chain && !songscapeMap.motion.moving")
    page.locator(".map-group").first.click()
    page.wait_for_function("songscapeMap.chosen")
    page.evaluate("songscapeMap.click(3, false)")
    page.locator(".st-key-explore-dock .deck").wait_for()
    page.evaluate("songscapeMap.point(3)")
    page.locator(".map-card").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_explore_is_accessible(app_url, page, scheme):
    page.emulate_media(color_scheme=scheme)
    open_track(page, app_url)
    assert serious(page) == []
    page.evaluate("songscapeMap.parts.tools.append(document.createElement('button'))")
    assert len(serious(page)) == 1  # a button without a name is found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["Compare", "Library", "Models", "Help"])
def test_other_pages_are_accessible(app_url, page, scheme, name):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{app_url}/{name.lower()}")
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=FIRST_MS)
    expect(page.get_by_test_id("stStatusWidget")).to_be_hidden(timeout=FIRST_MS)
    assert serious(page) == []


@pytest.mark.parametrize("width, height", [(375, 812), (1920, 1080)])
def test_no_text_of_ours_is_cut(app_url, page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    open_track(page, app_url)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT, OURS) == []
    page.evaluate("songscapeMap.present(true)")
    assert page.evaluate(CUT, OURS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ground_of_the_map_is_the_pages(app_url, page, scheme):
    """The canvas is opaque, so it must follow a change of the theme while it is shown."""
    page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
    page.goto(f"{app_url}/?on=demo")
    page.locator(".soundmap[data-points]").wait_for()
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        """() => {
            const { gl } = songscapeMap.renderer, pixel = new Uint8Array(4);
            songscapeMap.draw();
            gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
            const page = getComputedStyle(document.querySelector(".stApp")).backgroundColor.match(/\\d+/g);
            return pixel.slice(0, 3).every((v, i) => v === Number(page[i]));
        }"""
    )
    ground = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", ground)[:3])) > 600) == (scheme == "light")
