"""Pages keep what is set on them while one goes between them, and a reload starts from the address."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.e2e.explore_steps import choose

FIRST_MS = 120_000
NEXT_MS = 60_000


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(NEXT_MS)
    expect.set_options(timeout=NEXT_MS)
    yield page
    context.close()


def address(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_each_page_keeps_its_own_values_on_the_way_through_all(app_url, page):
    page.goto(f"{app_url}/library")
    find = page.get_by_placeholder("Search titles, artists, labels")
    find.wait_for(timeout=FIRST_MS)
    find.fill("union")
    find.press("Enter")
    expect(page).to_have_url(re.compile("find=union"))
    go(page, "Models")
    expect(page).to_have_url(re.compile(r"/models\?on=demo$"), timeout=FIRST_MS)
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("7")
    epochs.press("Enter")
    expect(page).to_have_url(re.compile(r"epochs=7"))
    go(page, "Explore")
    page.locator(".soundmap[data-points]").wait_for(timeout=FIRST_MS)
    assert "find" not in address(page) and address(page)["on"] == "demo" and "look" in address(page)
    go(page, "Library")
    expect(page).to_have_url(re.compile(r"find=union"))
    expect(find).to_have_value("union")
    assert set(address(page)) == {"on", "find"}
    go(page, "Models")
    expect(epochs).to_have_value("7")
    expect(page).to_have_url(re.compile(r"epochs=7"))
    page.reload()
    expect(epochs).to_have_value("7", timeout=FIRST_MS)
    page.get_by_role("button", name=re.compile("Open in Explore")).first.click()
    page.locator(".soundmap[data-points]").wait_for(timeout=FIRST_MS)
    expect(page).to_have_url(re.compile(r"audio="))
    assert not any("epochs" in name or name == "checkpoint" for name in address(page))


def wait_until_idle(page: Page) -> None:
    """Wait until Streamlit has run the page's script; a step back during a run would be overtaken by it."""
    page.wait_for_timeout(300)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def test_back_and_forward_undo_and_redo_settings(app_url, page):
    page.goto(f"{app_url}/?on=demo&look=text&text=tfidf")
    page.locator(".soundmap[data-points]").wait_for(timeout=FIRST_MS)
    page.get_by_text("Parameters", exact=True).click()
    clustering = page.get_by_role("combobox", name="Clustering")
    expect(clustering).to_have_value("K-means")
    choose(page, "Clustering", "Ward (agglomerative)")
    expect(page).to_have_url(re.compile("cluster=ward"))
    wait_until_idle(page)
    page.get_by_text("Choose k by Silhouette").click()
    expect(page).to_have_url(re.compile("search=1"))
    expect(page.get_by_text("k (chosen)")).to_be_visible()
    wait_until_idle(page)
    page.go_back()
    expect(page).not_to_have_url(re.compile("search=1"))
    expect(page.get_by_text("k (chosen)")).to_have_count(0)
    expect(clustering).to_have_value(re.compile("Ward"))
    wait_until_idle(page)
    page.go_back()
    expect(clustering).to_have_value("K-means")
    expect(page).to_have_url(re.compile("cluster=kmeans"))
    wait_until_idle(page)
    page.go_forward()
    expect(clustering).to_have_value(re.compile("Ward"))
    expect(page).to_have_url(re.compile("cluster=ward"))
