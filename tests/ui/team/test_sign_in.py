"""Sign-in: turned on by Streamlit's secrets, asked for before any page, by cookie for the routes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from core.access.read_only_links import create_link, find_link, withdraw_link
from core.access.viewer import NOBODY, Viewer, enforce
from core.ui.shared import request_user
from core.ui.team import sign_in
from tests.access.conftest import acting, add

ROOT = Path(__file__).resolve().parents[3]
ANNA = {"is_logged_in": True, "email": "anna@example.org", "email_verified": True}
PAGE = """
import streamlit as st
from core import collection
from core.ui.team.sign_in import admit
pages = admit({name: name for name in ("explore", "library")})
st.text(" ".join(pages))
st.text(" ".join(collection.names()))
"""


@pytest.fixture
def visit(monkeypatch):
    """Open a page as somebody with these claims, perhaps by a link; return it."""
    enforce(sign_in.current_viewer)

    class User:
        def __init__(self):
            self.claims = {}

        def to_dict(self):
            return self.claims

    user = User()
    monkeypatch.setattr(sign_in.st, "user", user)

    def open_as(claims: dict, link: str = "") -> AppTest:
        user.claims = claims
        at = AppTest.from_string(PAGE)
        if link:
            at.query_params["link"] = link
        return at.run()

    yield open_as
    enforce(None)


def texts(at: AppTest) -> list[str]:
    return [text.value for text in at.text]


def test_who_did_not_sign_in_sees_only_how_to(visit):
    at = visit({"is_logged_in": False})
    assert texts(at) == [] and at.title[0].value == "Songscape"
    assert "Sign in to see your collections" in at.markdown[0].value


def test_who_signed_in_sees_the_pages_and_their_collections(visit):
    with acting("anna"):
        add("songs")
    with acting("ben"):
        add("others")
    assert texts(visit(ANNA)) == ["anna@example.org", "explore library", "songs"]
    assert [button.label for button in visit(ANNA).button] == ["Sign out"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [({"email": ""}, "gave no e"), ({"email_verified": False}, "not verified")],
)
def test_who_may_not_use_the_server_is_told_why_and_can_sign_out(visit, wrong, reason):
    at = visit({**ANNA, **wrong})
    assert texts(at) == [] and reason in at.error[0].value
    assert [button.label for button in at.button] == ["Sign out"]


def test_missing_authlib_is_said_in_a_sentence(visit, monkeypatch):
    monkeypatch.setattr(sign_in, "is_authlib_installed", lambda: False)
    at = visit({"is_logged_in": False})
    assert "pip install Authlib httpx" in at.error[0].value.replace("\\", "")
    assert not at.button


@pytest.mark.parametrize("claims", [{"is_logged_in": False}, {**ANNA, "email": "ben@example.org"}])
def test_a_read_only_link_shows_one_page_and_one_collection(visit, claims):
    with acting("anna"):
        add("songs")
        add("secret")
        token = create_link("songs", 7)
    at = visit(claims, token)
    assert texts(at) == ["Read-only link", "explore", "songs"] and not at.button
    with acting("anna"):
        withdraw_link("songs", find_link(token)[0])
    at.run()
    assert texts(at) == [] and "withdrawn" in at.error[0].value


def test_an_unknown_link_shows_nothing(visit):
    with acting("anna"):
        add("songs")
    at = visit(ANNA, "nonsense")
    assert texts(at) == [] and "shows nothing" in at.error[0].value


# Cookies of the app's own routes


@pytest.fixture
def cookie(monkeypatch):
    """Return a function that makes the header of a browser with a signed cookie."""
    monkeypatch.setattr(request_user, "get_cookie_secret", lambda: "secret")
    monkeypatch.setattr(request_user, "get_origin_from_redirect_uri", lambda: "https://music.example.org")

    def make(secret: str = "secret", **claims) -> dict[str, str]:
        claims = {**ANNA, "origin": "https://music.example.org", **claims}
        value = create_signed_value(secret, request_user.USER_COOKIE_NAME, json.dumps(claims)).decode()
        return {"cookie": f"other=1; {request_user.USER_COOKIE_NAME}={value}"}

    return make


def test_a_request_is_of_the_person_of_its_cookie(cookie):
    assert request_user.identify(cookie()) == Viewer(email="anna@example.org")


def test_a_request_with_another_or_no_cookie_is_nobodys(cookie):
    for headers in (
        {},
        {"cookie": f"{request_user.USER_COOKIE_NAME}=x"},
        {"cookie": "]["},
        cookie("guessed"),
        cookie(origin="https://elsewhere.example.org"),
        cookie(email_verified=False),
        cookie(is_logged_in=False),
    ):
        assert request_user.identify(headers) == NOBODY


# Starting


def start(home: Path, **settings: str) -> subprocess.CompletedProcess:
    """Import ``app.py`` as the server does, with the secrets of a home folder."""
    look = (
        "import sys, json; from streamlit import config\n"
        f"for name, value in {settings!r}.items(): config.set_option('server.' + name, value)\n"
        "import app; from core.access.viewer import is_enforced\n"
        "print(json.dumps([is_enforced(), app.access.signed, app.access.identify is not None, "
        "sorted(m for m in sys.modules if m.startswith(('core.ui.team', 'core.access', 'authlib')))]))"
    )
    env = {**os.environ, "HOME": str(home)}
    return subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, env=env)


def test_without_configuration_no_sign_in_is_asked_for_and_nothing_of_it_is_imported(tmp_path):
    assert json.loads(start(tmp_path).stdout) == [False, False, False, ["core.access", "core.access.viewer"]]


@pytest.mark.parametrize("section", ['[auth]\ncookie_secret = "x"\n', "[auth]\n"])
def test_the_section_auth_turns_sign_in_on(tmp_path, section):
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(section)
    assert json.loads(start(tmp_path).stdout)[:3] == [True, True, True]


def test_damaged_secrets_start_no_open_server(tmp_path):
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text("[auth\n")
    ran = start(tmp_path)
    assert ran.returncode and "secrets.toml can't be read" in ran.stderr


def test_a_public_server_refuses_a_store_of_a_team_without_sign_in(tmp_path, own_store):
    assert start(tmp_path, address="0.0.0.0").returncode == 0
    (own_store / "access").mkdir(parents=True)
    assert start(tmp_path).returncode == 0
    refused = start(tmp_path, address="0.0.0.0")
    assert refused.returncode and "this store was used with sign-in" in refused.stderr
