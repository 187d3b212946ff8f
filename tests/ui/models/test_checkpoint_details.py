"""Explore must be opened with the very checkpoint that was chosen, not with a newer one of its model."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import collection as collections
from core.checkpoints.catalogue import find_checkpoint, list_checkpoints
from core.jobs.work import train_model
from core.ui.models.checkpoint_details import representation_of

pytestmark = pytest.mark.usefixtures("without_shipped")


@pytest.fixture
def songs(tmp_path):
    pd.DataFrame(np.random.default_rng(0).normal(size=(12, 4)), columns=list("abcd")).to_csv(
        tmp_path / "songs.csv", index=False
    )
    return collections.add(tmp_path / "songs.csv", "songs")


def test_each_checkpoint_is_found_under_its_own_name(songs):
    for age in range(3):
        path = Path(train_model("songs", "pca:table", {"n_components": "2"})["path"])
        os.utime(path, (1_000_000 + age, 1_000_000 + age))
    checkpoints = list_checkpoints()
    reps = [representation_of(checkpoint, songs, *checkpoint.modalities) for checkpoint in checkpoints]
    assert reps[0] == "pca" and len(set(reps)) == 3
    for checkpoint, rep in zip(checkpoints, reps):
        assert find_checkpoint(rep, songs, "audio").path == checkpoint.path


def test_a_collection_without_its_modality_does_not_offer_it(songs):
    train_model("songs", "pca:table", {"n_components": "2"})
    words = collections.Collection("words", songs.tracks.assign(lyrics="la"))
    assert representation_of(list_checkpoints()[0], words, "audio") is None
