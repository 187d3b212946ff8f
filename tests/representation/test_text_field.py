"""The text field that a checkpoint learnt from: stored with it, read again, named where it is missing."""

import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.collection.saved import save
from core.errors import ConfigError
from core.representation.represent import estimate, represent
from core.training.train_collection import train_model

WORDS = ("rain river night", "drum city gold", "wolf sun road", "bread glass fire")


def collection_of(name: str, **columns) -> Collection:
    texts = [WORDS[i % 4] + f" {WORDS[i % 3]}" for i in range(24)]
    tracks = pd.DataFrame({"track_id": [f"{i:032x}" for i in range(24)], "lyrics": texts, **columns})
    made = Collection(name, tracks, info={"kind": "table"})
    save(made)
    return made


@pytest.fixture
def trained() -> tuple[Collection, str]:
    """A collection with titles unlike its lyrics, and components of its titles."""
    made = collection_of("songs", title=[f"{WORDS[i % 2]} {WORDS[3]}" for i in range(24)])
    file = train_model("songs", "pca:tfidf", {"n_components": "2"}, text_field="metadata")["path"]
    return made, file


def test_a_checkpoint_reads_the_field_that_it_learnt_from(trained):
    collection, file = trained
    found = represent(collection, file, modality="text").X
    assert np.array_equal(found, represent(collection, file, modality="text", text_field="metadata").X)
    lyrics = represent(collection, file, modality="text", text_field="lyrics").X
    assert np.abs(found - lyrics).max() > 0.1
    assert estimate(collection, file, modality="text")[0] == 0  # titles were read for the training


def test_a_missing_field_is_named_with_what_there_is_instead(trained):
    with_mood = collection_of("moods", mood=[WORDS[i % 2] for i in range(24)])
    file = train_model("moods", "pca:tfidf", {"n_components": "2"}, text_field="mood")["path"]
    with pytest.raises(ConfigError, match=r"learnt from the text field 'mood'; songs has no .* choose from"):
        represent(trained[0], file, modality="text")
    assert represent(trained[0], file, modality="text", text_field="lyrics").X.shape == (24, 2)
    assert represent(with_mood, file, modality="text").X.shape == (24, 2)
