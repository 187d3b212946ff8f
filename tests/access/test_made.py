"""What is made of collections: checkpoints, saved views and runs follow their collection's access."""

import json
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from core import collection as collections
from core import store
from core.access.rules import record_maker
from core.access.sharing import share
from core.access.viewer import SERVER, Viewer, acting_for
from core.checkpoints.catalogue import find_checkpoint, get_checkpoint, list_checkpoints
from core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from core.checkpoints.stored_checkpoints import delete_checkpoint, import_checkpoint
from core.errors import AccessError, CheckpointError, ConfigError, QuotaError
from core.export.saved_view import delete_view, list_views, rename_view, save_view
from core.pipeline.first_choice import default_choice
from core.pipeline.kept_map import keep_map
from core.pipeline.space import build_space
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
        with pytest.raises(AccessError, match="only the person who made"):
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


def test_a_loaded_checkpoint_or_run_takes_over_none_whose_name_differs_only_in_case(trained, tmp_path):
    name = trained["checkpoint"]
    copy = tmp_path / f"{name.upper()}.safetensors"
    copy.write_bytes(Path(trained["path"]).read_bytes())
    with acting("anna"):
        save_run({"id": "medium-songs-1", **RUN})
        add("songs")
    with acting("ben"), suppress(CheckpointError):  # on some file systems they are one file
        import_checkpoint(copy)
    with acting("ben"):
        assert name not in names()
        with suppress(AccessError):
            record_maker("recipe-runs", "medium-SONGS-1", is_upload=True)
        assert list_runs() == []
    with acting("anna"):
        assert names() == [name] and [run["id"] for run in list_runs()] == ["medium-songs-1"]


def test_a_checkpoint_that_names_an_encoder_of_its_own_is_loaded_by_administrators_alone(
    trained, tmp_path, monkeypatch
):
    model, meta = load_checkpoint(Path(trained["path"]))
    about = {"name": "sentence", "config": {"model": "some/model"}}
    save_checkpoint(tmp_path / "planted.safetensors", model, {**meta, "input": about})
    with acting("ben"), pytest.raises(AccessError, match="encoder 'some/model'"):
        import_checkpoint(tmp_path / "planted.safetensors")
    monkeypatch.setenv("SONGSCAPE_ADMINS", "ben@example.org")
    with acting("ben"):
        assert import_checkpoint(tmp_path / "planted.safetensors").name == "planted"
    about["config"]["model"] = "minilm"  # packaged
    save_checkpoint(tmp_path / "packaged.safetensors", model, {**meta, "input": about})
    with acting("anna"):
        import_checkpoint(tmp_path / "packaged.safetensors")


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


def test_a_kept_map_is_fitted_anew_by_who_may_change_its_collection_alone(trained):
    with acting("anna"):
        share("one", with_all=True)
        collection = collections.load("one")
        choice = default_choice(collection)
        space = build_space(collection, choice)
        keep_map(collection, space, choice)
    with acting("ben"):
        assert keep_map(collection, space, choice).status["version"] == 1
        with pytest.raises(AccessError, match="shared for reading"):
            keep_map(collection, space, choice, "anew")
    with acting("anna"):
        assert keep_map(collection, space, choice, "anew").status["version"] == 2


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


def test_a_run_with_further_collections_is_seen_by_those_who_see_all_of_them(team):
    with acting("anna"):
        add("secret")
        add("songs")
        share("songs", with_all=True)
        save_run({"id": "one", **RUN, "settings": {"further": ["secret"]}})
    with acting("ben"):
        assert list_runs() == []
        with pytest.raises(ConfigError, match="there is no run"):
            load_run("one")
    with acting("anna"):
        share("secret", with_all=True)
    with acting("ben"):
        assert [run["id"] for run in list_runs()] == ["one"]


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
