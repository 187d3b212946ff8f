"""Reconstructions of a track: values, errors and audio."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from core import collection as collections
from core.checkpoints.catalogue import Checkpoint
from core.checkpoints.checkpoint import load_checkpoint
from core.errors import AudioError, CollectionError, ConfigError
from core.features.spectral.mel import Mel, clip_db
from core.reconstruction.reconstruct import reconstruct, reconstruct_joint
from tests.reconstruction.small import FRONT, keep_model

CVAE = {"channels": (4, 4), "latent_dim": 2, "label_dim": 2}


def first(collection) -> str:
    return collection.tracks["track_id"].iloc[0]


def test_a_lossless_model_reconstructs_the_track_itself(tones, still):
    result = reconstruct(tones, still, first(tones), crop=1)
    front, path = Mel(**FRONT), tones.audio_paths()[0]
    np.testing.assert_array_equal(result.original, front.extract(path)[1].astype(np.float32))
    assert result.mse < 1e-5 < result.baseline_mse and result.rms_db < 0.1
    assert (result.crop, result.n_crops, result.label, result.labels) == (1, 2, "", ())
    plain = clip_db(front.log_mels(path)[1], front.top_db)
    np.testing.assert_allclose(result.scale.to_db(result.original), plain, atol=0.05)
    audio = result.to_audio()
    assert list(audio) == ["original", "reconstructed"] and max(
        np.abs(y).max() for y in audio.values()
    ) == pytest.approx(0.89, abs=1e-3)


def test_a_lossy_model_reports_its_error(tones, still):
    X = np.concatenate([Mel(**FRONT).extract(path) for path in tones.audio_paths()])
    little = keep_model("pca", {"n_components": 1}, "mel", X.shape[1:], front=FRONT, X=X)
    result = reconstruct(tones, little, first(tones))
    error = result.reconstructed - result.original
    assert result.mse == pytest.approx(np.square(error).mean(), rel=1e-5) and result.mse > 1e-3
    assert result.rms_db == pytest.approx(
        np.sqrt(
            np.square(result.scale.to_db(result.reconstructed) - result.scale.to_db(result.original)).mean()
        ),
        rel=1e-3,
    )
    still_picture = result.original.mean(axis=1, keepdims=True)
    assert result.baseline_mse == pytest.approx(np.square(still_picture - result.original).mean(), rel=1e-5)


def test_the_same_z_under_another_label(tones):
    checkpoint = keep_model("cvae", CVAE, "mel", (32, 32), labels=("fall", "rise"), front=FRONT)
    ids = dict(zip(tones.labels(), tones.tracks["track_id"]))
    result = reconstruct(tones, checkpoint, ids["rise"], label="fall")
    assert (result.label, result.other_label, result.labels, result.has_own_label) == (
        "rise",
        "fall",
        ("fall", "rise"),
        True,
    )
    assert not np.array_equal(result.reconstructed, result.relabelled)
    model, _ = load_checkpoint(checkpoint.path)
    z = model.eval().encode(torch.from_numpy(result.original)[None])
    for label, x in enumerate((result.relabelled, result.reconstructed)):
        np.testing.assert_allclose(x, model.decode(z, torch.tensor([label]))[0].detach(), atol=1e-5)
    same = reconstruct(tones, checkpoint, ids["rise"], label="rise")
    np.testing.assert_array_equal(same.reconstructed, same.relabelled)
    np.testing.assert_array_equal(same.reconstructed, result.reconstructed)
    assert list(result.to_audio()) == ["original", "reconstructed", "relabelled"]
    with pytest.raises(ConfigError, match="doesn't know the label 'jazz'; it knows fall, rise"):
        reconstruct(tones, checkpoint, ids["rise"], label="jazz")


def test_a_track_with_an_unknown_label(tones):
    checkpoint = keep_model("cvae", CVAE, "mel", (32, 32), labels=("jazz", "waltz"), front=FRONT)
    result = reconstruct(tones, checkpoint, first(tones))
    assert (result.label, result.has_own_label, result.relabelled) == ("jazz", False, None)


def test_vectors_are_judged_in_the_units_in_which_they_were_learnt(tmp_path):
    rng = np.random.default_rng(0)
    pd.DataFrame(
        {"wide": 1000 * rng.normal(size=9), "narrow": rng.normal(size=9), "third": rng.normal(size=9)}
    ).to_csv(tmp_path / "t.csv", index=False)
    table = collections.add(tmp_path / "t.csv", "t")
    X = rng.normal(size=(9, 3)).astype(np.float32) * [100, 1, 1]
    result = reconstruct(table, keep_model("pca", {"n_components": 1}, "table", (3,), X=X), first(table))
    unit = X.std(axis=0)
    assert result.is_z_scored and result.scale is None and result.rms_db is None and result.to_audio() == {}
    assert result.mse == pytest.approx(
        np.square((result.reconstructed - result.original) / unit).mean(), rel=1e-4
    )
    assert result.baseline_mse == pytest.approx(
        np.square((X.mean(axis=0) - result.original) / unit).mean(), rel=1e-4
    )


def test_text_is_read_one_track_at_a_time(tmp_path, monkeypatch):
    pd.DataFrame({"a": [1.0, 2.0, 5.0], "lyrics": ["one", "two", ""]}).to_csv(tmp_path / "w.csv", index=False)
    words = collections.add(tmp_path / "w.csv", "w")
    asked = []

    def extract(self, texts, progress=None):
        asked.append(texts)
        return np.full((len(texts), 4), len(texts[0]), np.float32)

    monkeypatch.setattr("core.features.pretrained.sentence.Sentence.extract_texts", extract)
    checkpoint = keep_model(
        "mlp-vae", {"hidden": (4,), "decoder_hidden": (4,), "latent_dim": 2}, "sentence", (4,)
    )
    assert reconstruct(words, checkpoint, words.tracks["track_id"].iloc[1]).original.tolist() == [
        3,
        3,
        3,
        3,
    ] and asked == [["two"]]


def test_audio_and_text_are_reconstructed_from_their_joint_latent(tones, monkeypatch):
    monkeypatch.setattr(
        "core.features.pretrained.sentence.Sentence.extract_texts",
        lambda self, texts, progress=None: np.ones((len(texts), 4), np.float32),
    )
    small = {"hidden": (4,), "decoder_hidden": (4,), "latent_dim": 2}
    checkpoint = keep_model("gated-vae", small, "mfcc+sentence", {"audio": (80,), "text": (4,)})
    captioned = replace(tones, tracks=tones.tracks.assign(caption="a tone"))
    results = reconstruct_joint(captioned, checkpoint, first(tones))
    assert {part: found.reconstructed.shape for part, found in results.items()} == {
        "audio": (80,),
        "text": (4,),
    }
    assert all(np.isfinite(found.mse) and found.is_z_scored for found in results.values())


def test_what_cannot_be_reconstructed_is_refused(tones, still):
    with pytest.raises(CollectionError, match="has no track 'nobody'"):
        reconstruct(tones, still, "nobody")
    with pytest.raises(ConfigError, match=r"crop=2 must lie in 0..1"):
        reconstruct(tones, still, first(tones), crop=2)
    with pytest.raises(ConfigError, match="has no decoder"):
        reconstruct(tones, keep_model("simclr", {}, "clip", (64, 188)), first(tones))
    Path(tones.audio_paths()[0]).write_bytes(b"no sound at all")
    with pytest.raises(AudioError):
        reconstruct(tones, still, first(tones))
    silent = replace(tones, tracks=tones.tracks.assign(path=""))
    with pytest.raises(AudioError, match="has no audio"):
        reconstruct(silent, still, first(tones))


def test_a_checkpoint_of_another_shape_is_refused(tones):
    other: Checkpoint = keep_model("cvae", CVAE, "mel", (32, 16), labels=("fall", "rise"), front=FRONT)
    with pytest.raises(
        ConfigError, match=r"reads input of shape \(32, 16\); this track's has shape \(32, 32\)"
    ):
        reconstruct(tones, other, first(tones))
