"""Cross-validation on the Models page: asked for in the form, shown with the checkpoint."""

import numpy as np
import pytest

from core import collection as collections
from core import store
from core.checkpoints.checkpoint import save_checkpoint
from core.jobs import job as jobs
from core.training.fit import fit_model
from core.training.folds import cross_validate
from tests.pages.models.models_page import open_page, words_of

pytestmark = pytest.mark.usefixtures("without_shipped")


@pytest.fixture
def words():
    collections.add("simulated-lyrics", "words")


def test_the_number_of_folds_goes_to_the_job_for_models_that_predict_genres(words, monkeypatch):
    started = []
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: started.append(args))
    at = open_page(on="words", model="Lyrics transformer")
    at.selectbox(key="lyrics-transformer.folds").select(3).run()
    at.button(key="models-train").click().run()
    assert (
        not at.exception
        and started[0]["folds"] == 3
        and started[0]["model"] == "lyrics-transformer:wordpieces"
    )
    at = open_page(on="words", model="MLP VAE")
    assert not [box for box in at.selectbox if box.key.endswith(".folds")]


def test_a_checkpoint_shows_its_folds_and_what_it_started_from():
    rng = np.random.default_rng(0)
    genres = np.arange(12)[:, None] % 2 == np.arange(2)
    X = rng.integers(1, 200, size=(12, 1, 8)).astype(np.int32)
    told = {
        "input_extractor": {"name": "wordpieces", "config": {}},
        "label_names": ["folk", "rock"],
        "genres": genres,
        "settings": {"epochs": "1", "latent_dim": "4"},
    }
    model, meta = fit_model("lyrics-transformer", X, **told)
    meta |= {
        "folds": cross_validate("lyrics-transformer", X, n_folds=2, **told),
        "collection": {"name": "mine"},
    }
    save_checkpoint(store.folder("checkpoints") / "mine.safetensors", model, meta)
    at = open_page()
    words = words_of(at)
    assert not at.exception and not at.error
    assert "Initialisation: a small transformer with random weights" in words
    assert (
        "Cross-validation: genres of held-out tracks" in words
        and f"mAP {100 * meta['folds']['mean']['mean_average_precision']:.2f} ±" in words
    )
    table = next(frame.value for frame in at.dataframe if "mAP" in frame.value)
    assert table[""].tolist() == ["Fold 1", "Fold 2", "Mean", "Standard deviation", "Control"]
    assert {"folk", "rock"} in [set(frame.value["Genre"]) for frame in at.dataframe if "Genre" in frame.value]
