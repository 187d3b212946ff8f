import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.models import MODELS, model_spec
from core.ui.models.train_form import _in_time, inputs_of, refusal


def collection_of(n=200, **columns) -> Collection:
    tracks = pd.DataFrame(
        {"track_id": [f"{i:032x}" for i in range(n)], **{k: [v] * n for k, v in columns.items()}}
    )
    return Collection("c", tracks)


def test_a_model_learns_from_what_there_is():
    sound, words = collection_of(path="/a.wav"), collection_of(lyrics="la")
    numbers = Collection("c", collection_of().tracks, table=pd.DataFrame({"a": np.arange(200.0)}))
    assert refusal(model_spec("conv-vae"), sound) == ""
    assert refusal(model_spec("conv-vae"), words) == "it learns from sound, and c has none"
    assert inputs_of(model_spec("mlp-vae"), numbers) == ["table"]
    assert "sentence" in inputs_of(model_spec("mlp-vae"), words) and "table" not in inputs_of(
        model_spec("mlp-vae"), words
    )
    assert all(refusal(model_spec(name), collection_of()) for name in MODELS)


@pytest.mark.parametrize(
    "labels, reason", [([""] * 4, "none"), (["a"] * 4, "only one"), (["a", "b", "", ""], "")]
)
def test_a_conditional_model_needs_two_labels(labels, reason):
    collection = Collection("c", pd.DataFrame({"track_id": list("abcd"), "path": "/a.wav", "label": labels}))
    said = refusal(model_spec("cvae"), collection)
    assert said.endswith(reason) and bool(said) == bool(reason)


def test_a_model_of_all_genres_counts_all_of_them():
    tracks = pd.DataFrame(
        {
            "track_id": list("ab"),
            "lyrics": "la",
            "path": "/a.wav",
            "label": "rock",
            "genres": ["rock; indie rock", "rock"],
        }
    )
    assert refusal(model_spec("lyrics-transformer"), Collection("c", tracks)) == ""
    assert refusal(model_spec("cvae"), Collection("c", tracks)).endswith("only one")


def test_the_time_follows_epochs_and_names_what_is_still_to_be_read():
    collection, spec = collection_of(path="/a.wav"), model_spec("conv-vae")
    short, long = (_in_time(collection, spec, "mel", {"epochs": epochs}) for epochs in ("1", "200"))
    assert "seconds" in short and "minutes" in long
    assert "of it for reading 200 tracks" in short
    assert _in_time(collection_of(n=3), spec, "mel", {"epochs": "1"}) == "Takes a few seconds."
    centre = _in_time(collection_of(path=""), spec, "mel-centre", {"epochs": "200"})
    assert "minutes" in centre  # a spectrogram, too
