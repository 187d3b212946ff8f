"""Links: what is signed can't be changed, and only our own pages are answered."""

import pytest

from core.server.access import Access, is_loopback, refuse_request
from core.server.signed_links import LIFETIME_S, audio_link, refuse_link

TRACK, OTHER = "0" * 32, "1" * 32
NOW = 1_000_000.0
LOCAL = Access()


def query_of(link: str) -> dict[str, str]:
    return dict(part.split("=") for part in link.partition("?")[2].split("&"))


def signed(track_id: str = TRACK, session: str = "anna", now: float = NOW) -> dict[str, str]:
    return query_of(audio_link(track_id, session=session, now=now))


def test_link_is_the_bare_path_without_a_session():
    assert audio_link(TRACK) == f"/audio/{TRACK}"


@pytest.mark.parametrize("base", ["music/space", "/music/space/"])
def test_link_lies_below_the_base_path(base):
    assert audio_link(TRACK, base=base) == f"/music/space/audio/{TRACK}"


def test_link_quotes_what_is_no_track_id():
    assert audio_link("../x?<y>") == "/audio/..%2Fx%3F%3Cy%3E"


def test_signed_link_holds_until_it_runs_out():
    query = signed()
    assert refuse_link(f"audio/{TRACK}", query, now=NOW) is None
    assert refuse_link(f"audio/{TRACK}", query, now=NOW + LIFETIME_S) is None
    assert "expired" in refuse_link(f"audio/{TRACK}", query, now=NOW + 2 * LIFETIME_S)


def test_signed_link_stays_the_same_text_so_that_a_redrawn_page_plays_on():
    start = (NOW // LIFETIME_S) * LIFETIME_S
    assert signed(now=start) == signed(now=start + LIFETIME_S - 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda tag, time, signature: f"{'0' * 16}.{time}.{signature}",
        lambda tag, time, signature: (
            f"{tag}.{signed(now=NOW + 9 * LIFETIME_S)['key'].split('.')[1]}.{signature}"
        ),
        lambda tag, time, signature: f"{tag}.{time}.{'0' * 43}",
        lambda tag, time, signature: f"{tag}.{time}.",
        lambda tag, time, signature: f"{tag}.{signature}",
        lambda tag, time, signature: f"{tag}.{'_' * 400}.{signature}",
        lambda *parts: "",
        lambda *parts: "..",
        lambda *parts: "ü",
        lambda *parts: "\udcff.\x00.é",
    ],
)
def test_changed_link_is_refused(change):
    key = change(*signed()["key"].split("."))
    assert "is not valid for this page" in refuse_link(f"audio/{TRACK}", {"key": key}, now=NOW)


def test_link_whose_time_was_put_off_is_refused():
    """The control: it has run out as it was made."""
    late = NOW + 3 * LIFETIME_S
    tag, _, signature = signed()["key"].split(".")
    assert "expired" in refuse_link(f"audio/{TRACK}", signed(), now=late)
    fresh = signed(now=late)["key"].split(".")[1]
    assert "is not valid for this page" in refuse_link(
        f"audio/{TRACK}", {"key": f"{tag}.{fresh}.{signature}"}, now=late
    )


def test_link_of_another_track_is_refused():
    assert "is not valid for this page" in refuse_link(f"audio/{OTHER}", signed(), now=NOW)


def test_link_without_signature_is_refused():
    assert refuse_link(f"audio/{TRACK}", {}, now=NOW)


def test_sessions_have_links_of_their_own_that_do_not_give_the_session_away():
    anna, bert = signed(session="anna"), signed(session="bert")
    assert anna != bert
    assert "anna" not in str(anna)
    mixed = ".".join([*bert["key"].split(".")[:1], *anna["key"].split(".")[1:]])
    assert refuse_link(f"audio/{TRACK}", anna, now=NOW) is None and refuse_link(
        f"audio/{TRACK}", {"key": mixed}, now=NOW
    )


def test_link_of_another_process_is_refused():
    foreign = query_of(audio_link(TRACK, session="anna", now=NOW, secret=b"another process"))
    assert refuse_link(f"audio/{TRACK}", foreign, now=NOW)


# Where the server listens


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1", "[::1]", "localhost"])
def test_loopback_addresses_need_no_signature(address):
    assert is_loopback(address)
    assert not Access.of_server(address).signed


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.5", "music.example.org"])
def test_every_other_address_needs_a_signature(address):
    assert not is_loopback(address)
    assert Access.of_server(address).signed


def test_a_proxy_in_front_of_a_loopback_server_makes_it_public():
    assert Access.of_server("127.0.0.1", allowed_hosts=["music.example.org"]).signed
    assert Access.of_server("127.0.0.1", public_name="music.example.org").signed


def test_streamlits_own_list_of_loopback_names_changes_nothing():
    assert not Access.of_server("127.0.0.1", allowed_hosts=["localhost", "127.0.0.1", "::1"]).signed


# Host


def ask(access: Access = LOCAL, **headers: str) -> str | None:
    return refuse_request({name.replace("_", "-"): value for name, value in headers.items()}, access)


@pytest.mark.parametrize(
    "host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST", "localhost.:8501"]
)
def test_own_names_are_answered(host):
    assert ask(host=host) is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:8501",
        "evil@localhost",
        "localhost:x",
        "",
        "192.168.1.5",
    ],
)
def test_foreign_names_are_refused(host):
    assert "server.allowedHosts" in ask(host=host)


def test_missing_host_is_refused():
    assert ask() is not None


def test_open_server_answers_to_addresses_but_not_to_unknown_names():
    access = Access.of_server("0.0.0.0")
    assert ask(access, host="192.168.1.5:8501") is None
    assert ask(access, host="[fe80::1]:8501") is None
    assert ask(access, host="evil.example") is not None


def test_allowed_hosts_are_the_only_ones():
    access = Access.of_server("0.0.0.0", allowed_hosts=["Music.example.org", "*.lan"])
    assert ask(access, host="music.example.org") is None
    assert ask(access, host="nas.lan:8501") is None
    assert ask(access, host="lan") is not None
    assert ask(access, host="192.168.1.5") is not None


# The page that asks


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"origin": "http://localhost:8501"},
        {"referer": "http://localhost:8501/library?on=demo"},
        {"sec_fetch_site": "same-origin", "referer": "http://localhost:8501/"},
    ],
)
def test_own_pages_are_answered(headers):
    assert ask(host="localhost:8501", **headers) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},  # another port of this machine is another program's page
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:3000"},
        {"origin": "null"},
        {"origin": "http://["},
        {"referer": "https://evil.example/localhost:8501"},
        {"referer": "http://localhost:8501.evil.example/"},
        {"origin": "https://evil.example", "sec_fetch_site": "same-origin"},
    ],
)
def test_foreign_pages_are_refused(headers):
    assert "pages of this app" in ask(host="localhost:8501", **headers)


def test_an_allowed_origin_may_fetch():
    access = Access.of_server("127.0.0.1", origins=["https://radio.example/"])
    assert (
        ask(access, host="localhost:8501", origin="https://radio.example", sec_fetch_site="cross-site")
        is None
    )
    assert (
        ask(access, host="localhost:8501", origin="https://evil.example", sec_fetch_site="cross-site")
        is not None
    )
