"""*Take along* in a real browser: a quick file, and one that a job makes, which then opens from disk."""

import csv
from pathlib import Path

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import expect

FIRST_MS = 120_000
NEXT_MS = 60_000


@pytest.fixture
def page(browser, app_url):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(NEXT_MS)
    expect.set_options(timeout=NEXT_MS)
    page.goto(f"{app_url}/?on=demo")
    page.locator(".soundmap[data-points]").wait_for(timeout=FIRST_MS)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.get_by_role("button", name="Take along").click()
    yield page
    context.close()


def download(page) -> Path:
    button = page.locator("[data-testid=stDownloadButton] button").last
    button.wait_for(timeout=FIRST_MS)
    with page.expect_download() as waiting:
        button.click()
    return waiting.value


def choose_format(page, title: str) -> None:
    box = page.get_by_role("combobox", name="Format")
    box.click()
    box.fill(title)
    page.get_by_role("option", name=title).click()


def test_a_table_is_downloaded_at_once(page):
    choose_format(page, "Table (CSV)")
    expect(page.get_by_text("232 tracks", exact=True).last).to_be_visible()
    got = download(page)
    assert got.suggested_filename == "demo.csv"
    with open(got.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 232 and {row["cluster_name"] for row in rows} == {
        f"Cluster {k}" for k in range(1, 11)
    }


def test_the_map_is_made_by_a_job_and_opens_from_disk(page, tmp_path, shots):
    seconds = page.get_by_role("spinbutton", name="Seconds")
    seconds.fill("0")
    seconds.press("Enter")
    expect(page.get_by_text("232 tracks, about")).to_contain_text("kB")
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_text("Map as one HTML file of demo")).to_be_visible()
    got = download(page)
    page.screenshot(path=shots / "take-along.png")
    got.save_as(tmp_path / got.suggested_filename)
    other = page.context.new_page()
    other.goto((tmp_path / "demo.html").as_uri())
    other.locator(".soundmap[data-points='232']").wait_for()
    other.close()
