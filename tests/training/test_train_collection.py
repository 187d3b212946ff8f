"""What training refuses before it begins, and what it says of the tracks that it left out."""

import errno
from pathlib import Path

import pandas as pd
import pytest
import safetensors.torch
from filelock import FileLock, Timeout

from core import store
from core.checkpoints import checkpoint
from core.checkpoints.header import read_meta
from core.collection import Collection
from core.collection.saved import save
from core.errors import ConfigError, WriteError
from core.training import train_collection
from core.training.train_collection import train_model


@pytest.fixture
def unreadable(monkeypatch):
    """A collection whose reading fails loudly."""

    def read(*args, **kwargs):
        raise AssertionError("the collection was read")

    monkeypatch.setattr("core.training.train_collection.read_input", read)
    save(
        Collection(
            "songs",
            pd.DataFrame({"title": ["a"], "lyrics": ["rain falls"], "track_id": ["a" * 32]}),
            info={"kind": "table"},
        )
    )


@pytest.mark.parametrize(
    "settings, told",
    [
        ({"epochs": "many"}, "many"),
        ({"epochs": "0"}, "epochs=0"),
        ({"latent_dim": "-1"}, "latent_dim=-1"),
        ({"goal": "x"}, "no setting 'goal'"),
    ],
)
def test_a_bad_setting_is_refused_before_anything_is_read(unreadable, settings, told):
    with pytest.raises(ConfigError, match=told):
        train_model("songs", "mlp-vae:tfidf", settings)
    with pytest.raises(AssertionError, match="was read"):
        train_model("songs", "mlp-vae:tfidf", {"epochs": "1"})


PLACES = {
    "": "must end in .safetensors",
    "a.bin": "must end in .safetensors",
    "a.SAFETENSORS": "must end in .safetensors",
    ".safetensors": "must end in .safetensors",
    "none/a.safetensors": "the folder '.*none' doesn't exist",
    "file/a.safetensors": "the folder '.*file' doesn't exist",
    "folder.safetensors": "there is a folder .* already",
    "file.safetensors": "there is a file .* already",
    "dangling.safetensors": "there is a file .* already",
    "x" * 300 + ".safetensors": "can't be written: File name too long",
    "a\0.safetensors": "can't be written: .*null",
}


@pytest.mark.parametrize("place", PLACES)
def test_where_nothing_can_be_written_is_said_before_anything_is_read(unreadable, tmp_path, place):
    (tmp_path / "folder.safetensors").mkdir()
    (tmp_path / "dangling.safetensors").symlink_to("nowhere")
    for name in ("file", "file.safetensors"):
        (tmp_path / name).touch()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ConfigError, match=PLACES[place]) as told:
        train_model("songs", "mlp-vae:tfidf", out=str(tmp_path / place) if place else "")
    assert "\n" not in str(told.value) and len(str(told.value)) < 600 and sorted(tmp_path.iterdir()) == before


def test_a_folder_that_takes_no_files_is_said_before_anything_is_read(unreadable, tmp_path, monkeypatch):
    def refuse(path, **_):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "touch", refuse)  # the rights of a folder mean nothing to root
    with pytest.raises(ConfigError, match="a.safetensors' can't be written: Permission denied"):
        train_model("songs", "mlp-vae:tfidf", out=str(tmp_path / "a.safetensors"))


def test_home_is_expanded_where_there_is_one(unreadable, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(AssertionError, match="was read"):
        train_model("songs", "mlp-vae:tfidf", out="~/a.safetensors")
    with pytest.raises(ConfigError, match="the folder '~nobody"):
        train_model("songs", "mlp-vae:tfidf", out="~nobody-of-this-name/a.safetensors")


@pytest.mark.parametrize("out", [None, "a.safetensors"])
def test_a_disk_that_is_full_when_the_checkpoint_is_saved_costs_no_training(tmp_path, monkeypatch, out):
    lyrics = [
        "rain falls on the sea",
        "a song of the sea",
        "gold and sun",
        "night and rain",
        "river of gold",
        "sun on the river",
    ]
    save(
        Collection(
            "songs",
            pd.DataFrame({"lyrics": lyrics, "track_id": [str(i) * 32 for i in range(6)]}),
            info={"kind": "table"},
        )
    )
    real, ask = (
        safetensors.torch.save_file,
        {"settings": {"epochs": "3", "latent_dim": "2"}, "out": out and str(tmp_path / out)},
    )

    def fill_the_disk(tensors, path, metadata):
        if "songscape" in metadata:
            Path(path).write_bytes(b"half")
            raise safetensors.SafetensorError(
                "Error while serializing: I/O error: No space left on device (os error 28)"
            )
        real(tensors, path, metadata=metadata)

    monkeypatch.setattr("core.checkpoints.tensor_file.save_file", fill_the_disk)
    with pytest.raises(
        WriteError, match="safetensors can't be written: I/O error: No space left on device"
    ) as told:
        train_model("songs", "mlp-vae:tfidf", **ask)
    assert (
        "\n" not in str(told.value)
        and not list(store.root().rglob(".tmp*"))
        and not list(tmp_path.glob("*.safetensors"))
    )
    monkeypatch.setattr("core.checkpoints.tensor_file.save_file", real)
    monkeypatch.setattr("core.training.loop.Trainer.train_epoch", lambda *_: pytest.fail("trained again"))
    made = train_model("songs", "mlp-vae:tfidf", **ask)
    assert len(read_meta(Path(made["path"]))["history"]["rows"]) == 3 and not list(
        (store.root() / "training").glob("*/*")
    )


def test_a_checkpoint_gets_its_name_and_its_file_under_one_lock(monkeypatch):
    tracks = {"lyrics": ["rain falls", "a song", "gold and sun"], "track_id": [str(i) * 32 for i in range(3)]}
    save(Collection("songs", pd.DataFrame(tracks), info={"kind": "table"}))
    real, held = {"name": train_collection.free_path, "file": checkpoint.save_checkpoint}, []

    def watch(what):
        def call(*given):
            try:
                FileLock(store.folder("locks") / "checkpoints.lock").acquire(timeout=0)
            except Timeout:
                held.append(what)
            return real[what](*given)

        return call

    monkeypatch.setattr(train_collection, "free_path", watch("name"))
    monkeypatch.setattr(checkpoint, "save_checkpoint", watch("file"))
    ask = {"settings": {"epochs": "1", "latent_dim": "2"}}
    assert [train_model("songs", "mlp-vae:tfidf", **ask)["checkpoint"][-1] for _ in range(2)] == ["1", "2"]
    assert held == ["name", "file"] * 2


def test_a_disk_that_is_full_during_training_keeps_the_epochs_before(monkeypatch):
    save(
        Collection(
            "songs",
            pd.DataFrame(
                {"lyrics": ["rain falls", "a song", "gold"], "track_id": [str(i) * 32 for i in range(3)]}
            ),
            info={"kind": "table"},
        )
    )
    real, states = safetensors.torch.save_file, []

    def fill_the_disk(tensors, path, metadata):
        states.append(path)
        if len(states) == 3:
            raise safetensors.SafetensorError(
                "Error while serializing: I/O error: No space left on device (os error 28)"
            )
        real(tensors, path, metadata=metadata)

    monkeypatch.setattr("core.checkpoints.tensor_file.save_file", fill_the_disk)
    ask = {"settings": {"epochs": "4", "latent_dim": "2"}}
    with pytest.raises(WriteError, match="No space left"):
        train_model("songs", "mlp-vae:tfidf", **ask)
    made = train_model("songs", "mlp-vae:tfidf", **ask)
    assert len(states) == 3 + 2 + 1 and len(read_meta(Path(made["path"]))["history"]["rows"]) == 4


def test_all_genres_of_a_track_are_learnt_and_tracks_without_any_are_told():
    genres = ["folk; rock", "rock", "folk", "", "rock; folk", "folk"]
    tracks = {
        "lyrics": [f"song of the sea {i}" for i in range(6)],
        "genres": genres,
        "label": [g.split(";")[0] for g in genres],
        "track_id": [str(i) * 32 for i in range(6)],
    }
    save(Collection("songs", pd.DataFrame(tracks), info={"kind": "table"}))
    result = train_model("songs", "lyrics-transformer", {"epochs": "1", "latent_dim": "4"}, folds=2)
    assert (
        result["left_out"] == {"3" * 32: "has no genre"}
        and sum(row["n_tracks"] for row in result["folds"]["rows"]) == 5
    )
    meta = read_meta(Path(result["path"]))
    assert sorted(meta["labels"]) == ["folk", "rock"] and meta["n_labels"] == 2 and meta["n_tracks"] == 5
    assert (
        meta["folds"] == result["folds"]
        and meta["sees_labels"]
        and meta["started_from"] == "a small transformer with random weights"
    )
    assert not list((store.root() / "training").glob("*/*"))
