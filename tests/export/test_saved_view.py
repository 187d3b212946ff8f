"""Saved views: by collection, replaced by name, kept when space is freed."""

import pandas as pd
import pytest

from core import collection as collections
from core import store
from core.cli import app as cli
from core.cli.terminal import call
from core.errors import ConfigError
from core.export.export_job import describe_fields_of
from core.export.saved_view import delete_view, list_views, save_view
from tests.export.small_map import CHOICE as SMALL
from tests.export.small_map import make_small

CHOICE = describe_fields_of(SMALL)


def test_views_are_saved_listed_replaced_and_deleted():
    save_view("First", "demo", {"on": "demo", "k": "5"}, CHOICE)
    save_view("<b>Second</b>", "demo", {"on": "demo"}, CHOICE)
    save_view("Other", "mine", {"on": "mine"}, CHOICE)
    again = save_view("  First ", "demo", {"on": "demo", "k": "8"}, CHOICE)
    store.clear_derived()
    assert [view.name for view in list_views("demo")] == ["First", "<b>Second</b>"]
    assert list_views("demo")[0].query == {"on": "demo", "k": "8"}
    delete_view(again)
    assert [view.name for view in list_views("demo")] == ["<b>Second</b>"]


def test_characters_that_no_file_can_hold_are_left_out_of_a_name():
    assert save_view("a\ud800 b", "demo", {}, CHOICE).name == "a b"
    assert [view.name for view in list_views("demo")] == ["a b"]


def test_a_damaged_view_is_skipped_and_a_name_is_needed():
    store.save_owned("views", "broken", {"collection": "demo"})
    assert list_views("demo") == []
    for name in ("", "  ", "x" * 81):
        with pytest.raises(ConfigError, match="1 to 80 characters"):
            save_view(name, "demo", {}, {})


def test_the_command_line_exports_what_a_view_shows(tmp_path, capsys):
    make_small(tmp_path)
    store.save_owned("selections", "abc", {"track_ids": [f"{i:032x}" for i in (3, 5)]})
    save_view("Mine", "small", {"on": "small", "group": "sabc"}, CHOICE)
    out = tmp_path / "view.parquet"
    assert call(cli.app, ["export", "small", "--view", "Mine", "--out", str(out)]) == 0
    assert pd.read_parquet(out)["title"].tolist() == ["Title 3", "Title 5"]
    assert call(cli.app, ["export", "small", "--view", "Mine", "--only-cluster", "1", "--out", str(out)]) == 0
    assert len(pd.read_parquet(out)) == 4
    assert call(cli.app, ["map", "small", "--view", "None", "--out", str(out)]) == 1
    assert "choose from Mine" in capsys.readouterr().err
    assert call(cli.app, ["map", "small", "--view", "Mine", "--audio", "table", "--out", str(out)]) == 2


def test_views_follow_a_collection_that_is_renamed(tmp_path):
    made = make_small(tmp_path)
    save_view("First", made.name, {"on": made.name, "k": "5"}, CHOICE)
    collections.rename(made.name, "renamed")
    (view,) = list_views("renamed")
    assert (view.name, view.query) == ("First", {"on": "renamed", "k": "5"})
    assert list_views() == [view] and list_views(made.name) == []
    save_view("First", "renamed", {"on": "renamed"}, CHOICE)
    assert len(list_views("renamed")) == 1
