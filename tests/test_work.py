"""What training refuses before it begins, and what it says of the tracks that it left out."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import store
from core.collection import Collection
from core.collection.saved import save
from core.errors import ConfigError
from core.inputs import Input, default_input
from core.training.header import read_meta
from core.work import train_model


@pytest.fixture
def unreadable(monkeypatch):
    """A collection whose reading fails loudly."""

    def read(*args, **kwargs):
        raise AssertionError("the collection was read")

    monkeypatch.setattr("core.work.read_input", read)
    save(Collection("songs", pd.DataFrame({"title": ["a"], "lyrics": ["rain falls"], "track_id": ["a" * 32]}), info={"kind": "table"}))


@pytest.mark.parametrize(
    "settings, told", [({"epochs": "many"}, "many"), ({"epochs": "0"}, "epochs=0"), ({"latent_dim": "-1"}, "latent_dim=-1"), ({"goal": "x"}, "no setting 'goal'")]
)
def test_a_bad_setting_is_refused_before_anything_is_read(unreadable, settings, told):
    with pytest.raises(ConfigError, match=told):
        train_model("songs", "mlp-vae:tfidf", settings)
    with pytest.raises(AssertionError, match="was read"):
        train_model("songs", "mlp-vae:tfidf", {"epochs": "1"})


def test_a_track_is_told_what_it_lacks():
    present = {"audio": np.array([True, False, False]), "text": np.array([False, True, False])}
    sound = Input({}, present, {}, {"name": "mel+passages"}, "")
    assert [sound.lack_of(row) for row in range(3)] == ["has no words", "has no sound", "has neither sound nor words"]
    numbers = Input({}, present, {}, {"name": "table+passages"}, "")
    assert numbers.lack_of(1) == "has no numbers" and numbers.lack_of(2) == "has neither numbers nor words"
    assert Input({}, {"x": present["audio"]}, {}, {"name": "mel"}, "").lack_of(1) == "has no sound"


def test_a_collection_is_told_what_it_lacks_and_where_that_comes_from():
    rows = pd.DataFrame({"title": [""], "artist": [""], "album": [""], "lyrics": [""], "caption": [""], "path": ["a.wav"], "track_id": ["a" * 32]})
    sounds = Collection("sounds", rows, info={"kind": "folder"})
    with pytest.raises(ConfigError) as told:
        default_input(sounds, ("mel+passages", "musicnn+sentence", "table+passages"))
    assert "reads sound and words, or numbers and words, and the collection 'sounds' has no words; words come from" in str(told.value)
    assert "--text FILE.csv" in str(told.value) and "has no numbers" not in str(told.value)
    words = Collection("words", rows.assign(path="", lyrics="rain falls"), info={"kind": "table"})
    with pytest.raises(ConfigError, match="reads sound, and the collection 'words' has no sound; sound comes from a folder"):
        default_input(words, ("mel", "clip"))


def test_all_genres_of_a_track_are_learnt_and_tracks_without_any_are_told():
    genres = ["folk; rock", "rock", "folk", "", "rock; folk", "folk"]
    tracks = {"lyrics": [f"song of the sea {i}" for i in range(6)], "genres": genres, "label": [g.split(";")[0] for g in genres], "track_id": [str(i) * 32 for i in range(6)]}
    save(Collection("songs", pd.DataFrame(tracks), info={"kind": "table"}))
    result = train_model("songs", "lyrics-transformer", {"epochs": "1", "latent_dim": "4"}, folds=2)
    assert result["left_out"] == {"3" * 32: "has no genre"} and sum(row["n_tracks"] for row in result["folds"]["rows"]) == 5
    meta = read_meta(Path(result["path"]))
    assert sorted(meta["labels"]) == ["folk", "rock"] and meta["n_labels"] == 2 and meta["n_tracks"] == 5
    assert meta["folds"] == result["folds"] and meta["sees_labels"] and meta["started_from"] == "a small transformer with random weights"
    assert not list((store.root() / "training").glob("*/*"))
