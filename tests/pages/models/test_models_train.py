"""The form of the Models page that starts a training."""

import pandas as pd
import pytest

from core import collection as collections
from core.collection.saved import save
from core.jobs import job as jobs
from core.ui.shared.url_state import URL_STATE
from tests.pages.models.models_page import charts, open_page, words_of
from tests.waiting import ended

pytestmark = pytest.mark.usefixtures("without_shipped")


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
    (table,) = (d.value for d in at.dataframe if "Epochs" in d.value)
    assert table[["Name", "Collection", "Epochs"]].values.tolist() == [["songs-mlp-vae-table-1", "songs", 2]]
    assert charts(at)[-1] == "models-latent-use" and "models-history-All loss terms" in charts(at)
    at.button(key="models-see-songs-mlp-vae-table-1").click().run()
    state = at.session_state[URL_STATE]
    assert (state[""]["on"], state["explore"]["look"], state["explore"]["audio"]) == (
        "songs",
        "audio",
        "mlp-vae",
    )


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


def test_further_collections_and_the_text_field_go_along(songs, monkeypatch):
    asked = {}
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: asked.update(args))
    tracks = collections.load("songs").tracks
    lyrics = tracks.assign(
        lyrics=[f"rain {i}" for i in range(len(tracks))], title="a title", title_from="table"
    )
    save(collections.Collection("words", lyrics, info={"kind": "table", "source": "/words.csv"}))
    at = open_page(on="words", model="mlp-vae")
    at.multiselect(key="models-pooled").select("songs").run()
    at.selectbox(key="mlp-vae.words").select("metadata").run()
    next(b for b in at.button if b.label == "Train").click().run()
    assert asked["pooled"] == ["songs"] and asked["text_field"] == "metadata"
    assert asked["collection"] == "words" and "folds" not in asked


def test_settings_of_the_input_follow_its_name_and_come_back_from_the_address(songs, monkeypatch):
    started = []
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: started.append(args))
    collections.add("simulated-lyrics", "words")
    at = open_page(on="words", model="mlp-vae", **{"mlp-vae.input": "tfidf"})
    assert at.number_input(key="mlp-vae.tfidf.max_features").value == 10_000
    at.button(key="models-train").click().run()
    at.number_input(key="mlp-vae.tfidf.max_features").set_value(40).run()
    assert at.session_state[URL_STATE]["models"]["mlp-vae.tfidf.max_features"] == "40"
    at.button(key="models-train").click().run()
    assert [one["model"] for one in started] == ["mlp-vae:tfidf", "mlp-vae:tfidf@max_features=40"]
    at = open_page(on="words", model="mlp-vae", **{"mlp-vae.input": "tfidf", "mlp-vae.tfidf.shortest": "2"})
    assert at.number_input(key="mlp-vae.tfidf.shortest").value == 2
