"""Contrastive towers and the few-shot head, from a collection to a representation."""

import numpy as np
import pandas as pd
import pytest

from core import collection as collections
from core.errors import ConfigError
from core.representation.represent import represent
from core.training.train_collection import train_model

pytestmark = pytest.mark.slow

QUICK = {"epochs": "2", "latent_dim": "8", "projection_dim": "4"}


@pytest.fixture
def songs(tmp_path, monkeypatch):
    """A table of numbers with lyrics and labels; every fourth song has no lyrics, every fifth no label."""
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(tmp_path))
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(20, 5)).round(4), columns=list("abcde"))
    table.insert(0, "genre", ["" if i % 5 == 0 else ["rock", "folk"][i % 2] for i in range(20)])
    table.insert(0, "lyrics", ["" if i % 4 == 0 else f"line {i}\nthe sea\nand home" for i in range(20)])
    table.to_csv(tmp_path / "songs.csv", index=False)
    return collections.add(tmp_path / "songs.csv", "songs", label="genre")


def test_both_modalities_stand_for_a_track_and_what_lacks_one_is_named(songs):
    made = train_model("songs", "contrastive:table+passages", QUICK)
    assert made["n_left_out"] == 5 and set(made["left_out"].values()) == {"has no text"}
    assert made["figures"]["gallery"] == 15
    sound = represent(songs, "contrastive", modality="audio")
    words = represent(songs, "contrastive", modality="text")
    assert sound.X.shape == words.X.shape == (20, 8)
    assert sound.present.all() and words.present.sum() == 15 and not words.X[~words.present].any()
    assert not np.allclose(sound.X, words.X)


def test_the_head_goes_on_from_the_towers_and_leaves_unlabelled_tracks_out(songs):
    towers = train_model("songs", "contrastive:table+passages", QUICK)["checkpoint"]
    made = train_model("songs", "genre-head:table", {"epochs": "2", "start": towers})
    assert set(made["left_out"].values()) == {"has no label"} and made["n_left_out"] == 4
    fitted = represent(songs, "genre-head", modality="audio")
    assert fitted.X.shape == (20, 8) and fitted.present.all() and fitted.sees_labels


def test_a_setting_that_is_not_there_lists_those_there_are(songs):
    with pytest.raises(ConfigError, match="no setting 'goal'; there are: objective=scl"):
        train_model("songs", "contrastive:table+passages", {"goal": "scl"})
