"""Search of audio by a phrase: with CLAP and with trained two-tower models."""

import os

import numpy as np
import pandas as pd
import pytest
import soundfile

from core import store
from core.checkpoints.content import content_hash
from core.collection import Collection
from core.collection.saved import save
from core.errors import CheckpointError, MissingCheckpoint
from core.search import search
from tests.search.songs import collection_of, first, reasons, searched


@pytest.fixture
def sounds(tmp_path) -> Collection:
    rows, rng = [], np.random.default_rng(0)
    for i in range(5):
        y = (np.sin(np.arange(48_000) * 0.01 * (i + 1)) + 0.3 * rng.standard_normal(48_000)).astype(
            np.float32
        ) / 4
        soundfile.write(tmp_path / f"{i}.wav", y, 48_000)
        rows.append(
            {
                "title": f"tone {i}",
                "path": str(tmp_path / f"{i}.wav"),
                "lyrics": ["abc", "xyz", "night", "river", "sun"][i],
            }
        )
    made = collection_of(pd.DataFrame(rows), "tones")
    save(made)
    return made


def test_clap_compares_the_phrase_with_audio(sounds, tmp_path):
    from core.features.pretrained.clap import ClapAudio, ClapText
    from tests.features.pretrained.clap_folder import save_clap

    folder = str(save_clap(tmp_path / "clap"))
    found = search(sounds, "quick fox", through=f"clap:{folder}")
    X = np.stack([ClapAudio(folder).extract(path) for path in sounds.audio_paths()])
    cosines = X @ ClapText(folder).extract_texts(["quick fox"])[0]
    assert found.table["title"].tolist() == [f"tone {i}" for i in np.argsort(-cosines)]
    np.testing.assert_allclose(found.table["score"], np.sort(cosines)[::-1], atol=1e-4)
    assert searched(found) == f"Searched audio with CLAP ({folder})." and set(reasons(found)) == {
        "audio, by CLAP"
    }


@pytest.fixture
def towers(sounds, monkeypatch):
    """A checkpoint of fake towers that maps the lyrics of each track to its audio."""
    from dataclasses import asdict

    import torch

    from core.checkpoints.checkpoint import save_checkpoint
    from core.features import extract_features, get_extractor
    from core.inputs.input_arrays import as_read
    from core.models import MODELS
    from tests.search.fake_towers import SPEC, FakeTowers

    monkeypatch.setitem(MODELS, "fake-towers", SPEC)
    mfcc, sentence = get_extractor("mfcc"), get_extractor("sentence")
    X = as_read(mfcc, extract_features(sounds, mfcc).X)
    T = sentence.extract_texts(list(sounds.tracks["lyrics"]))
    torch.manual_seed(0)
    model = FakeTowers(FakeTowers.Config(), {"audio": X.shape[1:], "text": T.shape[1:]})
    with torch.no_grad():
        back = np.linalg.pinv(X @ model.audio.weight.numpy().T)
        model.audio_z.weight.copy_(torch.from_numpy(back.T))
        model.text.weight.copy_(torch.from_numpy(np.linalg.pinv(T).T))
    path = store.folder("checkpoints") / "tones-fake.safetensors"
    configs = {"audio": asdict(mfcc), "text": asdict(sentence)}
    save_checkpoint(
        path,
        model,
        {
            "input": {"name": "mfcc+sentence", "config": configs},
            "collection": {"name": "tones", "source": "here"},
        },
    )
    return path


@pytest.mark.parametrize("through", ["tones-fake", "fake-towers", "the file", None])
def test_trained_towers_find_the_track_of_a_phrase(sounds, towers, through):
    for i, lyrics in enumerate(sounds.tracks["lyrics"]):
        found = search(sounds, lyrics, through=str(towers) if through == "the file" else through)
        assert (
            first(found) == f"tone {i}"
            and found.table["score"].iloc[0] > 0.99 > 0.1 > found.table["score"].iloc[1]
        )
        assert searched(found) == "Searched audio with the contrastive model tones-fake."
        assert set(reasons(found)) == {"audio, by the contrastive model"}


def test_name_matches_come_first_unless_towers_are_selected(sounds, towers):
    found = search(sounds, "tone 4")
    assert (
        first(found) == "tone 4"
        and reasons(found)[0] == "title matches exactly"
        and "come first" in searched(found)
    )
    assert "title matches exactly" not in set(reasons(search(sounds, "tone 4", through="tones-fake")))
    assert first(search(sounds, "tone 4", through="tones-fake", names_first=True)) == "tone 4"


def test_a_trained_contrastive_model_finds_the_group_of_a_phrase(numbers):
    """The real model, trained briefly on three groups of features and texts."""
    from core.training.train_collection import train_model

    save(numbers)
    train_model(
        "numbers",
        "contrastive:table+passages",
        {"epochs": "30", "batch_size": "12", "latent_dim": "16", "projection_dim": "8"},
    )
    found = search(numbers, "gold and sun", limit=12)
    assert {int(title.split()[1]) % 3 for title in found.table["title"][:4]} == {1} and found.table[
        "score"
    ].iloc[3] > found.table["score"].iloc[4] + 0.1
    assert "Searched table features with the contrastive model numbers-contrastive" in searched(found)
    same = search(numbers, "gold and sun", through="contrastive", limit=12)
    np.testing.assert_allclose(same.table["score"], found.table["score"])


def test_towers_with_slow_extraction_are_used_only_if_selected(sounds, towers, monkeypatch):
    monkeypatch.setattr("core.search.cross_modal.estimate", lambda *a, **k: (9_000, 540.0))
    assert "by sentence embedding" in searched(search(sounds, "river"))
    assert "with the contrastive model" in searched(search(sounds, "river", through="fake-towers"))


def test_equal_scores_are_reported_unless_names_match(sounds, towers, monkeypatch):
    assert "same score" not in searched(search(sounds, "river", through="tones-fake"))
    monkeypatch.setattr(
        "core.search.cross_modal.cosines", lambda X, present, x: np.where(present, 0.25, -np.inf)
    )
    assert searched(search(sounds, "river", through="tones-fake")).endswith(
        "tones-fake. All results have the same score."
    )
    assert "same score" not in searched(search(sounds, "tone 4"))
    assert "same score" not in searched(search(collection_of(), "chopin", limit=2))


def test_towers_of_another_collection_are_not_used(sounds, towers):
    other = Collection("other", sounds.tracks, info={"kind": "table", "source": "there"})
    assert "by sentence embedding" in searched(search(other, "river", limit=1))


def test_an_unsupported_script_is_searched_in_texts_or_reported(sounds, towers):
    assert "by matching words only" in searched(search(sounds, "গান"))
    assert "not trained on the script of this phrase, so the order is unreliable" in searched(
        search(sounds, "গান", through="tones-fake")
    )


def test_audio_is_encoded_once(sounds, towers, monkeypatch):
    search(sounds, "river")
    monkeypatch.setattr("core.features.spectral.mfcc.Mfcc.extract", lambda *a: pytest.fail("read again"))
    monkeypatch.setattr(
        "tests.search.fake_towers.FakeTowers.project_audio_latents", lambda *a: pytest.fail("projected again")
    )
    calls = []
    from core.training import encode as module

    real = module.encode
    monkeypatch.setattr(module, "encode", lambda *a, **k: calls.append(k["modality"]) or real(*a, **k))
    search(sounds, "night")
    assert calls == ["text"]


def test_renamed_towers_reuse_cached_latents(sounds, towers, monkeypatch):
    scores = search(sounds, "river", through="tones-fake").table["score"].tolist()
    towers.rename(towers.with_name("renamed.safetensors"))
    os.utime(towers.with_name("renamed.safetensors"), (1, 1))
    monkeypatch.setattr(
        "core.representation.represent.encode_features", lambda *a: pytest.fail("encoded again")
    )
    monkeypatch.setattr(
        "tests.search.fake_towers.FakeTowers.project_audio_latents", lambda *a: pytest.fail("projected again")
    )
    assert search(sounds, "river", through="renamed").table["score"].tolist() == scores
    digits = content_hash(towers.with_name("renamed.safetensors"))[:8]
    assert search(sounds, "river", through=digits).table["score"].tolist() == scores


def test_other_representations_are_refused(sounds):
    with pytest.raises(MissingCheckpoint, match="conv-vae.*train it with"):
        search(sounds, "x", through="conv-vae")
    for nothing in ("nonsense", "mel"):
        with pytest.raises(
            CheckpointError,
            match=f"'{nothing}' is not supported; choose contrastive, clap, .*, words, or the name",
        ):
            search(sounds, "x", through=nothing)


def test_a_model_of_one_modality_is_refused():
    from core import collection as collections

    demo = collections.add("demo", "demo")
    with pytest.raises(CheckpointError, match="no two towers.*conv-vae over mel.*choose contrastive"):
        search(demo, "x", through="conv-vae")


def test_of_the_shipped_checkpoints_only_the_contrastive_ones_compare_text_with_audio():
    from core.checkpoints.catalogue import list_checkpoints
    from core.search.cross_modal import has_towers

    shipped = {c.model: has_towers(c) for c in list_checkpoints() if c.is_shipped}
    assert "mae" in shipped
    assert {model for model, able in shipped.items() if able} == {"contrastive"}


def test_a_joint_model_without_shared_space_is_refused():
    from core import collection as collections

    demo = collections.add("demo", "demo")
    assert (
        searched(search(demo, "a slow sad song for choir"))
        == "Searched audio with the contrastive model demo-contrastive."
    )
    with pytest.raises(CheckpointError, match="no two towers.*mae over fbank"):
        search(demo, "x", through="mae")
