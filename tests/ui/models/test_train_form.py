import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.models import MODELS, model_spec
from core.ui.models.train_form import _describe_duration, inputs_of, missing_reason


def collection_of(n=200, **columns) -> Collection:
    tracks = pd.DataFrame(
        {"track_id": [f"{i:032x}" for i in range(n)], **{k: [v] * n for k, v in columns.items()}}
    )
    return Collection("c", tracks)


def test_a_model_is_offered_for_the_data_that_it_reads():
    sound, words = collection_of(path="/a.wav"), collection_of(lyrics="la")
    numbers = Collection("c", collection_of().tracks, table=pd.DataFrame({"a": np.arange(200.0)}))
    assert missing_reason(model_spec("conv-vae"), sound) == ""
    assert missing_reason(model_spec("conv-vae"), words) == "its input is audio, and c has none"
    assert inputs_of(model_spec("mlp-vae"), numbers) == ["table"]
    assert "sentence" in inputs_of(model_spec("mlp-vae"), words) and "table" not in inputs_of(
        model_spec("mlp-vae"), words
    )
    assert all(missing_reason(model_spec(name), collection_of()) for name in MODELS)


@pytest.mark.parametrize(
    "labels, reason", [([""] * 4, "none"), (["a"] * 4, "only one"), (["a", "b", "", ""], "")]
)
def test_a_conditional_model_needs_two_labels(labels, reason):
    collection = Collection("c", pd.DataFrame({"track_id": list("abcd"), "path": "/a.wav", "label": labels}))
    reason_found = missing_reason(model_spec("cvae"), collection)
    assert reason_found.endswith(reason) and bool(reason_found) == bool(reason)


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
    assert missing_reason(model_spec("lyrics-transformer"), Collection("c", tracks)) == ""
    assert missing_reason(model_spec("cvae"), Collection("c", tracks)).endswith("only one")


def test_the_time_follows_epochs_and_names_what_is_still_to_be_read():
    collection, spec = collection_of(path="/a.wav"), model_spec("conv-vae")
    short, long = (_describe_duration(collection, spec, "mel", {"epochs": epochs}) for epochs in ("1", "200"))
    assert "seconds" in short and "minutes" in long
    many = _describe_duration(collection_of(n=2000, path="/a.wav"), spec, "mel", {"epochs": "1"})
    assert "of it for 2,000 tracks' features" in many
    assert _describe_duration(collection_of(n=3), spec, "mel", {"epochs": "1"}) == "Takes a few seconds."
    centre = _describe_duration(collection_of(path=""), spec, "mel-centre", {"epochs": "200"})
    assert "minutes" in centre  # a spectrogram, too
