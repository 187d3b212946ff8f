"""The masked autoencoder learns patches from neighbours and text from audio, and helps with few labels.

Made-up tracks of four kinds: a spectrogram is its kind's picture, moved by chance and with noise, and its
words are mostly its kind's.
"""

import numpy as np
import pytest
import torch

from core.checkpoints.checkpoint import save_checkpoint
from core.models.masked.mae import MAE
from core.models.masked.mae_classifier import MAEClassifier
from core.models.masked.mae_config import MAEConfig
from core.models.masked.masking import patchify
from core.models.train_config import TrainConfig
from core.training.encode import encode, predict_genres
from core.training.fit import fit_model
from core.training.loop import train

pytestmark = pytest.mark.slow

SHAPE = {"audio": (16, 16), "text": (8,)}
SIZES = {
    "dim": 32,
    "n_heads": 4,
    "audio_layers": 1,
    "text_layers": 1,
    "patch": 4,
    "n_words": 40,
    "word_dim": 32,
    "decoder_dim": 32,
    "decoder_layers": 1,
}
EQUAL = {
    "audio_error": "mean",
    "text_error_weight": 0.1,
    "temperature": 0.2,
    "audio_mask_ratio": 0.5,
    "text_mask_ratio": 0.5,
}
N_KINDS = 4


def make_tracks(n, seed, noise=0.2):
    """Data as training takes it, and each track's kind."""
    rng, pictures = (
        np.random.default_rng(seed),
        np.random.default_rng(0).normal(size=(N_KINDS, 4, 4)).repeat(4, 1).repeat(4, 2),
    )
    kind = np.arange(n) % N_KINDS
    audio = pictures[kind] * rng.uniform(0.7, 1.3, size=(n, 1, 1)) + noise * rng.normal(size=(n, 16, 16))
    own = rng.random((n, 8)) < 0.8
    words = (
        np.where(own, 10 * kind[:, None] + rng.integers(0, 10, size=(n, 8)), rng.integers(0, 40, size=(n, 8)))
        + 1
    )
    there = {f"{m}_present": np.ones(n, bool) for m in SHAPE}
    return {"audio": audio.astype(np.float32), "text": words.astype(np.int32), **there}, kind


@pytest.fixture(scope="module")
def learnt():
    """A model that saw 200 tracks without their kinds."""
    torch.manual_seed(0)
    model = MAE(MAEConfig(**SIZES, **EQUAL), SHAPE)
    train(model, make_tracks(200, 1)[0], TrainConfig(epochs=14, batch_size=40, lr=8e-3, beta2=0.95))
    return model


def test_hidden_patches_of_unseen_tracks_are_drawn_better_than_by_the_mean_patch(learnt):
    known, (data, _) = torch.from_numpy(make_tracks(200, 1)[0]["audio"]), make_tracks(80, 2)
    unseen, words = torch.from_numpy(data["audio"]), torch.from_numpy(data["text"].astype(np.int64))
    untrained = MAE(MAEConfig(**SIZES, **EQUAL), SHAPE).eval()
    untrained.fit_statistics({"audio": known.numpy()})
    guesses = {
        name: model.inpaint(unseen, mask_ratio=0.5, seed=0, text=words)
        for name, model in (("learnt", learnt), ("untrained", untrained))
    }
    hidden = guesses["learnt"][1]
    mean_patch = patchify(known, 4).mean((0, 1)).view(4, 4).repeat(4, 4).expand_as(unseen)
    error = {
        name: (guess - unseen)[hidden].square().mean().item()
        for name, guess in {**{k: g for k, (g, _) in guesses.items()}, "mean": mean_patch}.items()
    }
    assert error["untrained"] > 0.95 * error["mean"], "the control: nothing learnt, nothing gained"
    assert error["learnt"] < 0.7 * error["mean"]


def test_words_of_unseen_tracks_lie_near_their_sound_and_others_do_not(learnt):
    data, kind = make_tracks(80, 3)
    A, T = (encode(learnt, data[m], modality=m) for m in ("audio", "text"))
    A, T = (Z / np.linalg.norm(Z, axis=1, keepdims=True) for Z in (A, T))
    same_kind = kind[(A @ T.T).argmax(1)] == kind
    rng = np.random.default_rng(0)
    shuffled = np.mean([kind[(A @ T[rng.permutation(80)].T).argmax(1)] == kind for _ in range(50)])
    assert 0.2 < shuffled < 0.3 < 0.8 < same_kind.mean(), "a quarter is chance"


def test_few_labels_profit_from_what_was_learnt_without_any(learnt, tmp_path):
    path = save_checkpoint(
        tmp_path / "start.safetensors", learnt, {"input": {"name": "fbank+wordpieces", "config": {}}}
    )
    held, kind = make_tracks(200, 5)
    gains = []
    for seed in range(4):
        few, label = make_tracks(N_KINDS, 10 + seed)  # one of each kind
        right = {}
        for start in ("", str(path)):
            settings = {
                key: str(value)
                for key, value in SIZES.items()
                if not key.startswith("decoder") and key != "n_words"
            } | {"epochs": "12", "lr": "3e-3", "seed": str(seed), "start": start}
            model, meta = fit_model(
                "mae-classifier",
                few,
                input_extractor={"name": "fbank+wordpieces"},
                labels=label,
                label_names=list("abcd"),
                settings=settings,
            )
            right[start] = (predict_genres(model, held).argmax(1) == kind).mean()
        assert ("the encoder of start" in meta["started_from"]) and isinstance(model, MAEClassifier)
        gains.append(right[str(path)] - right[""])
    assert np.mean(gains) > 0.05 and min(gains) > 0, gains
