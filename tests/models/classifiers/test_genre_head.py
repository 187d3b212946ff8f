"""The few-shot head: its initialisation, unfreezing, and the gain of pretraining with few labels."""

import numpy as np
import pytest
import torch
from sklearn.metrics import f1_score

from core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from core.errors import CheckpointError, ConfigError
from core.models.classifiers.genre_head import GenreHead, GenreHeadConfig
from core.training.fit import fit_model
from tests.models.small import data_of

SOUND = {"n_patches": 2}


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("SONGSCAPE_CACHE", str(tmp_path / "store"))


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory):
    """A contrastive checkpoint over vectors of 20 numbers."""
    config = {"audio": SOUND, "text": {}}
    settings = {"latent_dim": "8", "projection_dim": "4", "epochs": "2"}
    model, meta = fit_model(
        "contrastive",
        data_of("contrastive", 30),
        input_extractor={"name": "musicnn+passages", "config": config},
        settings=settings,
    )
    return save_checkpoint(tmp_path_factory.mktemp("made") / "towers.safetensors", model, meta)


def fit(n=30, reads="musicnn", config=SOUND, **settings):
    X = np.random.default_rng(1).normal(size=(n, 20)).astype(np.float32)
    labels = np.arange(n) % 3 - 1
    return fit_model(
        "genre-head",
        X,
        input_extractor={"name": reads, "config": config},
        labels=labels,
        label_names=["a", "b"],
        settings={"epochs": "1", "hidden": "6", **settings},
    )


def test_it_has_the_published_sizes():
    model = GenreHead(GenreHeadConfig(), (64, 4219), 7)
    assert [tuple(m.weight.shape) for m in model.head if isinstance(m, torch.nn.Linear)] == [
        (512, 1024),
        (7, 512),
    ]
    assert sum(p.numel() for p in model.audio.encoder.parameters()) == 261_376
    assert GenreHeadConfig().unfreeze_epoch == 10


def test_a_pretrained_tower_stands_still_until_it_is_unfrozen(pretrained):
    donor, _ = load_checkpoint(pretrained)
    start = str(pretrained)
    frozen, _ = fit(start=start, epochs="3", unfreeze_epoch="4")
    never, _ = fit(start=start, epochs="3", unfreeze_epoch="0")
    moved, _ = fit(start=start, epochs="4", unfreeze_epoch="4")
    before = donor.audio.state_dict()
    for model in (frozen, never):
        assert all(torch.equal(before[k], v) for k, v in model.audio.state_dict().items())
    assert not torch.equal(before["to_v.weight"], moved.audio.to_v.weight)
    assert torch.equal(before["mean"], moved.audio.mean)


def test_frozen_batch_norms_stand_still():
    model = GenreHead(GenreHeadConfig(start="x", latent_dim=4), (64, 70), 2)
    before = {k: v.clone() for k, v in model.audio.state_dict().items()}
    batch = {"x": torch.randn(4, 64, 70), "label": torch.arange(4) % 2}
    model.train()
    model.start_epoch(9)
    model.forward_loss(batch)
    assert all(torch.equal(before[k], v) for k, v in model.audio.state_dict().items())
    model.train()
    model.start_epoch(10)
    model.forward_loss(batch)["total"].backward()
    assert any(not torch.equal(before[k], v) for k, v in model.audio.state_dict().items())
    assert all(p.grad is not None for p in model.audio.parameters())


def test_a_pretrained_tower_takes_smaller_steps_and_the_baseline_whole_ones():
    for start, rate in (("x", 0.1), ("", 1.0)):
        head, tower = GenreHead(GenreHeadConfig(start=start, latent_dim=4), (20,), 2).parameter_groups(1.0)
        assert "lr" not in head and tower["lr"] == pytest.approx(rate)
        assert len(head["params"]) == 4 and len(tower["params"]) == 2


def test_its_checkpoint_needs_no_other_file(pretrained, tmp_path):
    model, meta = fit(start=str(pretrained), epochs="2")
    path = save_checkpoint(tmp_path / "head.safetensors", model, meta)
    loaded, read = load_checkpoint(path)
    assert read["config"]["start"] == "towers" and loaded.latent_dim == 8 and read["sees_labels"]
    x = torch.randn(5, 20)
    assert torch.equal(loaded(x), model(x)) and torch.equal(loaded.encode(x), model.encode(x))


def test_unlabelled_tracks_are_left_out():
    model, meta = fit()
    assert meta["labels"] == ["a", "b"] and meta["n_tracks"] == 20 and model.n_labels == 2


def test_held_out_accuracy_is_told():
    _, meta = fit(held_out="0.3")
    assert {"val_accuracy", "val_total", "train_accuracy"} <= set(meta["history"]["rows"][0])


def test_what_it_cannot_start_from_is_said(pretrained, tmp_path):
    with pytest.raises(
        CheckpointError, match="start='nothing' is no checkpoint.*train contrastive first|demo-contrastive"
    ):
        fit(start="nothing")
    with pytest.raises(
        ConfigError, match="start=towers reads musicnn, n_patches=2.*mel.*train genre-head:musicnn"
    ):
        fit(start=str(pretrained), reads="mel")
    with pytest.raises(ConfigError, match="n_patches=3"):
        fit(start=str(pretrained), config={"n_patches": 3})
    baseline, meta = fit()
    path = save_checkpoint(tmp_path / "base.safetensors", baseline, meta)
    with pytest.raises(CheckpointError, match="genre-head without an audio tower|a genre-head"):
        fit(start=str(path))


@pytest.mark.parametrize(
    "bad", [{"unfreeze_epoch": -1}, {"encoder_lr": 0.0}, {"hidden": 0}, {"latent_dim": 0}]
)
def test_settings_out_of_range_are_refused_by_name(bad):
    with pytest.raises(ConfigError, match=next(iter(bad))):
        GenreHeadConfig(**bad)


def test_pretraining_helps_where_labels_are_few(tmp_path):
    """Text that reveals the class is used only in pretraining; there are three labelled tracks per class."""
    rng = np.random.default_rng(0)
    label = np.arange(1512) % 4
    kind = 2 * np.eye(4)[label] + 0.3 * rng.normal(size=(1512, 4))
    sound = (0.2 * kind @ rng.normal(size=(4, 60)) + rng.normal(size=(1512, 60))).astype(np.float32)
    words = (
        np.repeat((kind @ rng.normal(size=(4, 12)))[:, None], 4, 1) + 0.1 * rng.normal(size=(1512, 4, 12))
    ).astype(np.float32)
    seen, few, test = slice(0, 1200), slice(1200, 1212), slice(1212, None)
    pairs = {"audio": sound[seen], "text": words[seen]} | {
        f"{m}_present": np.ones(1200, bool) for m in ("audio", "text")
    }
    settings = {
        "latent_dim": "32",
        "projection_dim": "16",
        "epochs": "6",
        "objective": "1-text",
        "lr": "0.003",
    }
    reads = {"name": "table+passages", "config": {"audio": {}, "text": {}}}
    path = save_checkpoint(
        tmp_path / "towers.safetensors",
        *fit_model("contrastive", pairs, input_extractor=reads, settings=settings),
    )

    def f1_of(**extra):
        head, _ = fit_model(
            "genre-head",
            sound[few],
            input_extractor={"name": "table", "config": {}},
            labels=label[few],
            label_names=list("abcd"),
            settings={"epochs": "25", "latent_dim": "32", "hidden": "32", **extra},
        )
        predicted = head(torch.from_numpy(sound[test])).argmax(1)
        return f1_score(label[test], predicted.numpy(), average="macro")

    baseline, pretrained = f1_of(), f1_of(start=str(path))
    assert baseline < pretrained - 0.1, (baseline, pretrained)
