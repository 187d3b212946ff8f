"""Links: another session opens with the same settings, invalid values are ignored, old links open."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.collection import Collection
from core.collection.saved import save

pytestmark = pytest.mark.usefixtures("without_shipped")
PAGES = Path(__file__).resolve().parents[2] / "pages"


@pytest.fixture
def songs() -> None:
    """Two collections of numbers and lyrics with two labels."""
    columns = {
        "title": [f"song {i}" for i in range(12)],
        "lyrics": "rain river",
        "label": ["rock", "folk"] * 6,
    }
    tracks = pd.DataFrame({"track_id": [f"{i:032x}" for i in range(12)], **columns})
    for name in ("songs", "other"):
        save(Collection(name, tracks, pd.DataFrame(np.eye(12, 4)), info={"kind": "table", "source": "/x"}))


def open_page(name: str, **address: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=60)
    at.query_params.update(address)
    at.run()
    assert not at.exception and not at.error
    return at


def address(at: AppTest) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in at.query_params.items()}


def values(at: AppTest) -> dict:
    kinds = (at.selectbox, at.number_input, at.text_input, at.toggle, at.segmented_control)
    return {widget.key: widget.value for kind in kinds for widget in kind}


# Models


def test_the_training_form_comes_back_from_its_address(songs):
    at = open_page("models")
    at.selectbox(key="library-on-list").select("songs").run()
    at.selectbox(key="model").select("beta-vae").run()
    at.selectbox(key="beta-vae.input").select("sentence").run()
    at.number_input(key="beta-vae.epochs").set_value(7)
    at.number_input(key="beta-vae.lr").set_value(0.0012345678)
    at.selectbox(key="beta-vae.scaling").select("as-published")
    at.text_input(key="beta-vae.encoder").input("roberta-base").run()
    assert address(at) == {
        "on": "songs",
        "model": "beta-vae",
        "beta-vae.input": "sentence",
        "beta-vae.epochs": "7",
        "beta-vae.lr": "0.0012345678",
        "beta-vae.scaling": "as-published",
        "beta-vae.encoder": "roberta-base",
    }
    again = open_page("models", **address(at))
    assert values(again) == values(at) and address(again) == address(at)
    at.selectbox(key="model").select("lyrics-transformer").run()
    at.selectbox(key="lyrics-transformer.folds").select(5).run()
    assert values(open_page("models", **address(at))) == values(at)
    at.selectbox(key="model").select("beta-vae").run()
    assert (
        at.number_input(key="beta-vae.epochs").value == 7
    )  # what one model was given is there when one comes back to it


def test_a_form_that_nobody_touched_leaves_its_address_short(songs):
    at = open_page("models", on="songs")
    assert address(at) == {"on": "songs"}
    usual = at.number_input(key="mlp-vae.epochs").value
    at.number_input(key="mlp-vae.epochs").set_value(usual + 1).run()
    assert address(at) == {"on": "songs", "mlp-vae.epochs": str(usual + 1)}
    at.number_input(key="mlp-vae.epochs").set_value(usual).run()
    assert address(at) == {"on": "songs"}


@pytest.mark.parametrize("model", ["VAE over vectors", "MLP VAE", "mlp-vae"])
def test_a_link_of_version_0_1_to_the_training_form_opens(songs, model):
    at = open_page(
        "models",
        on="songs",
        model=model,
        checkpoint="gone",
        **{"mlp-vae.input": "Meaning, many languages", "mlp-vae.epochs": "7", "mlp-vae.hidden": "8,16"},
    )
    assert (
        at.selectbox(key="model").value == "mlp-vae" and at.selectbox(key="mlp-vae.input").value == "sentence"
    )
    assert (
        at.number_input(key="mlp-vae.epochs").value == 7
        and at.text_input(key="mlp-vae.hidden").value == "8, 16"
    )


def test_folds_and_choices_of_version_0_1_open(songs):
    at = open_page(
        "models", on="songs", model="Lyrics transformer", **{"lyrics-transformer.folds": "3 folds"}
    )
    assert at.selectbox(key="lyrics-transformer.folds").value == 3
    for text, shown in (
        ("No", "No"),
        ("By itself", "Automatic"),
        ("Automatic", "Automatic"),
        ("false", "No"),
    ):
        at = open_page("models", on="songs", model="PCA", **{"pca.standardise": text})
        assert at.selectbox(key="pca.standardise").value == shown


def test_what_cannot_be_is_ignored_on_models(songs):
    at = open_page(
        "models",
        on="nowhere",
        model="rm -rf",
        checkpoint="../x",
        **{
            "mlp-vae.input": "x",
            "mlp-vae.epochs": "many",
            "mlp-vae.batch_size": "-4",
            "mlp-vae.scaling": "odd",
            "mlp-vae.hidden": "8, x",
        },
    )
    assert values(at) == values(open_page("models"))
    assert set(address(at)) <= {"on", "checkpoint"}
    said = at.warning[0].value.replace("\\", "")
    assert "There is no collection “nowhere”" in said and "model='rm -rf' is not available" in said
    assert "epochs" in said and not open_page("models").warning


def test_the_checkpoint_that_is_shown_stands_in_the_address(songs):
    from core.training.train_collection import train_model

    for _ in range(2):
        train_model("songs", "pca:table", {"n_components": "2"})
    at = open_page("models", on="songs", checkpoint="songs-pca-table-1")
    assert address(at)["checkpoint"] == "songs-pca-table-1" and any(
        "**songs-pca-table-1**" in m.value.replace("\\", "") for m in at.markdown
    )
    assert "checkpoint" not in address(
        open_page("models", on="songs")
    )  # the newest, whatever is trained meanwhile


# Library


@pytest.fixture
def music(tmp_path, monkeypatch) -> Path:
    """A folder that the browser may open, with one in it."""
    (tmp_path / "music" / "rock").mkdir(parents=True)
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(tmp_path / "music"))
    return tmp_path / "music"


def test_the_library_comes_back_from_its_address(songs, music):
    at = open_page("library")
    at.segmented_control(key="library-on-tiles").select("songs").run()
    at.text_input(key="find").input("song 7").run()
    at.button(key="library-add-toggle").click().run()
    at.segmented_control(key="add").select("table").run()
    at.file_uploader[0].upload("songs.csv", b"title,genre,x,y\na,rock,1,2\nb,folk,2,1\n", "text/csv").run()
    at.toggle(key="sound").set_value(True).run()
    at.button(key=f"audio-go-{music}").click().run()
    at.button(key=f"audio-go-{music / 'rock'}").click().run()
    at.toggle(key="several").set_value(True).run()
    assert not at.exception
    told = address(at)
    table = told.pop("table")
    assert table.endswith("/songs.csv")
    assert told == {
        "on": "songs",
        "find": "song 7",
        "add": "table",
        "sound": "1",
        "audio": str(music / "rock"),
        "several": "1",
    }
    again = open_page("library", **address(at))
    assert values(again) == values(at) and address(again) == address(at)
    assert again.dataframe[1].value["title"].tolist() == ["song 7"]  # below the uploaded table


def test_a_link_of_version_0_1_to_the_library_opens(songs, music):
    from core import store

    (store.folder("uploads", "table-songs") / "songs.csv").write_text("title,genre,x\na,rock,1\n")
    at = open_page(
        "library",
        on="songs",
        find="song 7",
        add="A table of numbers",
        table="table-songs/songs.csv",
        sound="true",
        audio=str(music),
        several="true",
    )
    assert (
        at.segmented_control(key="add").value == "table"
        and at.toggle(key="sound").value
        and at.toggle(key="several").value
    )
    assert address(at)["audio"] == str(music) and any(
        "songs.csv" in m.value.replace("\\", "") for m in at.markdown
    )


def test_what_cannot_be_is_ignored_on_the_library(songs, music):
    at = open_page(
        "library",
        on="nowhere",
        add="Odd",
        folder="/etc",
        table="../../x.csv",
        audio="a\0b",
        sound="maybe",
        several="x",
    )
    plain = open_page("library", add="folder")  # the form is open, and nothing else is taken
    assert values(at) == values(plain) and address(
        open_page("library", on="nowhere", add="Odd", folder="/etc")
    ) == address(plain)
