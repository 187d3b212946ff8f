"""Fine-tuning of the masked autoencoder: initialisation, modalities, and learning of genres."""

import numpy as np
import pytest
import torch

from core.checkpoints.checkpoint import save_checkpoint
from core.errors import CheckpointError, ConfigError
from core.models import model_spec
from core.models.masked.mae_classifier import SIZES, MAEClassifier, MAEClassifierConfig
from core.training.fit import load_pretrained_checkpoint
from core.training.settings import parse_settings
from tests.models.small import SMALL, shape_of, small_model

READS = {"name": "fbank+wordpieces", "config": {}}


def save(name, path):
    """A small model as a checkpoint file."""
    model, _ = small_model(name)
    save_checkpoint(
        path,
        model,
        {
            "input": {"name": model_spec(model.name).inputs[0], "config": {}},
            "labels": ["a", "b", "c"] if model.n_labels else [],
        },
    )
    return model


def from_checkpoint(path, shape=None):
    """What :func:`core.training.fit.fit_model` builds for the setting ``start``."""
    config, pretrained = MAEClassifierConfig(start=path), load_pretrained_checkpoint(path, "mae")
    return MAEClassifier.from_pretrained(config, shape or shape_of("mae"), 3, READS, pretrained)


@pytest.fixture
def pretrained(tmp_path):
    return save("mae", tmp_path / "mae.safetensors"), str(tmp_path / "mae.safetensors")


def test_it_starts_from_the_encoder_of_a_masked_autoencoder(pretrained):
    source, path = pretrained
    model = from_checkpoint(path)
    assert (
        all(getattr(model.config, size) == SMALL[size] for size in SIZES if size in SMALL)
        and "the encoder of mae" in model.started_from
    )
    _, batch = small_model("mae")
    torch.testing.assert_close(model.eval().encode_joint(batch), source.eval().encode_joint(batch))
    model.fit_statistics({"audio": np.full((2, 16, 32), 7.0, np.float32)})
    assert torch.equal(model.encoder.mean, source.encoder.mean), "what it learnt with stays"


def test_without_one_it_has_random_weights():
    model, _ = small_model("mae-classifier")
    assert model.started_from == "random weights"


def test_what_it_may_not_read_changes_nothing():
    model, batch = small_model("mae-classifier")
    model.eval()
    other = batch | {"audio": batch["audio"] + 1, "text": batch["text"].roll(1, 0)}
    for modalities, own in (("audio", "audio"), ("text", "text")):
        kind = MAEClassifierConfig(
            **{size: getattr(model.config, size) for size in SIZES}, modalities=modalities
        )
        model.config = kind
        torch.testing.assert_close(model(batch), model(other | {own: batch[own]}))
        assert not torch.allclose(model(batch), model(other))
        assert set(model.gate(batch).tolist()) == {1.0 if modalities == "audio" else 0.0}
        with pytest.raises(ConfigError, match=f"modalities={modalities}, so it has no latents of"):
            model.encode_text(batch["text"]) if modalities == "audio" else model.encode_audio(batch["audio"])


def test_one_modality_alone_is_the_track_without_the_other():
    model, batch = small_model("mae-classifier")
    model.eval()
    joint = model.encode_joint(batch | {"text": torch.zeros_like(batch["text"])})
    torch.testing.assert_close(model.encode_audio(batch["audio"]), joint)
    joint = model.encode_joint(batch | {"audio_present": torch.zeros(12, dtype=torch.bool)})
    torch.testing.assert_close(model.encode_text(batch["text"]), joint)


def test_presets_bring_the_published_fine_tuning():
    config, training = parse_settings(MAEClassifier, {"preset": "published"})
    assert (config.dim, config.audio_layers, config.joint_layers, config.hidden) == (768, 5, 1, 0)
    assert (training.lr, training.epochs, training.batch_size, training.beta1) == (1e-5, 10, 48, 0.95)
    assert [training.lr_share(epoch) for epoch in (1, 2, 5, 6, 10)] == [1, 0.5, 0.5, 0.25, 0.125]


def test_what_it_cannot_start_from_is_said(tmp_path, pretrained):
    _, path = pretrained
    with pytest.raises(CheckpointError, match="is no checkpoint and no file"):
        from_checkpoint("nowhere")
    save("gated-vae", tmp_path / "other.safetensors")
    with pytest.raises(CheckpointError, match="is a gated-vae without such an encoder"):
        from_checkpoint(str(tmp_path / "other.safetensors"))
    with pytest.raises(ConfigError, match="reads .*16, 32.* but the input has .*16, 64"):
        from_checkpoint(path, {"audio": (16, 64), "text": (12,)})
    with pytest.raises(ConfigError, match="needs two labels or more, not 1"):
        MAEClassifier(MAEClassifierConfig(), shape_of("mae"), 1)
    with pytest.raises(ConfigError, match="hidden=-1"):
        MAEClassifierConfig(hidden=-1)
