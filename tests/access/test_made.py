"""What is made of collections: checkpoints, saved views and runs follow their collection's access."""

import json
from pathlib import Path

import pandas as pd
import pytest

from core import collection as collections
from core import store
from core.access.sharing import share
from core.access.viewer import SERVER, Viewer, acting_for
from core.checkpoints.catalogue import find_checkpoint, get_checkpoint, list_checkpoints
from core.checkpoints.stored_checkpoints import delete_checkpoint, import_checkpoint
from core.errors import AccessError, ConfigError, QuotaError
from core.export.saved_view import delete_view, list_views, rename_view, save_view
from core.recipes.stored_runs import delete_run, import_run, list_runs, load_run, save_run
from core.training.train_collection import train_model
from tests.access.conftest import acting, add


def names() -> list[str]:
    return [checkpoint.name for checkpoint in list_checkpoints()]


@pytest.fixture
def trained(team, tmp_path, without_shipped) -> dict:
    """Let anna train a model on a private collection."""
    table = tmp_path / "one.csv"
    pd.DataFrame({"a": range(12), "b": [i % 3 for i in range(12)], "c": [i * i for i in range(12)]}).to_csv(
        table, index=False
    )
    with acting("anna"):
        collections.add(str(table), "one")
        return train_model("one", "pca:table")


def test_a_checkpoint_is_seen_with_its_collection_and_deleted_by_who_made_it_or_owns_that(trained, tmp_path):
    name = trained["checkpoint"]
    with acting("ben"):
        assert names() == [] and get_checkpoint(name) is None
        assert get_checkpoint(trained["path"]) is None  # nor by its path on the server
    with acting("anna"):
        share("one", with_all=True)
    with acting("ben"):
        assert names() == [name]
        with pytest.raises(AccessError, match="only who made"):
            delete_checkpoint(list_checkpoints()[0])
        own = train_model("one", "pca:table")["checkpoint"]
        delete_checkpoint(find_checkpoint(own, collections.load("one"), "audio"))
    with acting("anna"):
        delete_checkpoint(list_checkpoints()[0])
        assert names() == []


def test_a_checkpoint_of_a_deleted_collection_stays_its_makers(trained):
    with acting("anna"):
        collections.remove("one")
    with acting("ben"):
        assert names() == []
        with pytest.raises(AccessError, match="taken"):
            add("one")
    with acting("anna"):
        assert names() == [trained["checkpoint"]]


def test_a_loaded_checkpoint_is_private_whatever_it_says_and_counts_as_an_upload(
    trained, tmp_path, monkeypatch
):
    copy = tmp_path / "planted.safetensors"
    copy.write_bytes(Path(trained["path"]).read_bytes())
    with acting("ben"):
        import_checkpoint(copy)
        assert names() == ["planted"]
        monkeypatch.setenv("SONGSCAPE_UPLOAD_MB", "0")
        with pytest.raises(QuotaError, match="limit of 0 MB"):
            import_checkpoint(copy, name="again")
    with acting("anna"):
        assert names() == [trained["checkpoint"]]
        assert find_checkpoint("pca", collections.load("one"), "audio").name == trained["checkpoint"]


def test_a_view_is_seen_with_its_collection_and_changed_by_who_saved_it_or_owns_that(team):
    with acting("anna"):
        add("songs")
        save_view("mine", "songs", {}, {})
    with acting("ben"):
        assert list_views() == []
        with pytest.raises(ConfigError, match="no collection 'songs'"):
            save_view("other", "songs", {}, {})
    with acting("anna"):
        share("songs", with_all=True)
    with acting("ben"):
        (view,) = list_views("songs")
        for change in (
            lambda: delete_view(view),
            lambda: rename_view(view, "taken over"),
            lambda: save_view("mine", "songs", {"k": "9"}, {}),
        ):
            with pytest.raises(AccessError):
                change()
        save_view("ben's", "songs", {}, {})
    with acting("carl"), pytest.raises(AccessError):
        delete_view(list_views("songs")[0])
    with acting("anna"):
        collections.rename("songs", "tunes")
        assert {view.name for view in list_views("tunes")} == {"mine", "ben's"}
    with acting("ben"):
        delete_view(next(view for view in list_views("tunes") if view.name == "ben's"))


def test_a_read_only_link_saves_no_view(team):
    with acting_for(Viewer(link="1")), pytest.raises(AccessError, match="only shows"):
        save_view("mine", "songs", {}, {})


RUN = {"recipe": "medium", "collection": {"name": "songs", "n_tracks": 2}, "created": "2026"}


def test_a_run_is_seen_with_its_collection_and_deleted_by_who_made_it_or_owns_that(team):
    with acting("anna"):
        add("songs")
        save_run({"id": "medium-songs-1", **RUN})
    with acting("ben"):
        assert list_runs() == []
        with pytest.raises(ConfigError, match="there is no run"):
            load_run("medium-songs-1")
    with acting("anna"):
        share("songs", with_all=True)
    with acting("ben"):
        assert load_run("medium-songs-1")["recipe"] == "medium"
        with pytest.raises(AccessError):
            delete_run("medium-songs-1")
    with acting("anna"):
        delete_run("medium-songs-1")
        assert list_runs() == []


def test_a_run_that_was_imported_is_private(team, tmp_path):
    part = {"settings": {}, "environment": {}, "code": "", "quick": False, "seconds": 1.0}
    empty = {"tables": [], "figures": [], "claims": []}
    about = {**RUN["collection"], "fingerprint": ""}
    (tmp_path / "run.json").write_text(json.dumps({"id": "x", **RUN, "collection": about, **part, **empty}))
    with acting_for(SERVER):
        add("songs")
    with acting("anna"):
        run = import_run(tmp_path / "run.json")
        assert [one["id"] for one in list_runs()] == [run["id"]]
    with acting("ben"):
        assert list_runs() == []
    assert store.load_owned("recipe-runs", run["id"])
