"""What holds for every model, looped over the registry, and what the papers fix about each."""

import numpy as np
import pytest
import torch

from core.errors import ConfigError
from core.models import MODELS, get_model, model_spec
from core.models.train_config import TrainConfig
from tests.models.small import small_model as tiny

TRAINED = [name for name in MODELS if get_model(name).train_config]


@pytest.mark.parametrize("name", MODELS)
def test_shapes(name):
    model, batch = tiny(name)
    assert model.latent_dim == 4 and model.forward_loss(batch)["total"].ndim == 0
    for z in encodings(model, batch):
        assert z.shape == (12, 4)
    if model_spec(name).reconstructs:
        assert model.decode(z, batch["label"]).shape == batch[
            "x"
        ].shape and "reconstruction" in model.forward_loss(batch)


def encodings(model, batch):
    """What a model makes of each modality that it reads."""
    model.eval()
    named = {"audio": "encode_audio", "text": "encode_text"} if "audio" in batch else {"x": "encode"}
    return [getattr(model, method)(batch[part]) for part, method in named.items()]


@pytest.mark.parametrize("name", MODELS)
def test_encoding_is_deterministic(name):
    model, batch = tiny(name)
    assert all(map(torch.equal, encodings(model, batch), encodings(model, batch)))


@pytest.mark.parametrize("name", TRAINED)
def test_every_parameter_gets_a_finite_gradient(name):
    model, batch = tiny(name)
    model.forward_loss(batch)["total"].backward()
    for key, parameter in ((k, p) for k, p in model.named_parameters() if p.requires_grad):
        assert (
            parameter.grad is not None and parameter.grad.isfinite().all() and parameter.grad.abs().sum() > 0
        ), key


@pytest.mark.parametrize("name", TRAINED)
def test_one_batch_can_be_overfitted(name):
    model, batch = tiny(name)
    batch = {key: value[:3] for key, value in batch.items()}
    part = "reconstruction" if "reconstruction" in model.forward_loss(batch) else "total"
    before = model.forward_loss(batch)[part].item()
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    in_a_row = 0  # losses are drawn anew at each step: one that is low may be luck
    for _ in range(200):
        loss = model.forward_loss(batch)[part]
        in_a_row = in_a_row + 1 if loss.item() < 0.6 * before else 0
        if in_a_row == 10:
            break
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert in_a_row == 10


@pytest.mark.parametrize("name", MODELS)
def test_settings_of_model_and_training_never_share_a_name(name):
    assert not set(get_model(name).Config.__dataclass_fields__) & set(TrainConfig.__dataclass_fields__)


def test_conv_vae_has_the_published_shapes():
    kind = get_model("conv-vae")
    model = kind(kind.Config(), (128, 256))
    x, shapes = torch.zeros(1, 1, 128, 256), []
    for conv in model.encoder.convs:
        x = conv(x)
        shapes.append(tuple(x.shape[1:]))
    assert shapes == [(16, 64, 128), (32, 32, 64), (64, 16, 32), (128, 8, 16)]
    assert sum(p.numel() for p in model.parameters()) == 1_858_865
    assert (
        kind.train_config.epochs,
        kind.train_config.batch_size,
        kind.train_config.lr,
        model.latent_dim,
    ) == (
        25,
        16,
        1e-3,
        32,
    )


@pytest.mark.parametrize("norm", ["batch", "layer"])
def test_normalisation_adds_a_scale_and_an_offset_per_channel(norm):
    kind = get_model("conv-vae")
    model = kind(kind.Config(norm=norm), (128, 256))
    channels = 16 + 32 + 64 + 128
    assert sum(p.numel() for p in model.parameters()) == 1_858_865 + 2 * 2 * channels
    x = torch.randn(4, 128, 256)
    assert model.forward_loss({"x": x})["total"].isfinite()
    seen = []
    for layer in [*model.encoder.norms, *model.decoder.norms]:
        layer.register_forward_hook(lambda module, given, out: seen.append(out))
    model.forward_loss({"x": x})
    assert len(seen) == 8 and all(abs(out.std(correction=0).item() - 1) < 0.1 for out in seen)


def test_mlp_vae_has_the_published_sizes():
    kind = get_model("mlp-vae")
    model = kind(kind.Config(), (768,))
    widths = [tuple(m.weight.shape) for m in model.modules() if isinstance(m, torch.nn.Linear)]
    assert widths == [(256, 768), (128, 256), (16, 128), (16, 128), (256, 16), (768, 256)]
    assert (
        kind.train_config.epochs,
        kind.train_config.batch_size,
        kind.train_config.lr,
        model.config.beta,
    ) == (
        50,
        32,
        1e-3,
        1.0,
    )


def test_cvae_has_the_published_sizes():
    kind = get_model("cvae")
    model = kind(kind.Config(), (128, 256), n_labels=8)
    assert tuple(model.embed.weight.shape) == (8, 16) and model.decoder.spread.in_features == 48
    assert (
        kind.train_config.epochs,
        kind.train_config.batch_size,
        model.config.beta,
        model_spec("cvae").sees_labels,
    ) == (30, 16, 0.5, True)


def test_cvae_redraws_differently_under_another_label_and_needs_one():
    model, batch = tiny("cvae")
    z = model.encode(batch["x"])
    assert not torch.allclose(
        model.decode(z, torch.zeros(12, dtype=torch.long)), model.decode(z, torch.ones(12, dtype=torch.long))
    )
    with pytest.raises(ConfigError, match="label"):
        model.decode(z)
    with pytest.raises(ConfigError, match="labels"):
        get_model("cvae")(get_model("cvae").Config(), (16, 16), 0)


def test_cvaes_encoder_may_be_conditioned_and_reads_new_tracks_without_a_label():
    kind = get_model("cvae")
    torch.manual_seed(0)
    model = kind(kind.Config(condition="both", channels=(4, 8), latent_dim=4, label_dim=3), (16, 16), 2)
    x, labels = torch.randn(5, 16, 16), torch.tensor([0, 1, 0, 1, 0])
    given, other = model.posterior(x, labels)[0], model.posterior(x, 1 - labels)[0]
    assert model.to_mu.in_features == model.encoder.n_flat + 3 and not torch.allclose(given, other)
    torch.testing.assert_close(model.encode(x), (given + other) / 2)  # the head is linear in the embedding
    model.forward_loss({"x": x, "label": labels})["total"].backward()
    assert model.embed.weight.grad.abs().sum() > 0


def test_mlp_vae_does_not_care_about_the_units_of_its_input():
    x = np.random.default_rng(0).normal(size=(30, 20)).astype(np.float32)
    scale, shift = np.geomspace(1e-3, 1e5, 20, dtype=np.float32), np.arange(20, dtype=np.float32)
    plain, _ = tiny("mlp-vae")
    scaled, _ = tiny("mlp-vae")
    plain.fit_statistics(x)
    scaled.fit_statistics(x * scale + shift)
    torch.testing.assert_close(
        plain.encode(torch.from_numpy(x)),
        scaled.encode(torch.from_numpy(x * scale + shift)),
        atol=2e-2,
        rtol=1e-2,
    )
    assert scaled.decode(torch.zeros(1, 4)).abs().max() > 100  # back in the units it was given


def test_mlp_vae_takes_a_constant_dimension():
    model, _ = tiny("mlp-vae")
    x = np.random.default_rng(0).normal(size=(10, 20)).astype(np.float32)
    x[:, 3] = 0.1
    model.fit_statistics(x)
    assert (
        model.encode(torch.from_numpy(x)).isfinite().all()
        and model.standardise(torch.from_numpy(x))[:, 3].abs().max() < 1e-5
    )


@pytest.mark.parametrize("shape", [(20, 32), (16, 2), (16,)])
def test_sides_that_cannot_be_halved_are_refused(shape):
    kind = get_model("conv-vae")
    with pytest.raises(ConfigError, match="multiples of 8"):
        kind(kind.Config(channels=(2, 2, 2)), shape)
