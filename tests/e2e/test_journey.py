"""A newcomer's way through the real app: see the demo, change it, circle points, hear them, come back."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.explore_steps import choose

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo" / "tracks.csv"
MODALITY, WEIGHT, ALGORITHM = "Modality", "Text weight", "Clustering"
FIRST_MS, NEXT_MS = 300_000, 60_000
"""A first map may wait for features; everything after it only for clusters and a layout."""


@pytest.fixture
def page(browser, shots):
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(NEXT_MS)
    expect.set_options(timeout=NEXT_MS)
    yield page
    page.screenshot(path=shots / "0-last.png")  # what a failed test looked at
    context.close()


def n_points(page: Page) -> int:
    """Return how many points the map shows, once it shows any."""
    chart = page.locator(".soundmap[data-points]")
    chart.wait_for(timeout=FIRST_MS)
    return int(chart.get_attribute("data-points"))


def setting(page: Page, name: str) -> str | None:
    """Return what the page's address remembers of a control."""
    found = re.search(rf"[?&]{name}=([^&]*)", page.url)
    return found.group(1) if found else None


def circle(page: Page) -> None:
    """Draw a lasso around the middle two thirds of the map."""
    box = page.locator(".map-canvas").bounding_box()
    corners = [(0.15, 0.15), (0.85, 0.15), (0.85, 0.85), (0.15, 0.85), (0.15, 0.2)]
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def seconds_played(audio: Locator) -> float:
    """Wait until an audio element has really moved on, and return where it is."""
    return audio.evaluate(
        """audio => new Promise((done, fail) => {
            const look = () => audio.currentTime > 0.5 && !audio.paused && done(audio.currentTime);
            audio.addEventListener("timeupdate", look);
            audio.addEventListener("error", () => fail(new Error(audio.error.message)));
            setTimeout(() => fail(new Error(`at ${audio.currentTime}, paused: ${audio.paused}`)), 30000);
            look();
        })"""
    )


def test_a_newcomer_sees_changes_circles_and_hears_the_demo(app_url, browser, page, shots):
    heard, defects, foreign = [], [], []
    page.on("response", lambda answer: heard.append(answer) if "/audio/" in answer.url else None)
    page.on("pageerror", lambda error: defects.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            foreign.append(asked.url) if not asked.url.startswith((app_url, "data:", "blob:")) else None
        ),
    )

    page.goto(app_url)
    with DEMO.open(encoding="utf-8", newline="") as table:
        assert n_points(page) == len(list(csv.DictReader(table)))
    expect(page.get_by_role("heading", name="Explore")).to_be_visible()
    page.screenshot(path=shots / "1-first-map.png")

    page.get_by_role("radiogroup", name=MODALITY).get_by_text("Fused").click()
    weight = page.get_by_role("slider", name=WEIGHT)
    weight.wait_for()
    expect(page.locator(".soundmap[data-points]")).to_be_visible(timeout=FIRST_MS)
    before = float(setting(page, "weight") or 0.5)
    weight.focus()
    weight.press("ArrowRight")
    expect(page).to_have_url(re.compile(rf"weight={before + 0.05:g}"))
    page.get_by_role("tab", name="Scores").click()
    expect(page.get_by_text(re.compile("Before: "))).to_be_visible()

    page.get_by_text("Parameters", exact=True).click()
    algorithm = page.get_by_role("combobox", name=ALGORITHM)
    algorithm.scroll_into_view_if_needed()  # scrolling closes an open list
    choose(page, ALGORITHM, "Ward (agglomerative)")
    expect(page).to_have_url(re.compile("cluster=ward"))
    expect(page.locator("table.scores").first).to_contain_text("Silhouette")
    page.screenshot(path=shots / "2-both-ward.png")

    circle(page)
    expect(page.get_by_text(re.compile(r"Selection: [\d,]+ tracks?"))).to_be_visible()
    page.screenshot(path=shots / "3-lasso.png", full_page=True)

    heard.clear()
    rows = page.locator(".deck .row")
    rows.nth(1).click()
    assert seconds_played(page.locator("[data-testid=stTabs] .deck audio")) > 0.5
    tracks = [answer for answer in heard if not answer.url.partition("?")[0].endswith("/loudness")]
    played = [answer for answer in tracks if answer.status in (200, 206)]
    assert played, [answer.status for answer in tracks]
    assert played[0].headers["content-type"].startswith("audio/")
    assert int(played[0].headers["content-length"]) > 1_000
    page.screenshot(path=shots / "4-playing.png", full_page=True)

    page.reload()
    assert n_points(page) > 0
    page.get_by_text("Parameters", exact=True).click()
    expect(page.get_by_role("combobox", name=ALGORITHM)).to_have_value(re.compile("Ward"))
    assert float(setting(page, "weight")) == pytest.approx(before + 0.05)

    assert defects == []
    assert foreign == []
