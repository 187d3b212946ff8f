"""Read-only links show one collection, until they are withdrawn or expire."""

import pytest

from core import collection, store
from core.access.read_only_links import create_link, find_link, links_of, withdraw_link
from core.access.records import COLLECTIONS
from core.access.viewer import Viewer, acting_for
from core.errors import AccessError, CollectionError
from tests.access.conftest import acting, add

DAY = 86_400


def test_a_read_only_link_shows_one_collection_and_changes_nothing(team):
    with acting("anna"):
        add("songs")
        add("secret")
        token = create_link("songs", 7)
        assert token not in store.path_of("access", COLLECTIONS, "songs.json").read_text()
    hashed, name = find_link(token)
    with acting_for(Viewer(link=hashed)):
        assert name == "songs" and collection.names() == ["songs"]
        for change in (
            lambda: collection.remove("songs"),
            lambda: add("new"),
            lambda: create_link("songs", None),
        ):
            with pytest.raises(AccessError, match="this link only shows"):
                change()
        with pytest.raises(CollectionError):
            collection.load("secret")


def test_a_withdrawn_or_expired_link_shows_nothing(team):
    with acting("anna"):
        add("songs")
        token, expired, kept = (
            create_link("songs", 7),
            create_link("songs", 7, now=-8 * DAY),
            create_link("songs", None),
        )
        holder = Viewer(link=find_link(token)[0])
        withdraw_link("songs", find_link(token)[0])
        assert len(links_of("songs")) == 1
    assert find_link(token) is find_link(expired) is find_link("") is None and find_link(kept)
    with acting_for(holder):
        assert collection.names() == []
