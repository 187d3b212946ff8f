"""A team in real browsers, behind TLS: sign-in, private and shared collections, links, sign-out."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("playwright")
pytest.importorskip("authlib", reason='sign-in needs Authlib: pip install -e ".[team]"')
from playwright.sync_api import BrowserContext, Page, expect  # noqa: E402 - after the check that it is there

from core.bench.map_app import start_app  # noqa: E402
from tests.e2e.oidc_stub import Provider, running, secrets_file  # noqa: E402
from tests.e2e.tls_proxy import running_proxy  # noqa: E402

pytestmark = pytest.mark.slow

WAIT_MS = 120_000
BASE = "music"
PEOPLE = {
    name: {"sub": name, "email": f"{name}@example.org", "email_verified": name != "eve"}
    for name in ("anna", "ben", "eve")
}
NAME = "tones"


@pytest.fixture(scope="module")
def team_url(tmp_path_factory) -> Iterator[str]:
    """Start the app below a base path and behind TLS, with sign-in at a provider of the test."""
    folder = tmp_path_factory.mktemp("team")
    (folder / ".streamlit").mkdir()
    with running(Provider(PEOPLE)) as issuer, running_proxy(folder) as proxy:
        secrets = secrets_file(issuer, f"{proxy.address}/{BASE}")
        (folder / ".streamlit" / "secrets.toml").write_text(secrets)
        env = {
            "HOME": str(folder),
            "SONGSCAPE_CACHE": str(folder / "store"),
            "STREAMLIT_SERVER_BASE_URL_PATH": BASE,
            "STREAMLIT_SERVER_ALLOWED_HOSTS": "localhost",
        }
        with start_app(folder / "log.txt", env) as (address, _):
            proxy.target = int(address.rpartition(":")[2])
            yield f"{proxy.address}/{BASE}"


@pytest.fixture
def visitor(browser) -> Iterator:
    """Return a function that opens a browser context of its own."""
    contexts: list[BrowserContext] = []

    def open_context() -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 1000}, ignore_https_errors=True)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        expect.set_options(timeout=WAIT_MS)
        return page

    yield open_context
    for context in contexts:
        context.close()


def sign_in(page: Page, url: str, name: str) -> None:
    """Sign in at the provider."""
    page.goto(url)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=name).click()
    expect(page.get_by_text(f"{name}@example.org")).to_be_visible()


def settle(page: Page) -> None:
    """Wait until the page's script has run."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def upload(page: Page, files: list[Path]) -> None:
    """Add files on the Library."""
    page.get_by_role("link", name="Library").click()
    page.get_by_role("button", name="Add music").click()
    page.get_by_role("radiogroup", name="Add music from").get_by_text("Upload files").click()
    page.locator("input[type=file]").first.set_input_files(files)
    name = page.get_by_role("textbox", name="Name of the collection")
    name.fill(NAME)
    name.press("Enter")
    page.get_by_role("button", name=f"Add {len(files)} files").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()


def open_map(page: Page) -> None:
    """Wait until Explore shows all points of the collection."""
    page.locator(".soundmap[data-points]").wait_for()
    assert page.locator(".soundmap").get_attribute("data-points") == "8"


def links_to(page: Page, url: str, track: str) -> set[str]:
    """Show a track on the map, and return the links to audio and arrays that the page requests for it."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_request(re.compile(f"/audio/{track}")):
        page.goto(f"{url}/?on={NAME}&track={track}")
        open_map(page)
    settle(page)
    return {link for link in asked if re.search(r"/(audio|map|titles)/", link)}


def status(page: Page, link: str) -> int:
    """Return the status of a link for a browser's context, with its cookies."""
    return page.request.get(link, headers={"Sec-Fetch-Site": "same-origin"}).status


def test_a_team_shares_what_it_wants_and_nothing_else(team_url, visitor, tmp_path, shots):
    files = []
    for number in range(8):
        y = 0.3 * np.sin(np.arange(22_050 * 4) * (0.02 + 0.01 * number))
        files.append(tmp_path / f"tone {number}.wav")
        soundfile.write(files[-1], y, 22_050)
    track = hashlib.blake2b(files[0].read_bytes(), digest_size=16).hexdigest()
    anna, ben, guest = visitor(), visitor(), visitor()

    # anna uploads a collection, which is private
    sign_in(anna, team_url, "anna")
    upload(anna, files)
    links = links_to(anna, team_url, track)
    audio = {link for link in links if "/audio/" in link}
    assert audio and links - audio
    assert {status(anna, link) for link in links} <= {200, 206}

    # ben neither sees nor hears it, by its name, its address or its links
    sign_in(ben, team_url, "ben")
    ben.goto(f"{team_url}/library?on={NAME}")
    expect(ben.get_by_text(f"There is no collection “{NAME}” in this library")).to_be_visible()
    ben.goto(f"{team_url}/?on={NAME}")
    expect(ben.get_by_text("This link could not be honoured in full")).to_be_visible()
    assert {status(ben, link) for link in links} == {status(guest, link) for link in links} == {403}
    assert {status(ben, link.split("?")[0]) for link in links} == {403}

    # anna shares it: ben sees it, and can't change it
    anna.goto(f"{team_url}/library?on={NAME}")
    anna.get_by_role("button", name="Access").click()
    anna.screenshot(path=shots / "team-access.png")
    anna.get_by_text("Shared with all who sign in").click()
    anna.get_by_role("button", name="Save", exact=True).click()
    expect(anna.get_by_role("button", name="Access")).to_be_visible()
    settle(anna)
    ben.goto(f"{team_url}/library?on={NAME}")
    expect(
        ben.get_by_text("Owned by anna@example.org. All who sign in see it. You can't change it.")
    ).to_be_visible()
    settle(ben)
    for name in ("Rename", "Refresh", "Delete", "Relabel", "Access"):
        expect(ben.get_by_role("button", name=name)).to_have_count(0)
    heard = links_to(ben, team_url, track)
    assert {status(ben, link) for link in heard} <= {200, 206}
    assert {status(ben, link) for link in links} == {403}  # anna's links stay hers

    # ben's selection and player are not anna's
    assert "track=" in ben.url
    anna.goto(f"{team_url}/?on={NAME}")
    open_map(anna)
    assert "track=" not in anna.url

    # a read-only link shows it without sign-in
    anna.goto(f"{team_url}/library?on={NAME}")
    anna.get_by_role("button", name="Access").click()
    anna.get_by_role("button", name="Create link").click()
    link = anna.get_by_test_id("stPopoverBody").get_by_test_id("stCode").inner_text().strip()
    assert link.startswith(f"{team_url}/?link=")
    guest.goto(link)
    open_map(guest)
    expect(guest.get_by_text("Read-only link")).to_be_visible()
    settle(guest)
    guest.get_by_role("tab", name="Scores").click()
    settle(guest)
    guest.screenshot(path=shots / "team-link.png")
    for name in ("Pin", "Take along", "Sign out"):
        expect(guest.get_by_role("button", name=name)).to_have_count(0)
    for name in ("Library", "Models", "Compare", "Papers"):
        expect(guest.get_by_role("link", name=name)).to_have_count(0)
    token = link.partition("=")[2]
    guest.goto(f"{team_url}/library?link={token}&on=demo")
    settle(guest)
    expect(guest.get_by_role("button", name="Add music")).to_have_count(0)
    guest.goto(f"{team_url}/?link={token}&on=demo")
    expect(guest.get_by_text("This link could not be honoured in full")).to_be_visible()

    # until it is withdrawn
    anna.get_by_role("button", name="Withdraw").click()
    expect(anna.get_by_role("button", name="Withdraw")).to_have_count(0)
    guest.goto(link)
    expect(guest.get_by_text("This read-only link doesn't work")).to_be_visible()
    expect(guest.locator(".soundmap")).to_have_count(0)

    # who signs out sees nothing any more
    settle(anna)
    anna.keyboard.press("Escape")
    anna.get_by_role("button", name="Sign out").click()
    expect(anna.get_by_role("button", name="Sign in")).to_be_visible()
    anna.goto(f"{team_url}/?on={NAME}")
    expect(anna.get_by_role("button", name="Sign in")).to_be_visible()
    assert {status(anna, link) for link in links} == {403}


def test_who_has_no_verified_address_is_told_so(team_url, visitor):
    eve = visitor()
    eve.goto(team_url)
    eve.get_by_role("button", name="Sign in").click()
    eve.get_by_role("link", name="eve").click()
    expect(eve.get_by_text("has not verified the address")).to_be_visible()
    expect(eve.get_by_role("link", name="Library")).to_have_count(0)
