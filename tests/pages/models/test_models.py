"""Checkpoints on the Models page: shown, loaded from elsewhere, refused and deleted."""

from pathlib import Path

import pytest

from core import collection as collections
from core import store
from core.checkpoints.catalogue import find_checkpoint, list_checkpoints
from core.checkpoints.content import content_hash
from core.messages.latent_messages import describe_collapse
from core.training.train_collection import train_model
from core.ui.shared.url_state import URL_STATE
from tests.checkpoints.odd_files import fill
from tests.pages.models.models_page import QUICK, charts, open_page, words_of

pytestmark = pytest.mark.usefixtures("without_shipped")


@pytest.fixture
def checkpoint(songs) -> Path:
    """A model trained on it."""
    return Path(train_model("songs", "mlp-vae:table", QUICK)["path"])


def test_nothing_loaded_leads_to_the_library():
    at = open_page()
    assert not at.exception and not at.error
    words = words_of(at)
    assert "the library is empty" in words and "Open the Library" in words and "No checkpoints yet" in words
    assert not [b for b in at.button if b.label == "Train"]


def test_a_checkpoint_shows_what_it_is_and_is_deleted(checkpoint):
    at = open_page()
    words = words_of(at)
    assert checkpoint.stem in words and "trained on 20 tracks" in words and "latent dimension 2" in words
    assert "lowest validation loss" in words and "Dotted: validation" in words
    assert dict(at.table[0].value[["Name", "Value"]].values)["epochs"] == "3"
    next(b for b in at.button if b.label.startswith("Delete")).click().run()
    assert not checkpoint.exists() and "No checkpoints yet" in words_of(at)


def test_the_second_checkpoint_is_chosen_through_the_address_and_explore_takes_that_one(checkpoint):
    train_model("songs", "mlp-vae:table", QUICK)
    newest, older = list_checkpoints()
    at = open_page(checkpoint=older.name)
    at.button(key="models-explore").click().run()
    rep = at.session_state[URL_STATE]["explore"]["audio"]
    assert find_checkpoint(rep, collections.load("songs"), "audio").path == older.path != newest.path


def test_a_file_from_elsewhere_is_loaded_by_upload_and_by_path(checkpoint, songs):
    data = checkpoint.read_bytes()
    (songs / "mine.safetensors").write_bytes(data)
    at = open_page()
    at.file_uploader[0].upload("theirs.safetensors", data).run()
    at.button(key="models-load").click().run()
    assert not at.error
    at.text_input(key="models-path-1").input(str(songs / "mine.safetensors")).run()
    at.button(key="models-load").click().run()
    assert not at.error
    assert {c.name for c in list_checkpoints()} == {checkpoint.stem, "theirs", "mine"}
    assert "**mine**" in words_of(at)  # it is the one that is shown


@pytest.mark.parametrize(
    "name, data, reason",
    [
        ("model.safetensors", b"PK\x03\x04 a zip archive, as torch.save writes", "pickled PyTorch file"),
        ("model.safetensors", b"short", "is not a safetensors file"),
    ],
)
def test_a_wrong_file_is_refused_with_the_reason(songs, name, data, reason):
    at = open_page()
    at.file_uploader[0].upload(name, data).run()
    at.button(key="models-load").click().run()
    assert not at.exception
    assert reason in at.error[0].value.replace("\\", "") and not list_checkpoints()


def test_a_path_outside_the_roots_is_refused(checkpoint, songs, monkeypatch):
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(songs))
    at = open_page()
    at.text_input(key="models-path-0").input("/etc/passwd.safetensors").run()
    at.button(key="models-load").click().run()
    assert "is outside the folders" in at.error[0].value.replace("\\", "")


def test_a_damaged_checkpoint_in_the_store_is_named(checkpoint):
    (store.folder("checkpoints") / "hurt.safetensors").write_bytes(checkpoint.read_bytes()[:-100])
    at = open_page()
    assert not at.exception
    assert "hurt.safetensors in the store is not readable" in words_of(at) and "cut short" in words_of(at)
    assert len(at.dataframe[0].value) == 1


def test_files_that_are_no_checkpoints_are_named_and_deleted_while_the_page_stands(checkpoint):
    names = fill(store.folder("checkpoints"))
    at = open_page()
    assert not at.exception and not at.error and len(at.dataframe[0].value) == 1
    said = words_of(at)
    assert (
        all(f"{name} in the store is not readable: " in said for name in (n for n in names if "\\" not in n))
        and "created=5" in said
    )
    buttons = [b for b in at.button if b.key.startswith("models-delete-unreadable")]
    assert len(buttons) == len(names)
    warned = [text.value for text in at.markdown if text.value.endswith("from the store.")]
    n_folders = sum(path.is_dir() and not path.is_symlink() for path in store.folder("checkpoints").iterdir())
    assert warned.count("Deletes the folder and everything in it from the store.") == n_folders > 0
    assert warned.count("Deletes the file from the store.") == len(names) - n_folders
    next(b for b in buttons if "folder" in b.label).click().run()
    assert not at.exception and not (store.folder("checkpoints") / "folder.safetensors").exists()
    assert len([b for b in at.button if b.key.startswith("models-delete-unreadable")]) == len(names) - 1
    assert f"hash {content_hash(checkpoint)[:12]}" in words_of(at)


@pytest.mark.parametrize(
    "path",
    [
        "~nobody-of-this-name/a.safetensors",
        "x" * 5_000,
        "a\0b.safetensors",
        "fifo.safetensors",
        "circle.safetensors",
    ],
)
def test_a_path_that_leads_to_no_file_is_said_in_words(songs, path):
    fill(songs)
    at = open_page()
    at.text_input(key="models-path-0").input(str(songs / path) if path[0] in "fc" else path).run()
    at.button(key="models-load").click().run()
    assert not at.exception and len(at.error) == 1


def test_a_damaged_collection_leaves_the_checkpoints_usable(checkpoint):
    (store.root() / "collections" / "songs" / "tracks.parquet").write_bytes(b"nothing")
    at = open_page()
    assert not at.exception
    assert "is damaged" in at.error[0].value.replace("\\", "") and checkpoint.stem in words_of(at)


def test_a_collapsed_model_is_said_to_be_one_with_what_helps(songs):
    result = train_model(
        "songs", "beta-vae:table", {**QUICK, "beta": "1000", "scaling": "as-published", "epochs": "60"}
    )
    assert result["figures"]["active_units"] == 0  # the control is the next test, where nothing is said
    at = open_page()
    (warning,) = (w.value.replace("\\", "") for w in at.warning)
    assert (
        warning == describe_collapse(result["figures"], result["config"])
        and "None of the 2 latents is in use" in warning
        and "a lower beta (it was 1000)" in warning
    )
    assert "0 of 2 latents in use" in words_of(at) and "nats" in words_of(at)
    assert "models-latent-use" in charts(at)


def test_a_model_that_uses_its_latents_is_shown_without_a_warning(songs):
    result = train_model("songs", "mlp-vae:table", {**QUICK, "beta": "0.01", "epochs": "20"})
    at = open_page()
    assert describe_collapse(result["figures"], result["config"]) == "" and not at.warning
    assert "2 of 2 latents in use" in words_of(at) and "models-latent-use" in charts(at)
