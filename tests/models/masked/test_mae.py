"""The masked autoencoder: published sizes, shared parameters, inpainting."""

import numpy as np
import pytest
import torch

from core.errors import ConfigError
from core.models import get_model
from core.models.masked.mae import MAE
from core.models.masked.mae_config import PRESETS, MAEConfig
from core.models.shared_layers import grid_positions, sinusoids
from core.training.settings import parse_settings

PUBLISHED_SHAPE = {"audio": (128, 512), "text": (256,)}


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
