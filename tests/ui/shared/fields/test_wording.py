import numpy as np
import pandas as pd

from core.collection import Collection
from core.features import EXTRACTORS
from core.ui.shared.fields import wording as words
from core.ui.shared.fields.wording import list_representations, title_of_input


class Found:
    """A checkpoint as far as the list looks at it."""

    def __init__(self, name, model, read, on="mine", modality="audio", saw=False):
        self.name, self.model, self.input, self.modalities = name, model, read, (modality,)
        self.meta = {"collection": {"name": on}, "sees_labels": saw}


def collection_of(**columns) -> Collection:
    return Collection("mine", pd.DataFrame({"track_id": ["a" * 32, "b" * 32], **columns}))


def choose_from(monkeypatch, found, collection, modality="audio"):
    monkeypatch.setattr(words, "list_checkpoints", lambda: found)
    monkeypatch.setattr(words, "is_trained_on", lambda c, name, info: c.meta["collection"]["name"] == name)
    return list_representations(collection, modality)


def test_only_what_the_collection_has_is_offered(monkeypatch):
    assert choose_from(monkeypatch, [], collection_of()) == {}
    sound = choose_from(monkeypatch, [], collection_of(path=["x.wav", ""]))
    assert next(iter(sound)) == "musicnn" and "table" not in sound and "tfidf" not in sound
    assert {"mel", "mfcc"} <= set(sound)
    text = choose_from(monkeypatch, [], collection_of(title=["a", "b"]), "text")
    assert {"sentence", "tfidf"} <= set(text) and "mel" not in text
    table = Collection("mine", pd.DataFrame({"track_id": ["a" * 32]}), pd.DataFrame({"x": np.ones(1)}))
    assert list(choose_from(monkeypatch, [], table)) == ["table"]


def test_own_encoders_come_next_by_the_name_that_means_them(monkeypatch):
    found = [
        Found("mine-conv-vae-mel-2", "conv-vae", "mel"),
        Found("mine-conv-vae-mel-1", "conv-vae", "mel"),
        Found("mine-cvae-mel-1", "cvae", "mel", saw=True),
        Found("other-conv-ae-mel-1", "conv-ae", "mel", on="other"),
        Found("mine-mlp-vae-tfidf-1", "mlp-vae", "tfidf", modality="text"),
    ]
    offers = choose_from(monkeypatch, found, collection_of(path=["x.wav", "y.wav"]))
    own = [name for name in offers if name not in EXTRACTORS]
    assert list(offers)[0] == "musicnn" and own[:3] == [
        "conv-vae",
        "mine-conv-vae-mel-1",
        "cvae",
    ]  # conv-vae:mel would mean the newest, too
    assert (
        list(offers)[-1] == "other-conv-ae-mel-1"
        and "trained on other" in offers["other-conv-ae-mel-1"].title
    )
    assert "✱" in offers["cvae"].title and "labels" in offers["cvae"].help
    assert "✱" not in offers["conv-vae"].title
    assert not any("mlp-vae" in name for name in offers)


def test_words_are_those_of_the_registry(monkeypatch):
    offers = choose_from(monkeypatch, [], collection_of(path=["x.wav", ""]))
    assert offers["musicnn"].title == EXTRACTORS["musicnn"].title == "MusiCNN (pretrained)"
    assert (
        EXTRACTORS["musicnn"].help in offers["musicnn"].help
        and "*Pons & Serra 2019*" in offers["musicnn"].help
    )
    assert not any(EXTRACTORS[name].only_for_models for name in offers)
    assert (
        title_of_input("clip+sentence:somebody/model")
        == f"{EXTRACTORS['clip'].title} and sentence:somebody/model"
    )


def test_wording_comes_first_where_no_packaged_encoder_knows_the_language(monkeypatch):
    lyrics = {"lyrics": ["আমার সোনার বাংলা", "আমি তোমায় ভালোবাসি"]}
    bangla = choose_from(monkeypatch, [], collection_of(**lyrics, language=["Bangla", "bn"]), "text")
    assert list(bangla)[:2] == ["tfidf", "sentence"]
    for language in (["bn", "en"], ["de", "en"], ["", ""]):
        assert (
            next(iter(choose_from(monkeypatch, [], collection_of(**lyrics, language=language), "text")))
            == "sentence"
        )
