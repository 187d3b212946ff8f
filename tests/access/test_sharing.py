"""A collection is given to another owner."""

import pytest

from core import collection
from core.access.rules import may_change
from core.access.sharing import access_of, change_owner, share
from core.access.viewer import SERVER, acting_for
from core.errors import AccessError, ConfigError
from tests.access.conftest import acting, add


def test_an_owner_gives_a_collection_away_and_still_sees_it(team):
    with acting("anna"):
        add("songs")
        collection.rename("songs", "tunes")
        share("tunes", with_all=False, readers=["ben@example.org", "carl@example.org"])
        change_owner("tunes", " Ben@Example.org")
        assert collection.names() == ["tunes"] and not may_change("tunes")
        with pytest.raises(AccessError, match="only ben@example.org may change it"):
            change_owner("tunes", "anna@example.org")
        with pytest.raises(AccessError, match="taken by somebody else"):
            add("songs", ["2" * 32])  # its former name went with it
    record = access_of("tunes")
    assert record.owner == "ben@example.org"
    assert set(record.readers) == {"anna@example.org", "carl@example.org"}
    with acting("ben"):
        collection.remove("tunes")


def test_only_who_may_sign_in_is_given_a_collection(team, monkeypatch):
    monkeypatch.setenv("SONGSCAPE_USERS", "@example.org")
    with acting("anna"):
        add("songs")
        with pytest.raises(ConfigError, match=r"dora@example\.net may not sign in"):
            change_owner("songs", "dora@example.net")
        with pytest.raises(ConfigError, match="not an e-mail"):
            change_owner("songs", "dora")
    with acting("dora"), pytest.raises(AccessError, match="no collection"):
        change_owner("songs", "dora@example.org")
    assert access_of("songs").owner == "anna@example.org"


def test_an_administrator_gives_an_owner_to_a_collection_without_one(team, monkeypatch):
    monkeypatch.setenv("SONGSCAPE_ADMINS", "carl@example.org")
    with acting_for(SERVER):
        add("demo")
    with acting("carl"):
        change_owner("demo", "anna@example.org")
    with acting("ben"):
        assert collection.names() == ["demo"] and not may_change("demo")
    with acting("anna"):
        assert may_change("demo")
