"""Which checkpoint a name means."""

import pandas as pd
import pytest

from core import collection as collections
from core.checkpoints import belongs, delete_checkpoint, find_checkpoint, import_checkpoint, list_checkpoints
from core.errors import CheckpointError, MissingCheckpoint
from core.work import train_model


def table(tmp_path, name: str):
    path = tmp_path / f"{name}.csv"
    pd.DataFrame({"a": range(12), "b": [i % 3 for i in range(12)], "c": [i * i for i in range(12)]}).assign(title=name).to_csv(path, index=False)
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
    assert not belongs(own, again)


def test_what_is_none_is_named_with_what_there_is(trained):
    with pytest.raises(CheckpointError, match="'pka' is no"):
        find_checkpoint("pka", collections.load("one"), "audio")


def test_import_refuses_what_is_there_and_delete_what_is_shipped(trained, tmp_path):
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(open(trained["path"], "rb").read())
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
