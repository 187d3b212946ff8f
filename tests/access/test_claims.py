"""Who somebody is, by the claims of the identity provider, and who may sign in."""

import pytest

from core.access.claims import viewer_of_claims, why_refused
from core.access.rules import is_member
from core.access.viewer import NOBODY, Viewer, for_same_viewer, viewer
from tests.access.conftest import acting


def test_a_person_is_known_by_a_verified_e_mail():
    claims = {"is_logged_in": True, "email": " Anna@Example.org ", "email_verified": True}
    assert viewer_of_claims(claims) == Viewer(email="anna@example.org")
    assert viewer_of_claims({**claims, "is_logged_in": False}) == NOBODY
    for wrong, reason in (
        ({"email_verified": False}, "has not verified"),
        ({"email": ""}, "no e-mail"),
        ({"email": "anna"}, "no e-mail"),
    ):
        assert viewer_of_claims({**claims, **wrong}) == NOBODY
        assert reason in why_refused({**claims, **wrong})


def test_only_named_people_and_domains_may_sign_in(monkeypatch):
    monkeypatch.setenv("SONGSCAPE_USERS", "anna@other.org, @example.org,,@")
    assert is_member("ben@example.org") and is_member("anna@other.org")
    assert not is_member("ben@other.org") and not is_member("ben@sub.example.org")
    assert "may not use this server" in why_refused({"is_logged_in": True, "email": "ben@other.org"})
    monkeypatch.delenv("SONGSCAPE_USERS")
    assert is_member("ben@other.org") and not is_member("ben")


def test_work_in_another_thread_acts_for_who_started_it(team):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(viewer).result() == NOBODY
        with acting("anna"):
            assert pool.submit(for_same_viewer(viewer)).result() == Viewer(email="anna@example.org")


@pytest.mark.parametrize("given", [",", "@", " , "])
def test_a_list_of_users_without_a_user_lets_nobody_in_but_administrators(monkeypatch, given):
    monkeypatch.setenv("SONGSCAPE_USERS", given)
    monkeypatch.setenv("SONGSCAPE_ADMINS", "anna@example.org")
    assert not is_member("ben@example.org") and is_member("anna@example.org")


def test_an_address_that_only_lower_case_makes_somebody_elses_stays_another_one():
    claims = {"is_logged_in": True, "email": "\u212aen@example.org"}  # the Kelvin sign: in lower case a k
    assert viewer_of_claims(claims).email != "ken@example.org"


@pytest.mark.parametrize("given", [False, "false", "False", "no", 0, None, ""])
def test_an_address_that_is_not_said_to_be_verified_is_refused(given):
    claims = {"is_logged_in": True, "email": "anna@example.org", "email_verified": given}
    assert viewer_of_claims(claims) == NOBODY
    assert viewer_of_claims({**claims, "email_verified": "true"}).email == "anna@example.org"
