"""Models that read one latent from sound and words: the gated VAE and cross-modal attention."""

import numpy as np
import pytest
import torch
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from core.errors import ConfigError
from core.models import get_model
from core.models.joint_model import drop_modality
from core.models.vae.joint_vae import ZScore, reconstruction_errors
from core.training.joint_latents import encode_jointly, fit_joint
from tests.models.small import small_model

BOTH = ("gated-vae", "cross-attention")


def mixed(name):
    """A small model ready to encode, and a batch of which rows 0-3 lack words and rows 4-7 sound."""
    model, batch = small_model(name)
    batch["text_present"] = torch.arange(12) >= 4
    batch["audio_present"] = (torch.arange(12) < 4) | (torch.arange(12) >= 8)
    return model.eval(), batch


@pytest.mark.parametrize("name", BOTH)
def test_the_gate_lies_between_and_is_whole_where_one_is_lacking(name):
    model, batch = mixed(name)
    gate, z = model.gate(batch), model.encode_joint(batch)
    assert gate.shape == (12,) and z.shape == (12, 4)
    assert (gate[:4] == 1).all() and (gate[4:8] == 0).all() and ((gate[8:] > 0) & (gate[8:] < 1)).all()
    assert len(gate[8:].unique()) > 1  # a gate per track, not one for all


@pytest.mark.parametrize("name", BOTH)
def test_one_modality_alone_is_the_joint_latent_of_a_track_that_lacks_the_other(name):
    model, batch = mixed(name)
    z = model.encode_joint(batch)
    torch.testing.assert_close(model.encode_audio(batch["audio"][:4]), z[:4])
    torch.testing.assert_close(model.encode_text(batch["text"][4:8]), z[4:8])
    assert not torch.allclose(model.encode_audio(batch["audio"][8:]), z[8:], atol=1e-3)


@pytest.mark.parametrize("name", BOTH)
def test_what_is_lacking_may_hold_anything_and_changes_no_other_track(name):
    model, batch = mixed(name)
    z, gate, parts = model.encode_joint(batch), model.gate(batch), redrawn(model, batch)
    for part in ("audio", "text"):
        batch[part] = torch.where(batch[f"{part}_present"][:, None], batch[part], 1e4)
    assert torch.equal(model.encode_joint(batch), z) and torch.equal(model.gate(batch), gate)
    assert all(torch.equal(value, parts[key]) for key, value in redrawn(model, batch).items())


def redrawn(model, batch):
    """The loss with the same noise every time."""
    torch.manual_seed(0)
    return model.forward_loss(batch)


@pytest.mark.parametrize("name", BOTH)
def test_the_parts_of_the_loss_add_up(name):
    model, batch = mixed(name)
    parts = redrawn(model, batch)
    beta = getattr(model.config, "beta", 0.0)
    expected = (
        parts["reconstruction_audio"]
        + parts["reconstruction_text"]
        + beta * parts.get("kl", torch.tensor(0.0))
    )
    torch.testing.assert_close(parts["total"], expected)
    torch.testing.assert_close(parts["gate_mean"], model.gate(batch).mean())


def test_the_error_is_averaged_over_the_modalities_that_a_track_has():
    rng = np.random.default_rng(0)
    sizes, here = {"audio": 5, "text": 3}, {"audio": [True, True, False], "text": [True, False, True]}
    x, recon = ({m: rng.normal(size=(3, d)) for m, d in sizes.items()} for _ in range(2))
    slow = 0.0
    for i in range(3):
        own = [
            sum((recon[m][i, j] - x[m][i, j]) ** 2 for j in range(d)) / d
            for m, d in sizes.items()
            if here[m][i]
        ]
        slow += sum(own) / len(own) / 3
    as_tensors = [{m: torch.tensor(v) for m, v in given.items()} for given in (recon, x, here)]
    assert sum(reconstruction_errors(*as_tensors).values()).item() == pytest.approx(slow, rel=1e-5)


def test_the_gated_vae_mixes_as_the_paper_says():
    model, batch = small_model("gated-vae")
    model.eval()
    h = {
        m: model.encoders[m]((batch[m] - model.scale[m].mean) / model.scale[m].deviation)
        for m in ("audio", "text")
    }
    g = 1 / (
        1 + torch.exp(-(torch.cat([h["audio"], h["text"]], 1) @ model.to_gate.weight.T + model.to_gate.bias))
    )
    mu, log_var = model.posterior_joint(batch)
    torch.testing.assert_close(mu, model.to_mu(g * h["audio"] + (1 - g) * h["text"]))
    torch.testing.assert_close(model.gate(batch), g[:, 0])
    kl = -0.5 * (1 + log_var - mu**2 - log_var.exp()).sum(1).mean()
    torch.testing.assert_close(model.forward_loss(batch)["kl"], kl / (20 + 12))  # all the numbers of a track


def test_a_gate_per_dimension_has_as_many():
    kind = get_model("gated-vae")
    model = kind(kind.Config(gate_per="dimension", hidden=(8,)), {"audio": (5,), "text": (3,)})
    batch = {
        "audio": torch.randn(6, 5),
        "text": torch.randn(6, 3),
        "audio_present": torch.ones(6, dtype=torch.bool),
        "text_present": torch.arange(6) > 2,
    }
    assert (
        model.to_gate.out_features == 8
        and model.gate(batch).shape == (6,)
        and (model.gate(batch)[:3] == 1).all()
    )


@pytest.mark.parametrize("name", BOTH)
def test_every_parameter_learns_where_some_tracks_lack_one(name):
    model, batch = mixed(name)
    model.train().forward_loss(batch)["total"].backward()
    for key, parameter in model.named_parameters():
        assert (
            parameter.grad is not None and parameter.grad.isfinite().all() and parameter.grad.abs().sum() > 0
        ), key


@pytest.mark.parametrize("name", BOTH)
def test_a_batch_of_sound_alone_or_words_alone_is_learnt(name):
    for lacking in ("audio", "text"):
        model, batch = small_model(name)
        batch[f"{lacking}_present"] = torch.zeros(12, dtype=torch.bool)
        parts = model.forward_loss(batch)
        assert (
            parts["total"].isfinite()
            and parts[f"reconstruction_{lacking}"] == 0
            and parts["gate_mean"] == (lacking == "text")
        )


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_hiding_leaves_one_and_hides_its_share(share):
    there = {"audio": torch.arange(1000) >= 100, "text": torch.arange(1000) < 900}
    seen = drop_modality(there, share)
    assert (seen["audio"] | seen["text"]).all() and not any((seen[m] & ~there[m]).any() for m in there)
    hidden = [(there[m] & ~seen[m]).float().sum().item() for m in there]
    assert hidden == pytest.approx([400 * share] * 2, abs=30)


def test_hiding_happens_in_training_alone():
    model, batch = small_model("gated-vae")
    model.eval()
    assert torch.equal(redrawn(model, batch)["total"], redrawn(model, batch)["total"])
    torch.testing.assert_close(redrawn(model, batch)["gate_mean"], model.gate(batch).mean())
    assert redrawn(model.train(), batch)["gate_mean"] != redrawn(model.eval(), batch)["gate_mean"]


@pytest.mark.parametrize("name", BOTH)
def test_units_of_the_input_change_nothing(name):
    model, batch = small_model(name)
    model.eval()
    before = model.encode_joint(batch)
    X = batch["audio"].numpy() * np.geomspace(1e-3, 1e3, 20, dtype=np.float32) + 5
    model.fit_statistics({"audio": X, "text": batch["text"].numpy()})
    torch.testing.assert_close(
        model.encode_joint(batch | {"audio": torch.from_numpy(X)}), before, atol=2e-2, rtol=1e-2
    )
    assert model.decode_audio(before).shape == (12, 20) and model.decode_text(before).shape == (12, 12)


def test_moments_of_nothing_leave_the_scale():
    scale = ZScore(3)
    scale.fit_statistics(np.zeros((0, 3)))
    assert torch.equal(scale.deviation, torch.ones(3)) and torch.equal(scale.mean, torch.zeros(3))


def test_settings_that_cannot_be_are_refused_by_name():
    gated, cross = get_model("gated-vae").Config, get_model("cross-attention").Config
    for make, said in (
        (lambda: gated(modality_dropout=1.5), "modality_dropout=1.5"),
        (lambda: gated(hidden=()), "hidden"),
        (lambda: gated(gate_per="song"), "gate_per='song'"),
        (lambda: gated(beta=-1), "beta=-1"),
        (lambda: cross(width=10, n_heads=4), "width=10 must be a multiple of n_heads=4"),
        (lambda: cross(n_tokens=0), "n_tokens=0"),
    ):
        with pytest.raises(ConfigError, match=said):
            make()


def test_figures_tell_collapse_and_the_gate():
    model, batch = mixed("gated-vae")
    told = model.diagnostics(batch)
    assert (
        told["latent_dim"] == 4
        and 0 <= told["active_units"] <= 4
        and 0 < told["gate_mean"] < 1
        and told["gate_spread"] >= 0
    )
    told = get_model("cross-attention").diagnostics(*mixed("cross-attention"))
    assert set(told) == {"gate_mean", "gate_spread"}
    assert "gate_mean" not in model.diagnostics(batch | {"text_present": torch.zeros(12, dtype=torch.bool)})


@pytest.fixture(scope="module")
def halves():
    """Four groups of which the sound tells one half of the name and the words the other."""
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(4), 40)
    a, t = 3 * rng.normal(size=(2, 12)), 3 * rng.normal(size=(2, 8))
    audio, text = a[group // 2] + rng.normal(size=(160, 12)), t[group % 2] + rng.normal(size=(160, 8))
    return audio.astype(np.float32), text.astype(np.float32), group


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("gated-vae", {"latent_dim": "4", "epochs": "15"}),
        ("cross-attention", {"latent_dim": "4", "epochs": "8", "width": "16", "n_tokens": "4"}),
    ],
)
def test_the_joint_latent_finds_what_neither_knows_alone(halves, name, settings):
    audio, text, group = halves
    settings = {"batch_size": "32", "lr": "0.01", **settings}

    def found(X):
        return adjusted_rand_score(group, KMeans(4, n_init=5, random_state=0).fit_predict(X))

    shuffled = np.random.default_rng(1).permutation(160)
    assert found(audio) < 0.6 and found(text) < 0.6
    assert (
        found(fit_joint(name, audio, text[shuffled], settings=settings)[0]) < 0.6
    )  # the control: words of other tracks
    assert found(fit_joint(name, audio, text, settings=settings)[0]) > 0.9
    first, again = (fit_joint(name, audio, text, settings=settings | {"epochs": "1"})[1] for _ in range(2))
    assert np.array_equal(first, again)  # the same seed


@pytest.mark.parametrize("name", BOTH)
def test_tracks_are_encoded_by_what_they_have_whatever_the_batches(name):
    model, batch = mixed(name)
    data = {key: batch[key].numpy() for key in ("audio", "text", "audio_present", "text_present")}
    data["text_present"][9] = data["audio_present"][9] = False
    data["text"][9], data["text"][0] = np.nan, np.nan
    latents, weights = encode_jointly(model, **data)
    few, _ = encode_jointly(model, **data, batch_size=5)
    np.testing.assert_allclose(few, latents, atol=1e-5)
    np.testing.assert_allclose(latents[10], model.encode_joint(batch)[10].detach(), atol=1e-5)
    assert (
        not latents[9].any()
        and np.isnan(weights[9])
        and (weights[:4] == 0).all()
        and (weights[4:8] == 1).all()
    )


def test_what_cannot_be_joined_is_said():
    model, _ = mixed("gated-vae")
    with pytest.raises(ConfigError, match="12 tracks and text has 11"):
        encode_jointly(model, np.zeros((12, 20)), np.zeros((11, 12)))
    with pytest.raises(ConfigError, match=r"reads examples of shape \(12,\); .* shape \(12, 7\)"):
        encode_jointly(model, np.zeros((12, 20)), np.zeros((12, 7)))
    with pytest.raises(ConfigError, match="contrastive has no joint latent"):
        fit_joint("contrastive", np.zeros((12, 20)), np.zeros((12, 12)))
