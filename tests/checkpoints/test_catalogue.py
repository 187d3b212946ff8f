"""Which checkpoint a name means."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import collection as collections
from core import store
from core.checkpoints import checkpoint as training_checkpoint
from core.checkpoints.catalogue import (
    find_checkpoint,
    get_checkpoint,
    is_trained_on,
    list_checkpoints,
)
from core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from core.checkpoints.checkpoint_files import delete_unreadable, list_unreadable
from core.checkpoints.stored_checkpoints import delete_checkpoint, import_checkpoint
from core.errors import CheckpointError, MissingCheckpoint
from core.jobs.work import describe_checkpoint
from core.representation import represent as representation
from core.representation.represent import represent
from core.training.fit import load_pretrained_checkpoint
from core.training.train_collection import train_model
from tests.checkpoints.odd_files import META, TENSOR, fill, write


def table(tmp_path, name: str):
    path = tmp_path / f"{name}.csv"
    pd.DataFrame({"a": range(12), "b": [i % 3 for i in range(12)], "c": [i * i for i in range(12)]}).assign(
        title=name
    ).to_csv(path, index=False)
    return path


@pytest.fixture
def trained(tmp_path):
    collections.add(str(table(tmp_path, "one")), "one")
    return train_model("one", "pca:table")


def test_a_model_means_its_newest_checkpoint_on_this_collection(trained, tmp_path):
    one = collections.load("one")
    assert find_checkpoint("pca", one, "audio").name == trained["checkpoint"]
    second = train_model("one", "pca:table", {"n_components": "2"})
    assert find_checkpoint("pca:table", one, "audio").name in (trained["checkpoint"], second["checkpoint"])
    assert find_checkpoint(trained["checkpoint"], one, "audio").name == trained["checkpoint"]
    assert find_checkpoint(trained["path"], one, "audio").path.samefile(trained["path"])
    with pytest.raises(MissingCheckpoint, match="python -m core train one --model pca:tfidf"):
        find_checkpoint("pca:tfidf", one, "text")


def test_another_collections_checkpoint_needs_its_own_name(trained, tmp_path):
    other = collections.add(str(table(tmp_path, "other")), "other")
    with pytest.raises(MissingCheckpoint):
        find_checkpoint("pca", other, "audio")
    assert find_checkpoint(trained["checkpoint"], other, "audio").name == trained["checkpoint"]


def test_a_name_used_again_for_another_source_does_not_inherit_models(trained, tmp_path):
    again = collections.add(str(table(tmp_path, "other")), "one")
    own = next(c for c in list_checkpoints() if c.name == trained["checkpoint"])
    assert not is_trained_on(own, again.name, again.info)


def test_what_is_none_is_named_with_what_there_is(trained):
    with pytest.raises(CheckpointError, match="'pka' is no"):
        find_checkpoint("pka", collections.load("one"), "audio")


def test_a_hash_or_its_first_digits_mean_a_checkpoint(trained, tmp_path, monkeypatch):
    one = collections.load("one")
    own = next(c for c in list_checkpoints() if c.name == trained["checkpoint"])
    assert describe_checkpoint(own)["hash"] == own.content
    for digits in (own.content, own.content[:8], own.content[:20]):
        assert find_checkpoint(digits, one, "audio") == own and get_checkpoint(digits) == own
    assert load_pretrained_checkpoint(own.content[:8], "pca").checkpoint == own.name
    for nothing in (own.content[:7], own.content[:31] + "g", "0" * 8):
        with pytest.raises(CheckpointError, match="is no extractor, no model and no checkpoint"):
            find_checkpoint(nothing, one, "audio")
    own.path.with_name("copy.safetensors").write_bytes(own.path.read_bytes())
    assert (
        find_checkpoint(own.content[:8], one, "audio").content == own.content
    )  # twice the same is no question
    own.path.with_name("00000000.safetensors").write_bytes(own.path.read_bytes())
    assert get_checkpoint("00000000").name == "00000000"  # a name comes first
    monkeypatch.setattr("core.checkpoints.catalogue.content_hash", lambda path: "1234567890" + path.stem)
    with pytest.raises(CheckpointError, match="are the first digits of several checkpoints"):
        get_checkpoint("12345678")


def test_a_moved_renamed_or_touched_checkpoint_costs_nothing_and_a_changed_one_is_new(
    trained, tmp_path, monkeypatch
):
    one, path, encoded = collections.load("one"), Path(trained["path"]), []
    real = representation.encode_features
    monkeypatch.setattr(representation, "encode_features", lambda *args: encoded.append(1) or real(*args))
    first = represent(one, str(path), modality="audio")
    moved = tmp_path / "elsewhere" / "other name.safetensors"
    moved.parent.mkdir()
    path.rename(moved)
    os.utime(moved, (1, 1))
    again = represent(one, str(moved), modality="audio")
    assert again.key == first.key and np.array_equal(again.X, first.X) and len(encoded) == 1
    other = Path(train_model("one", "pca:table", {"n_components": "1"})["path"])
    before = moved.stat()
    moved.write_bytes(other.read_bytes())
    os.utime(moved, ns=(before.st_atime_ns, before.st_mtime_ns))
    changed = represent(one, str(moved), modality="audio")
    assert changed.key != first.key and changed.X.shape != first.X.shape and len(encoded) == 2


def test_a_checkpoint_that_is_replaced_while_it_is_read_is_kept_under_no_key(trained, monkeypatch):
    one, path = collections.load("one"), Path(trained["path"])
    other = Path(train_model("one", "pca:table", {"n_components": "1"})["path"])
    real = training_checkpoint.read_header

    def replace_and_read(given):
        path.write_bytes(other.read_bytes())
        return real(given)

    monkeypatch.setattr(training_checkpoint, "read_header", replace_and_read)
    with pytest.raises(CheckpointError, match="was replaced while it was read"):
        represent(one, str(path), modality="audio")
    monkeypatch.undo()


def test_settings_that_an_extractor_can_not_have_are_said(trained, tmp_path):
    path = write(
        store.folder("checkpoints") / "odd.safetensors",
        META | {"input": {"name": "table", "config": {"prefix": 5}}},
    )
    with pytest.raises(
        CheckpointError, match="odd.safetensors reads 'table' with invalid settings: Table: prefix=5"
    ):
        represent(collections.load("one"), str(path), modality="audio")
    good = next(c for c in list_checkpoints() if c.name == trained["checkpoint"])
    model, meta = load_checkpoint(good.path)
    with pytest.raises(CheckpointError, match="has no field 'nothing'"):
        save_checkpoint(
            tmp_path / "hurt.safetensors",
            model,
            meta | {"input": {"name": "table", "config": {"nothing": 1}}},
        )
    with pytest.raises(CheckpointError, match="prefix=5"):
        import_checkpoint(path)


def test_a_newer_file_that_no_model_can_be_made_of_does_not_shadow_a_good_one(trained):
    mine = {
        "model": "pca",
        "config": {"n_components": 2},
        "collection": {"name": "one", "n_tracks": 12, "source": None},
        "created": "2999-01-01",
    }
    folder = store.folder("checkpoints")
    write(folder / "ints.safetensors", META | mine, tensors={"components": TENSOR | {"dtype": "I32"}})
    for i, odd in enumerate(
        (
            {"n_labels": 10**12},
            {"config": {"n_components": 10**9}},
            {"input": {"name": "musicnn+sentence"}},
            {"input": {"name": "table", "config": {"nothing": 1}}},
        )
    ):
        write(folder / f"odd-{i}.safetensors", META | mine | odd)
    assert (
        find_checkpoint("pca", collections.load("one"), "audio").name == trained["checkpoint"]
        and len(list_unreadable()) == 5
    )


def test_what_is_no_checkpoint_stops_nobody_and_is_deleted_by_name(trained):
    names = fill(store.folder("checkpoints"))
    assert [c.name for c in list_checkpoints() if not c.is_shipped] == [trained["checkpoint"]]
    assert sorted(list_unreadable()) == names and len(names) >= 14
    assert find_checkpoint("pca", collections.load("one"), "audio").name == trained["checkpoint"]
    for name in names:
        with pytest.raises(CheckpointError):
            import_checkpoint(store.root() / "checkpoints" / name, name="mine")
    for kept in (Path(trained["path"]).name, "../collections", "nothing.safetensors"):
        with pytest.raises(CheckpointError, match="no unreadable checkpoint"):
            delete_unreadable(kept)
    for name in names:
        delete_unreadable(name)
    assert not list_unreadable() and [path.name for path in store.folder("checkpoints").iterdir()] == [
        Path(trained["path"]).name
    ]


def test_what_is_still_being_written_is_not_listed(trained):
    path = Path(trained["path"])
    path.with_name(".tmp-abc.safetensors").write_bytes(path.read_bytes()[:100])
    path.with_name(".tmp-def.safetensors").write_bytes(path.read_bytes())
    assert not list_unreadable() and [c.name for c in list_checkpoints() if not c.is_shipped] == [
        trained["checkpoint"]
    ]


@pytest.mark.parametrize(
    ("given", "stem"),
    [
        (".safetensors", "safetensors"),
        ("../../a.safetensors", "a"),
        ("a" * 400 + ".safetensors", None),
        ("a\0b.safetensors", "a_b"),
    ],
)
def test_a_name_that_can_not_be_a_files_is_mended(trained, given, stem):
    found = import_checkpoint(Path(trained["path"]), name=given)
    assert found in list_checkpoints() and (stem is None or found.name == stem)


def test_import_refuses_what_is_there_and_delete_what_is_shipped(trained, tmp_path):
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(Path(trained["path"]).read_bytes())
    assert import_checkpoint(copy).name == "copy"
    with pytest.raises(CheckpointError, match="already"):
        import_checkpoint(copy)
    (tmp_path / "bad.safetensors").write_bytes(b"not one")
    with pytest.raises(CheckpointError, match="bad.safetensors"):
        import_checkpoint(tmp_path / "bad.safetensors")
    delete_checkpoint(next(c for c in list_checkpoints() if c.name == "copy"))
    assert "copy" not in {c.name for c in list_checkpoints()}
    for shipped in [c for c in list_checkpoints() if c.is_shipped]:
        with pytest.raises(CheckpointError, match="outside the store"):
            delete_checkpoint(shipped)
