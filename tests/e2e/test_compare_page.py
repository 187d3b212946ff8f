"""Compare in a real browser: settings that were pinned on Explore, on a board and on two linked maps."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import expect

from tests.e2e.test_access import serious

FIRST_MS = 120_000
NEXT_MS = 60_000


@pytest.fixture(scope="module")
def page(browser, app_url):
    """Pin two settings of the demo on Explore."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(NEXT_MS)
    expect.set_options(timeout=NEXT_MS)
    for query in ("", "&cluster=kmeans&k=5&search="):
        page.goto(f"{app_url}/?on=demo{query}")
        page.locator(".soundmap[data-points]").wait_for(timeout=FIRST_MS)
        page.get_by_role("tab", name="Scores").click()
        page.get_by_role("button", name="Pin", exact=True).click()
        expect(page.get_by_text("is on the board of Compare")).to_be_visible()
    yield page
    context.close()


def test_the_board_has_both_settings(page, app_url, shots):
    page.goto(f"{app_url}/compare?on=demo")
    board = page.locator("table.scores tbody tr")
    expect(board).to_have_count(2, timeout=FIRST_MS)
    expect(page.get_by_text("compared with this row")).to_be_visible()
    expect(page.locator("[class*=st-key-compare-card-]")).to_have_count(2)
    expect(page.locator("[class*=st-key-compare-card-] img").first).to_be_visible()
    page.screenshot(path=shots / "compare-board.png", full_page=True)
    assert serious(page) == []


def test_pointing_at_a_track_on_one_map_marks_it_on_the_other(page, app_url, shots):
    page.goto(f"{app_url}/compare?on=demo&show=pair")
    maps = page.locator(".soundmap[data-points]")
    expect(maps).to_have_count(2, timeout=FIRST_MS)
    page.wait_for_function("!songscapeMap.motion.moving")
    cards = page.locator(".map-card:visible")
    expect(cards).to_have_count(0)
    page.evaluate("songscapeMap.point(3)")
    expect(cards).to_have_count(2)
    titles = [card.locator("b").inner_text() for card in cards.all()]
    assert titles[0] == titles[1]
    page.screenshot(path=shots / "compare-pair.png", full_page=True)
    page.evaluate("songscapeMap.point(-1)")
    expect(cards).to_have_count(0)
    page.evaluate("songscapeMap.click(3, false)")
    page.wait_for_function("document.querySelectorAll('.map-ring:not([hidden])').length === 2")
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    assert serious(page) == []
