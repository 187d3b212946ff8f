"""The masked autoencoder: published sizes, shared parameters, published losses, missing modalities."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.errors import ConfigError
from core.models import get_model
from core.models.masked.mae import MAE
from core.models.masked.mae_config import PRESETS, MAEConfig
from core.models.shared_layers import grid_positions, sinusoids
from core.training.settings import parse_settings
from tests.models.small import small_model

PUBLISHED_SHAPE = {"audio": (128, 512), "text": (256,)}


@pytest.fixture
def small():
    """A small model with the printed weights, and a batch."""
    model, batch = small_model("mae")
    model.config = replace(model.config, audio_error="sum", text_error_weight=1000.0, contrastive_weight=1.0)
    return model, batch


@pytest.mark.parametrize(
    ("preset", "least", "most"),
    [("published", 129e6, 131e6), ("published-small", 80e6, 83e6), ("tiny", 2e6, 6e6)],
)
def test_sizes_are_the_published_ones(preset, least, most):
    config, training = parse_settings(MAE, {"preset": preset})
    with torch.device("meta"):
        model = MAE(config, PUBLISHED_SHAPE)
    assert least < sum(p.numel() for p in model.parameters()) < most
    assert config.n_words == model.encoder.embed_word.num_embeddings == 30_522
    assert (
        model.encoder.patch_positions.shape[0] == 8 * 32
        and config.audio_mask_ratio == config.text_mask_ratio == 0.75
    )
    n_layers = [
        len(stack)
        for stack in (
            model.encoder.audio_layers,
            model.encoder.text_layers,
            model.encoder.joint_layers,
            model.decoder,
        )
    ]
    assert (
        n_layers == {"published": [5, 5, 1, 4], "published-small": [2, 2, 1, 2], "tiny": [2, 2, 1, 2]}[preset]
    )
    if preset != "tiny":
        assert (
            config.text_error_weight,
            config.reconstruction_weight,
            config.audio_error,
            config.temperature,
        ) == (1000, 1, "sum", 0.05)
        assert (training.epochs, training.batch_size, training.lr, training.weight_decay) == (
            50,
            48,
            5e-5,
            5e-7,
        )
        assert [training.lr_share(epoch) for epoch in (1, 9, 10, 19, 20, 50)] == [
            1,
            1,
            0.5,
            0.5,
            0.25,
            0.5**5,
        ]


def test_each_preset_is_a_whole_config():
    for preset in PRESETS:
        config, _ = parse_settings(MAE, {"preset": preset, "text_mask_ratio": "0.5"})
        assert config.preset == preset and config.text_mask_ratio == 0.5
    with pytest.raises(ConfigError, match="preset='huge'"):
        parse_settings(MAE, {"preset": "huge"})


def test_streams_share_all_but_their_layer_norms(small):
    model, batch = small
    model.eval()

    def encode():
        return {
            "audio": model.encode_audio(batch["audio"]),
            "text": model.encode_text(batch["text"]),
            "joint": model.encode_joint(batch),
        }

    before = encode()
    for stream in before:
        norms = [
            model.encoder.norm[stream],
            *(norm[stream] for layer in model.encoder.joint_layers for norm in (layer.norm1, layer.norm2)),
        ]
        for norm in norms:
            with torch.no_grad():
                norm.weight.mul_(1.5)
            changed = {name for name, z in encode().items() if not torch.equal(z, before[name])}
            assert changed == {stream}
            with torch.no_grad():
                norm.weight.div_(1.5)
        before = encode()
    with torch.no_grad():
        model.encoder.joint_layers[0].attention.qkv.weight.mul_(1.5)
    assert all(not torch.equal(z, before[name]) for name, z in encode().items()), "attention is shared"


def test_what_is_hidden_never_reaches_the_encoder(small):
    model, batch = small
    ratios = {"audio": 0.5, "text": 0.5}
    torch.manual_seed(3)
    kept, masked = model.forward_encoder(batch, ratios)
    hidden = (
        masked["audio"].mask.view(12, 2, 4).repeat_interleave(8, 1).repeat_interleave(8, 2)
    )  # (n, 16, 32)
    other = batch | {
        "audio": torch.where(hidden, 99.0, batch["audio"]),
        "text": torch.where(masked["text"].mask, 1 + batch["text"] % 30, batch["text"]),
    }
    torch.manual_seed(3)
    again, _ = model.forward_encoder(other, ratios)
    for m in kept:
        torch.testing.assert_close(again[m][masked[m].visible_valid], kept[m][masked[m].visible_valid])


def test_losses_are_the_printed_ones(small):
    model, batch = small
    model.eval()
    torch.manual_seed(5)
    parts = model.forward_loss(batch)
    torch.manual_seed(5)
    n_longest = int((batch["text"] > 0).sum(1).max())
    batch["text"] = batch["text"][:, :n_longest]
    kept, masked = model.forward_encoder(batch, {"audio": 0.75, "text": 0.75})
    pixels, words = model.forward_decoder(kept, masked)
    patches, logits = model.encoder.patches(batch["audio"]), model.token_logits(words)
    n, audio, text, contrast, c = 12, 0.0, 0.0, 0.0, {}
    for k in range(n):
        for i in range(8):  # equation 4.10: the squared Frobenius norm of all hidden patches
            if masked["audio"].mask[k, i]:
                audio += ((pixels[k, i] - patches[k, i]) ** 2).sum().item() / n
        gone = [i for i in range(n_longest) if masked["text"].mask[k, i]]
        for i in gone:  # equation 4.13
            text -= torch.log_softmax(logits[k, i], 0)[batch["text"][k, i] - 1].item() / len(gone) / n
    for m in ("audio", "text"):  # equations 4.16 and 4.17
        h = model.encoder.forward_joint(kept[m], masked[m].visible_valid, m)
        c[m] = [h[k][masked[m].visible_valid[k]].mean(0) for k in range(n)]
    cosine = torch.stack(
        [torch.stack([torch.cosine_similarity(a, t, dim=0) for t in c["text"]]) for a in c["audio"]]
    ).detach()
    for k in range(n):  # equation 4.18
        contrast -= (cosine[k, k] / 0.1 - torch.logsumexp(cosine[k] / 0.1, 0)).item() / n
    assert parts["audio_error"].item() == pytest.approx(audio, rel=1e-4)
    assert parts["text_error"].item() == pytest.approx(text, rel=1e-4)
    assert parts["contrastive"].item() == pytest.approx(contrast, rel=1e-3)
    assert parts["accuracy"].item() == pytest.approx(
        (cosine.argmax(1) == torch.arange(n)).float().mean().item()
    )
    config = model.config  # equations 4.15 and 4.19
    assert parts["total"].item() == pytest.approx(
        contrast + config.reconstruction_weight * (audio + config.text_error_weight * text), rel=1e-4
    )
    n_pixels = int(masked["audio"].mask.sum()) * 64 / n
    assert parts["pixel_error"].item() == pytest.approx(audio / n_pixels, rel=1e-4)


def test_words_that_are_too_many_to_hold_give_the_same_loss_and_gradient(small, monkeypatch):
    model, batch = small

    def gradient():
        torch.manual_seed(0)
        model.zero_grad()
        missed = model.forward_loss(batch)["text_error"]
        missed.backward()
        return missed.detach(), model.encoder.embed_word.weight.grad.clone()

    whole = gradient()
    monkeypatch.setattr("core.models.masked.mae.WORDS_PER_CHUNK", 7)
    for a, b in zip(gradient(), whole):
        torch.testing.assert_close(a, b)


def test_a_track_that_lacks_one_may_hold_anything_there(small):
    model, batch = small
    model.eval()
    batch["audio_present"] = torch.arange(12) >= 4
    batch["text"] = torch.where(
        (torch.arange(12) < 8)[:, None], batch["text"], 0
    )  # rows 8 to 11 have no words
    z, gate = model.encode_joint(batch), model.gate(batch)
    assert (gate[:4] == 0).all() and (gate[8:] == 1).all() and ((gate[4:8] > 0) & (gate[4:8] < 1)).all()

    def parts():
        torch.manual_seed(0)
        return model.forward_loss(batch)

    before = parts()
    batch["audio"] = torch.where(batch["audio_present"][:, None, None], batch["audio"], 1e3)
    assert torch.allclose(model.encode_joint(batch), z) and all(
        torch.equal(value, before[name]) for name, value in parts().items()
    )
    assert not model.encode_text(torch.zeros(2, 12, dtype=torch.long)).any()


def test_a_batch_with_one_modality_alone_can_still_be_learnt_from(small):
    model, batch = small
    for lacking in (
        {"text": torch.zeros_like(batch["text"])},
        {"audio_present": torch.zeros(12, dtype=torch.bool)},
    ):
        parts = model.forward_loss(batch | lacking)
        assert (
            all(value.isfinite() for value in parts.values())
            and parts["contrastive"] == parts["accuracy"] == 0
        )
        parts["total"].backward()
        assert all(p.grad is None or p.grad.isfinite().all() for p in model.parameters())


def test_padding_changes_nothing(small):
    model, batch = small
    model.eval()
    short = torch.zeros_like(batch["text"])
    short[:, :3] = batch["text"][:, :3]
    torch.testing.assert_close(model.encode_text(short)[:1], model.encode_text(short[:1, :3]))
    mixed = torch.cat([short[:1], batch["text"][1:]])
    torch.testing.assert_close(model.encode_text(mixed)[:1], model.encode_text(short[:1]))


def test_inpainting_redraws_what_is_hidden_and_nothing_else(small):
    model, batch = small
    model.eval()
    restored, hidden = model.inpaint(batch["audio"], mask_ratio=0.5, seed=1)
    assert hidden.float().mean() == 0.5 and torch.equal(restored[~hidden], batch["audio"][~hidden])
    assert not torch.isclose(restored[hidden], batch["audio"][hidden]).all()
    assert torch.equal(model.inpaint(batch["audio"], mask_ratio=0.5, seed=1)[0], restored)
    assert not torch.equal(model.inpaint(batch["audio"], mask_ratio=0.5, seed=2)[1], hidden)
    squares = hidden.view(12, 2, 8, 4, 8).float().mean((2, 4))
    assert set(squares.unique().tolist()) == {0.0, 1.0}, "whole patches are hidden"
    other, _ = model.inpaint(torch.where(hidden, 50.0, batch["audio"]), mask_ratio=0.5, seed=1)
    torch.testing.assert_close(other[hidden], restored[hidden])
    with_words, _ = model.inpaint(batch["audio"], mask_ratio=0.5, seed=1, text=batch["text"])
    assert not torch.equal(with_words, restored)


def test_positions_tell_rows_from_columns():
    P = grid_positions(2, 3, 8).view(2, 3, 8)
    assert torch.equal(P[0, :, 4:], P[0, :1, 4:].expand(3, 4)) and torch.equal(
        P[:, 0, :4], P[:1, 0, :4].expand(2, 4)
    )
    assert len({tuple(place.tolist()) for place in P.view(6, 8)}) == 6
    slow = [np.sin(5 / 10_000 ** (i / 2)) for i in range(2)] + [
        np.cos(5 / 10_000 ** (i / 2)) for i in range(2)
    ]
    np.testing.assert_allclose(sinusoids(np.array([5]), 4)[0], slow, rtol=1e-6)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"dim": 10}, "dim=10 must be a multiple of 4"),
        ({"n_heads": 3}, "n_heads=3"),
        ({"decoder_dim": 30}, "decoder_dim=30"),
        ({"audio_mask_ratio": 1.0}, "audio_mask_ratio=1.0"),
        ({"text_mask_ratio": 0.0}, r"text_mask_ratio=0.0 must lie in \(0, 1\)"),
        ({"text_error_weight": -1.0}, "text_error_weight"),
        ({"temperature": 0.0}, "temperature"),
        ({"patch": 0}, "patch=0"),
        ({"decoder_layers": 0}, "decoder_layers"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, said):
    with pytest.raises(ConfigError, match=said):
        MAEConfig(**settings)


def test_spectrograms_that_do_not_fall_into_patches_are_refused():
    with pytest.raises(ConfigError, match="patch=16 must divide the input's 128 bands and 500 frames"):
        get_model("mae")(MAEConfig(), {"audio": (128, 500), "text": (16,)})
