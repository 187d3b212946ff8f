"""ALNet: the two-part loss as printed, tracks that lack a modality, and the gate."""

import math

import pytest
import torch

from core.errors import ConfigError
from core.models.classifiers.alnet import ALNet, ALNetConfig
from tests.models.small import small_model


def mixed():
    """A small model ready to encode, and a batch of which rows 0-3 lack words and rows 4-7 sound."""
    model, batch = small_model("alnet")
    batch["text_present"] = torch.arange(12) >= 4
    batch["audio_present"] = (torch.arange(12) < 4) | (torch.arange(12) >= 8)
    return model.eval(), batch


@torch.no_grad()
def test_the_loss_adds_up_as_printed():
    model, batch = small_model("alnet")
    model.eval()
    parts = model.forward_loss(batch)
    assert model.config.contrastive_weight == 0.05 and set(parts) == {
        "total",
        "classification",
        "contrastive",
        "hit_share",
    }
    torch.testing.assert_close(parts["total"], parts["classification"] + 0.05 * parts["contrastive"])
    assert parts["contrastive"] > 0


@torch.no_grad()
def test_the_contrast_equals_a_slow_transcription():
    model, batch = small_model("alnet")
    model.eval()
    tau = model.config.temperature
    audio = model.to_width["audio"](model.audio(batch["audio"])).mean(1)
    states, there = model.text.states(batch["text"])
    states = model.to_width["text"](states)
    text = torch.stack([row[own].mean(0) for row, own in zip(states, there)])
    slow = 0.0
    for k in range(12):
        s = [torch.nn.functional.cosine_similarity(audio[k], text[j], dim=0).item() / tau for j in range(12)]
        slow -= (
            math.log(math.exp(s[k]) / (sum(math.exp(s[j]) for j in range(12) if j != k) + math.exp(s[k])))
            / 12
        )
    assert model.forward_loss(batch)["contrastive"].item() == pytest.approx(slow, rel=1e-3)


@torch.no_grad()
def test_the_joint_latent_is_the_mean_over_all_states():
    model, batch = small_model("alnet")
    model.eval()
    one = {key: value[:1] for key, value in batch.items()}
    audio = model.to_width["audio"](model.audio(one["audio"])) + model.modality["audio"]
    states, there = model.text.states(one["text"])
    text = model.to_width["text"](states)[there][None] + model.modality["text"]
    expected = model.norm(model.fusion(torch.cat([audio, text], 1))).mean(1)
    torch.testing.assert_close(model.encode_joint(one), expected, rtol=1e-3, atol=1e-5)
    torch.testing.assert_close(
        model.encode_joint(batch)[:1], expected, rtol=1e-3, atol=1e-5
    )  # neighbours and padding change nothing


@torch.no_grad()
def test_a_track_that_lacks_one_is_read_from_the_other():
    model, batch = mixed()
    z, gate, probability = model.encode_joint(batch), model.gate(batch), model.predict_genres(batch)
    torch.testing.assert_close(model.encode_audio(batch["audio"][:4]), z[:4], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(model.encode_text(batch["text"][4:8]), z[4:8], rtol=1e-4, atol=1e-5)
    assert (gate[:4] == 1).all() and (gate[4:8] == 0).all() and ((gate[8:] > 0) & (gate[8:] < 1)).all()
    assert not torch.allclose(model.encode_audio(batch["audio"][8:]), z[8:], atol=1e-3)
    batch["audio"][4:8], batch["text"][:4] = 1e4, 7
    assert torch.equal(model.encode_joint(batch), z) and torch.equal(model.predict_genres(batch), probability)


def test_tracks_that_lack_one_take_no_part_in_the_contrast_and_all_learn():
    model, batch = mixed()
    whole = {key: value[8:] for key, value in batch.items()}
    torch.testing.assert_close(
        model.forward_loss(batch)["contrastive"],
        model.forward_loss(whole)["contrastive"],
        rtol=1e-4,
        atol=1e-5,
    )
    model.train().forward_loss(batch)["total"].backward()
    for key, parameter in model.named_parameters():
        assert (
            parameter.grad is not None and parameter.grad.isfinite().all() and parameter.grad.abs().sum() > 0
        ), key


@pytest.mark.parametrize("lacking", ["audio", "text"])
def test_a_batch_of_sound_alone_or_words_alone_is_learnt(lacking):
    model, batch = small_model("alnet")
    batch[f"{lacking}_present"] = torch.zeros(12, dtype=torch.bool)
    parts = model.forward_loss(batch)
    assert parts["total"].isfinite() and parts["contrastive"] == 0
    model.eval()
    assert (model.gate(batch) == (lacking == "text")).all()


def test_crops_of_one_track_are_no_negatives_of_each_other():
    model, batch = small_model("alnet")
    model.eval()
    twice = {key: torch.cat([value[:1], value[:1]]) for key, value in batch.items()}
    assert model.forward_loss(twice)["contrastive"].item() == pytest.approx(0, abs=1e-6)


def test_a_text_without_any_piece_is_finite():
    model, batch = small_model("alnet")
    batch["text"][3] = 0
    parts = model.forward_loss(batch)
    assert all(value.isfinite() for value in parts.values())
    parts["total"].backward()
    assert all(p.grad.isfinite().all() for p in model.parameters())


def test_hiding_happens_in_training_alone():
    torch.manual_seed(0)
    model = ALNet(
        ALNetConfig(channels=(4,), latent_dim=8, modality_dropout=1.0), {"audio": (16, 32), "text": (12,)}, 3
    )
    _, batch = small_model("alnet")
    assert (
        model.forward_loss(batch)["contrastive"] == 0 and model.eval().forward_loss(batch)["contrastive"] > 0
    )


@pytest.mark.parametrize(
    "bad",
    [
        {"temperature": 0.0},
        {"contrastive_weight": -1.0},
        {"modality_dropout": 2.0},
        {"n_heads": 3},
        {"latent_dim": 0},
        {"channels": ()},
        {"dropout": 1.0},
        {"encoder_lr": 0.0},
        {"text_backbone": " "},
        {"audio_backbone": ""},
        {"audio_weights": ""},
        {"n_layers": 0},
    ],
)
def test_settings_out_of_range_are_refused_by_name(bad):
    with pytest.raises(ConfigError, match=next(iter(bad))):
        ALNetConfig(**bad)
