"""Steps on Explore that several browser tests take."""

from playwright.sync_api import Page, TimeoutError, expect


def idle(page: Page) -> None:
    """Wait until the page's script has run and its controls are there."""
    page.get_by_role("tab", name="Fusion").wait_for()
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a list; again where a run of the page's script closed the list meanwhile."""
    box = page.get_by_role("combobox", name=label, exact=True)
    for _ in range(8):
        idle(page)
        box.click()
        box.fill(option)
        try:
            page.get_by_role("option", name=option, exact=True).click(force=True, timeout=5_000)
            expect(box).to_have_value(option, timeout=5_000)
        except (TimeoutError, AssertionError):
            box.press("Escape")
        else:
            return
    raise AssertionError(f"{label} did not take {option}")
