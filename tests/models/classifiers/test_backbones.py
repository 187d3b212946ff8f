"""Pretrained image networks as backbones: loaded from folders, stored in the checkpoint, and their errors."""

import json
import sys
import types

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from core.errors import CheckpointError, ConfigError
from core.models.classifiers.image_network import ImageNetwork, load_network
from core.training.encode import encode
from core.training.fit import fit_model
from tests.features.pretrained.transformer_folder import save_bert
from tests.models.classifiers.small_backbones import LABELS, QUICK, save_resnet, save_vit, spectrograms


def fit_sound(backbone, **settings):
    settings = QUICK | {"audio_backbone": backbone} | settings
    return fit_model(
        "audio-cnn",
        spectrograms(),
        input_extractor={"name": "fbank", "config": {}},
        settings=settings,
        **LABELS,
    )


@pytest.mark.parametrize("save, width", [(save_resnet, 12), (save_vit, 8)])
def test_an_image_network_from_a_folder_learns_and_is_in_the_checkpoint(save, width, tmp_path):
    from transformers import AutoModel

    folder = save(tmp_path / "network")
    network, described, origin = load_network(folder, "pretrained", (16, 40))
    before = AutoModel.from_pretrained(folder).state_dict()
    after = network.network.state_dict()
    assert after.keys() <= before.keys() and all(
        torch.equal(value, before[key]) for key, value in after.items()
    )
    assert folder not in described and "pretrained" in origin
    model, meta = fit_sound(folder)
    assert (
        model.latent_dim == model.config.latent_dim == width
        and meta["started_from"] == f"{folder} with its pretrained weights"
    )
    moved = max(
        (value - before[key]).abs().max().item()
        for key, value in model.audio.network.network.state_dict().items()
        if "running" not in key and value.is_floating_point()
    )
    assert 0 < moved <= 2.1e-5  # two steps with a tenth of lr
    path = save_checkpoint(tmp_path / "m.safetensors", model, meta)
    (tmp_path / "network").rename(tmp_path / "gone")
    loaded, _ = load_checkpoint(path)
    assert loaded.config == model.config and np.array_equal(
        encode(loaded, spectrograms()), encode(model, spectrograms())
    )


@pytest.mark.parametrize("save", [save_resnet, save_vit])
def test_gradient_reaches_every_parameter_of_a_backbone(save, tmp_path):
    network, *_ = load_network(save(tmp_path / "network"), "none", (16, 40))
    network(torch.randn(4, 16, 40)).square().sum().backward()
    for key, parameter in network.named_parameters():
        assert parameter.grad is not None and parameter.grad.isfinite().all(), key


def test_states_follow_time_whatever_the_order_of_axes():
    class Map(torch.nn.Module):
        def forward_features(self, image):
            h = torch.stack([image[:, 0].mean(1), image[:, 0].amax(1)], 1)[:, :, None].expand(
                -1, -1, 3, -1
            )  # (n, 2, 3, n_frames)
            return h.permute(0, 2, 3, 1) if self.last else h

    network = ImageNetwork.__new__(ImageNetwork)
    torch.nn.Module.__init__(network)
    network.network, network.channels, network.width, network.reads_any_size = Map(), 1, 2, False
    x = torch.randn(5, 4, 7)
    for network.network.last in (False, True):
        torch.testing.assert_close(network(x), torch.stack([x.mean(1), x.amax(1)], 2))


def test_weights_none_are_random_and_said_to_be(tmp_path):
    folder = save_resnet(tmp_path / "network")
    _, meta = fit_sound(folder, audio_weights="none")
    assert meta["started_from"] == f"{folder} with random weights"


def test_what_is_no_image_network_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ConfigError, match="names none"):
        load_network(str(tmp_path), "pretrained", (16, 40))
    with pytest.raises(ConfigError, match="can't read spectrograms of 16 bands"):
        load_network(str(save_bert(tmp_path / "bert")), "pretrained", (16, 40))
    half = save_resnet(tmp_path / "half")
    weights = load_file(tmp_path / "half" / "model.safetensors")
    save_file(
        dict(list(weights.items())[:-5]), tmp_path / "half" / "model.safetensors", metadata={"format": "pt"}
    )
    with pytest.raises(ConfigError, match="lacks 5 of its weights"):
        load_network(half, "pretrained", (16, 40))
    with pytest.raises(ConfigError, match="pretrained or none"):
        load_network(save_resnet(tmp_path / "network"), "a.safetensors", (16, 40))
    with pytest.raises(ConfigError, match="no image network can be built"):
        ImageNetwork("{}")


class Tiny(torch.nn.Module):
    """A stand-in for a network of timm, whose dependency torchvision isn't installed for tests."""

    num_features = 6

    def __init__(self, in_chans=3, num_classes=1000):
        super().__init__()
        assert num_classes == 0
        self.conv = torch.nn.Conv2d(in_chans, 6, 3, stride=4)

    def forward_features(self, x):
        return self.conv(x)


@pytest.fixture
def timm(monkeypatch):
    """A stand-in with the functions of timm that are called, as timm 1.0 has them."""

    def create_model(name, pretrained=False, pretrained_cfg_overlay=None, **arguments):
        model = Tiny(**arguments)
        if pretrained:
            model.load_state_dict(load_file(pretrained_cfg_overlay["file"]))
        return model

    cfg = types.SimpleNamespace(fixed_input_size=False, hf_hub_id="timm/tiny.none")
    known = types.SimpleNamespace(
        create_model=create_model,
        is_model=lambda name: name == "tiny",
        list_models=lambda: ["tiny"],
        get_pretrained_cfg=lambda name: cfg,
    )
    monkeypatch.setitem(sys.modules, "timm", known)
    return known


def test_a_network_of_timms_starts_from_a_file_and_is_in_the_checkpoint(timm, tmp_path, monkeypatch):
    weights = {key: torch.full_like(value, 0.1) for key, value in Tiny(1, 0).state_dict().items()}
    save_file(weights, tmp_path / "w.safetensors")
    network, described, _ = load_network("tiny", str(tmp_path / "w.safetensors"), (16, 40))
    assert all(torch.equal(value, weights[key]) for key, value in network.network.state_dict().items())
    assert json.loads(described) == {"architecture": "tiny", "library": "timm", "width": 6}
    model, meta = fit_sound("tiny", audio_weights=str(tmp_path / "w.safetensors"))
    assert (
        meta["started_from"] == f"tiny with the weights in {tmp_path / 'w.safetensors'}"
        and model.latent_dim == 6
    )
    path = save_checkpoint(tmp_path / "m.safetensors", model, meta)
    assert np.array_equal(encode(load_checkpoint(path)[0], spectrograms()), encode(model, spectrograms()))
    monkeypatch.setitem(sys.modules, "timm", None)  # as where it isn't installed
    with pytest.raises(CheckpointError, match="needs the library timm, which isn't installed"):
        load_checkpoint(path)


def test_a_folder_that_timm_saved_is_read(timm, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"architecture": "tiny"}))
    with pytest.raises(ConfigError, match="is no .safetensors file"):
        load_network(str(tmp_path), "pretrained", (16, 40))
    save_file(Tiny(1, 0).state_dict(), tmp_path / "model.safetensors")
    assert load_network(str(tmp_path), "pretrained", (16, 40))[2].startswith("tiny with the weights in")


def test_errors_of_timm_networks_name_the_remedy(timm, tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ConfigError, match="audio_weights=FILE.safetensors, or audio_weights=none"):
        load_network("tiny", "pretrained", (16, 40))
    assert load_network("tiny", "none", (16, 40))[2] == "tiny with random weights"
    with pytest.raises(ConfigError, match="must be small, the name of a timm network .similar: tiny."):
        load_network("tinny", "none", (16, 40))
    (tmp_path / "w.pth").write_bytes(b"PK")
    with pytest.raises(ConfigError, match="other file formats can run code"):
        load_network("tiny", str(tmp_path / "w.pth"), (16, 40))


def test_without_timm_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(ConfigError, match="isn't installed; install it with: pip install timm"):
        fit_sound("inception_v4")
