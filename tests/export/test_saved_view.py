"""Saved views: by collection, replaced by name, kept when space is freed."""

import pytest

from core import store
from core.errors import ConfigError
from core.export.saved_view import delete_view, list_views, save_view


def test_views_are_saved_listed_replaced_and_deleted():
    save_view("First", "demo", {"on": "demo", "k": "5"})
    save_view("<b>Second</b>", "demo", {"on": "demo"})
    save_view("Other", "mine", {"on": "mine"})
    again = save_view("  First ", "demo", {"on": "demo", "k": "8"})
    store.clear_derived()
    assert [view.name for view in list_views("demo")] == ["First", "<b>Second</b>"]
    assert list_views("demo")[0].query == {"on": "demo", "k": "8"}
    delete_view(again)
    assert [view.name for view in list_views("demo")] == ["<b>Second</b>"]


def test_a_damaged_view_is_skipped_and_a_name_is_needed():
    store.save_owned("views", "broken", {"collection": "demo"})
    assert list_views("demo") == []
    for name in ("", "  ", "x" * 81):
        with pytest.raises(ConfigError, match="1 to 80 characters"):
            save_view(name, "demo", {})
