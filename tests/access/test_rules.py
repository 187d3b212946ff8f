"""Who may see and change which collection."""

import pytest

from core import collection, store
from core.access.read_only_links import create_link, find_link
from core.access.records import COLLECTIONS, read_record
from core.access.rules import may_change, may_see, record_maker
from core.access.sharing import share
from core.access.viewer import SERVER, acting_for, viewer
from core.collection.saved import change_tracks, read_info
from core.errors import AccessError, CollectionError, ConfigError
from core.export.saved_view import list_views, save_view
from tests.access.conftest import acting, add

# Without sign-in


def test_without_sign_in_everything_is_allowed_and_nothing_is_recorded():
    add("mine")
    collection.rename("mine", "ours")
    change_tracks("ours", lambda tracks: tracks)
    assert collection.names() == ["ours"] and viewer() == SERVER
    collection.remove("ours")
    assert not store.path_of("access").exists()


# Private and shared


def test_a_new_collection_is_private(team):
    with acting("anna"):
        add("songs")
        assert collection.names() == ["songs"] and may_change("songs")
    with acting("ben"):
        assert collection.names() == [] and not may_change("songs")


def test_who_may_not_see_a_collection_is_told_what_is_said_of_one_that_does_not_exist(team):
    with acting("anna"):
        add("songs")
    with acting("ben"):
        with pytest.raises(CollectionError) as hidden:
            collection.load("songs")
        with pytest.raises(CollectionError) as missing:
            collection.load("nonsense")
        assert str(hidden.value) == str(missing.value).replace("nonsense", "songs")
        assert read_info("songs") == {}


def test_nobody_sees_anything(team):
    with acting_for(SERVER):
        add("demo")
    assert collection.names() == []
    with pytest.raises(CollectionError, match="no collection"):
        collection.load("demo")
    with pytest.raises(AccessError, match="sign in first"):
        add("songs")


def test_a_shared_collection_is_seen_by_all_and_changed_by_its_owner(team):
    with acting("anna"):
        add("songs")
        share("songs", with_all=True)
    with acting("ben"):
        assert collection.load("songs").n_tracks == 2
        for change in (
            lambda: collection.remove("songs"),
            lambda: collection.rename("songs", "other"),
            lambda: change_tracks("songs", lambda tracks: tracks.iloc[:1]),
            lambda: share("songs", with_all=False),
            lambda: create_link("songs", 7),
        ):
            with pytest.raises(AccessError, match="only anna@example.org may change it"):
                change()
        with pytest.raises(AccessError, match="taken by somebody else"):
            add("songs", ["2" * 32])
    with acting("anna"):
        change_tracks("songs", lambda tracks: tracks.iloc[:1])
        share("songs", with_all=False)
    with acting("ben"):
        assert collection.names() == []


def test_a_collection_can_be_shared_with_some(team):
    with acting("anna"):
        add("songs")
        share("songs", with_all=False, readers=[" Ben@Example.org ", ""])
        with pytest.raises(ConfigError, match="not an e-mail"):
            share("songs", with_all=False, readers=["ben"])
    with acting("ben"):
        assert collection.names() == ["songs"] and not may_change("songs")
    with acting("carl"):
        assert collection.names() == []


def test_a_collection_without_an_owner_is_seen_by_all_who_signed_in_and_changed_by_administrators(
    team, monkeypatch
):
    monkeypatch.setenv("SONGSCAPE_ADMINS", "root@example.org, Carl@example.org")
    with acting_for(SERVER):
        add("demo")
    with acting("ben"):
        assert collection.names() == ["demo"]
        with pytest.raises(AccessError, match="only an administrator may change it"):
            collection.remove("demo")
    with acting("carl"):
        collection.rename("demo", "first")
    with acting("ben"):
        assert collection.names() == ["first"]


def test_administrators_see_and_change_everything(team, monkeypatch):
    monkeypatch.setenv("SONGSCAPE_ADMINS", "carl@example.org")
    with acting("anna"):
        add("songs")
    with acting("carl"):
        collection.rename("songs", "tunes")
    with acting("anna"):
        assert collection.names() == ["tunes"] and may_change("tunes")


def test_a_damaged_record_shows_its_collection_to_nobody(team):
    with acting("anna"):
        add("songs")
    store.path_of("access", COLLECTIONS, "songs.json").write_text("{")
    for name in ("anna", "ben"):
        with acting(name):
            assert collection.names() == []


# Names


@pytest.mark.parametrize(
    "name",
    ["../../outside", "a/b", "a\\b", "", ".", "x" * 5_000, "nul\0", "\udc80", "ä" * 150, "con+sha256-1"],
)
def test_any_name_has_a_record_of_its_own_within_the_store(team, name):
    with acting("anna"):
        record_maker("checkpoints", name)
    files = list(store.root().parent.rglob("*.json"))
    assert [file.parent for file in files] == [store.path_of("access", "checkpoints")]
    assert read_record("checkpoints", name).owner == "anna@example.org"
    assert read_record("checkpoints", f"{name}-other") is None and not may_change(name)


def test_a_name_stays_its_owners_after_deletion_and_renaming(team):
    with acting("anna"):
        add("songs")
        collection.rename("songs", "tunes")
        add("gone")
        share("gone", with_all=True)
        create_link("gone", 7)
        collection.remove("gone")
    with acting("ben"):
        for name in ("songs", "tunes", "gone", "GONE"):
            with pytest.raises(AccessError, match="taken by somebody else"):
                add(name)
        add("new")
        with pytest.raises(AccessError, match="taken by somebody else"):
            collection.rename("new", "songs")
    with acting("anna"):
        add("gone")
        add("songs")
        share("tunes", with_all=True)
    assert read_record(COLLECTIONS, "gone").links == ()
    with acting("ben"):
        assert collection.names() == ["new", "tunes"]  # neither "gone" nor "songs", which began anew


def test_a_collection_that_was_renamed_back_keeps_its_access(team):
    with acting("anna"):
        add("songs")
        share("songs", with_all=True)
        collection.rename("songs", "tunes")
        collection.rename("tunes", "songs")
    with acting("ben"):
        assert collection.names() == ["songs"] and may_see("tunes")


def test_the_command_line_renames_and_deletes_together_with_the_access(team):
    with acting("anna"):
        add("songs")
    with acting_for(SERVER):
        collection.rename("songs", "tunes")
    with acting("ben"):
        assert collection.names() == []
    with acting("anna"):
        assert collection.names() == ["tunes"]


def test_a_collection_that_was_renamed_in_case_alone_keeps_its_access(team):
    with acting("anna"):
        add("songs")
        share("songs", with_all=True)
        token = create_link("songs", 7)
        collection.rename("songs", "Songs")
    with acting("ben"):
        assert collection.names() == ["Songs"] and not may_change("Songs")
    assert find_link(token)


def test_the_name_of_a_collection_without_an_owner_that_some_saw_stays_administrators(team):
    with acting_for(SERVER):
        add("songs")
        share("songs", with_all=False, readers=["anna@example.org"])
    with acting("anna"):
        save_view("secret", "songs", {}, {})
    with acting_for(SERVER):
        collection.remove("songs")
    with acting("ben"):
        with pytest.raises(AccessError, match="taken"):
            add("songs")
        assert list_views() == []
