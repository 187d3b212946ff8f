"""The Models page as a visitor sees it: nothing there, a collection and checkpoints there, and bad data."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core import collection as collections
from core import store
from core.checkpoints.catalogue import find_checkpoint, list_checkpoints
from core.checkpoints.content import content_hash
from core.collection.saved import save
from core.jobs import job as jobs
from core.jobs.training_job import train_model
from core.messages.latent_messages import describe_collapse
from core.ui.shared.url_state import URL_STATE
from tests.checkpoints.odd_files import fill
from tests.waiting import ended

pytestmark = pytest.mark.usefixtures("without_shipped")

PAGE = str(Path(__file__).resolve().parents[2] / "pages" / "models.py")
QUICK = {"epochs": "3", "hidden": "8", "decoder_hidden": "8", "latent_dim": "2", "held_out": "0.2"}


@pytest.fixture
def songs(tmp_path, monkeypatch) -> Path:
    """A table of numbers with two labels, kept as "songs"."""
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(tmp_path))
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(20, 5)).round(4), columns=list("abcde"))
    table.insert(0, "genre", ["rock", "folk"] * 10)
    table.to_csv(tmp_path / "songs.csv", index=False)
    collections.add(tmp_path / "songs.csv", "songs", label="genre")
    return tmp_path


@pytest.fixture
def checkpoint(songs) -> Path:
    """A model trained on it."""
    return Path(train_model("songs", "mlp-vae:table", QUICK)["path"])


def open_page(**address: str) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    at.query_params.update(address)
    return at.run()


def charts(at: AppTest) -> list[str]:
    """Return the keys of the charts."""
    return [chart.key for chart in at.get("plotly_chart")]


def words_of(at: AppTest) -> str:
    kinds = (at.subheader, at.caption, at.markdown, at.info, at.warning, at.error)
    return "\n".join(str(e.value) for kind in kinds for e in kind).replace("\\", "")


def test_nothing_loaded_leads_to_the_library():
    at = open_page()
    assert not at.exception and not at.error
    words = words_of(at)
    assert "the library is empty" in words and "Open the Library" in words and "No checkpoints yet" in words
    assert not [b for b in at.button if b.label == "Train"]


def test_a_model_that_cannot_learn_from_the_collection_says_why(songs):
    at = open_page(model="Convolutional VAE")
    assert "its input is audio, and songs has none" in words_of(at)
    assert not [b for b in at.button if b.label == "Train"]
    assert at.selectbox(key="model").value == "conv-vae"


def test_another_collection_brings_a_model_that_can_learn_from_it(songs, tmp_path):
    table = pd.DataFrame({"track_id": [f"{i:032x}" for i in range(4)], "path": "/nowhere/a.wav"})
    save(collections.Collection("sound", table, info={"kind": "folder", "source": "/nowhere"}))
    at = open_page(on="sound")
    assert at.selectbox(key="model").value == "conv-vae"
    at.selectbox(key="library-on-list").select("songs").run()
    assert not at.exception and at.selectbox(key="model").value == "mlp-vae"
    assert not next(b for b in at.button if b.label == "Train").disabled


def test_a_conditional_model_asks_for_labels(tmp_path, songs, monkeypatch):
    import core.ui.models.train_form as form
    from core.models import model_spec

    card = model_spec("cvae")
    assert card.sees_labels
    monkeypatch.setattr(form, "inputs_of", lambda card, collection: ["table"])  # as if it could read numbers
    pd.DataFrame({"a": [1.0, 2.0, 4.0], "b": [3.0, 1.0, 0.0]}).to_csv(tmp_path / "bare.csv", index=False)
    bare = collections.add(tmp_path / "bare.csv", "bare")
    assert form.missing_reason(card, bare) == "it is trained with labels, and bare has none"
    assert form.missing_reason(card, collections.load("songs")) == ""
    assert "it is trained with labels, and bare has none" in words_of(open_page(on="bare", model=card.title))


def test_settings_that_cannot_be_are_refused_before_the_start(songs):
    at = open_page()
    assert at.number_input(key="mlp-vae.held_out").max == 0.5
    at.number_input(key="mlp-vae.patience").set_value(3).run()
    assert "patience=3 needs held_out above 0" in at.error[0].value.replace("\\", "")
    assert next(b for b in at.button if b.label == "Train").disabled
    at.number_input(key="mlp-vae.held_out").set_value(0.2).run()
    assert not at.error and not next(b for b in at.button if b.label == "Train").disabled


def test_settings_come_back_from_the_address(songs, monkeypatch):
    asked = {}
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: asked.update(args))
    at = open_page(on="songs", model="MLP VAE", **{"mlp-vae.epochs": "7", "mlp-vae.seed": "3"})
    assert at.number_input(key="mlp-vae.epochs").value == 7
    next(b for b in at.button if b.label == "Train").click().run()
    assert asked == {
        "collection": "songs",
        "model": "mlp-vae:table",
        "settings": {"epochs": "7", "seed": "3"},
    }


def test_training_is_a_job_and_its_checkpoint_opens_in_explore(songs):
    at = open_page()
    assert "Takes a few seconds" in words_of(at)
    at.text_input(key="mlp-vae.hidden").input("8").run()
    at.number_input(key="mlp-vae.epochs").set_value(2).run()
    next(b for b in at.button if b.label == "Train").click().run()
    (job,) = jobs.list_jobs("train")
    assert job.args["settings"] == {"hidden": "8", "epochs": "2"} and job.args["model"] == "mlp-vae:table"
    assert ended(job.id).state == "done"
    at = at.run()
    assert not at.exception and not at.error
    assert "the checkpoint is songs-mlp-vae-table-1" in words_of(at)
    (table,) = (d.value for d in at.dataframe)
    assert table[["Name", "Collection", "Epochs"]].values.tolist() == [["songs-mlp-vae-table-1", "songs", 2]]
    assert charts(at)[-1] == "models-latent-use" and "models-history-All loss terms" in charts(at)
    at.button(key="models-see-songs-mlp-vae-table-1").click().run()
    state = at.session_state[URL_STATE]
    assert (state[""]["on"], state["explore"]["look"], state["explore"]["audio"]) == (
        "songs",
        "audio",
        "mlp-vae",
    )


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


def test_a_text_encoder_is_named_and_the_training_reads_with_it(songs, monkeypatch):
    collections.add("simulated-lyrics", "words")
    started = []
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: started.append(args))
    at = open_page(on="words", model="MLP VAE", **{"mlp-vae.encoder": "roberta-base"})
    assert at.text_input(key="mlp-vae.encoder").value == "roberta-base"
    at.button(key="models-train").click().run()
    assert not at.exception and started[0]["model"] == "mlp-vae:sentence:roberta-base"
    at.text_input(key="mlp-vae.encoder").set_value("/etc").run()
    assert "/etc" in words_of(at)  # outside the folders that may be opened
    at.text_input(key="mlp-vae.encoder").set_value("").run()
    at.button(key="models-train").click().run()
    assert started[1]["model"] == "mlp-vae:sentence"


def test_inputs_side_by_side_are_chosen_and_come_back_from_the_address(songs, monkeypatch):
    collections.add("simulated-lyrics", "words")
    started = []
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: started.append(args))
    at = open_page(on="words", model="MLP VAE", **{"mlp-vae.beside": "tfidf"})
    assert at.multiselect(key="mlp-vae.beside").value == ["tfidf"]
    assert "mel" not in at.multiselect(key="mlp-vae.beside").options
    at.button(key="models-train").click().run()
    assert not at.exception and started[0]["model"] == "mlp-vae:sentence+tfidf"
    at.multiselect(key="mlp-vae.beside").set_value([]).run()
    at.button(key="models-train").click().run()
    assert started[1]["model"] == "mlp-vae:sentence"
    at = open_page(on="words", model="MLP VAE", **{"mlp-vae.beside": "mel"})
    assert not at.exception and at.multiselect(key="mlp-vae.beside").value == []
