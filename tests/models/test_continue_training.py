"""Models whose training continues from a checkpoint of their own kind."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.checkpoints.checkpoint import save_checkpoint
from core.errors import CheckpointError, ConfigError
from core.models import MODELS, model_spec
from core.training.fit import load_pretrained_checkpoint
from core.training.settings import parse_settings
from tests.models.small import shape_of, small_model

CONTINUED = [name for name, spec in MODELS.items() if spec.fine_tunes == name]


def save(name, path):
    model, batch = small_model(name)
    reads = {"name": model_spec(name).inputs[0], "config": {}}
    save_checkpoint(path, model, {"input": reads, "labels": []})
    return model.eval(), batch


def continued(name, path, *, reads=None, shape=None):
    """What training builds for the setting ``start`` before its first epoch."""
    cls = model_spec(name).load()
    config, _ = parse_settings(cls, {"start": str(path)})
    pretrained = load_pretrained_checkpoint(str(path), name)
    reads = reads or {"name": model_spec(name).inputs[0], "config": {}}
    return cls.from_pretrained(config, shape or shape_of(name), 0, reads, pretrained)


def test_the_two_models_of_audio_and_text_can_be_continued():
    assert CONTINUED == ["contrastive", "mae"]


@pytest.mark.parametrize("name", CONTINUED)
def test_it_has_the_weights_and_the_standardisation_of_the_checkpoint(name, tmp_path):
    source, batch = save(name, tmp_path / "first.safetensors")
    fresh, _ = small_model(name, seed=1)
    assert not torch.allclose(fresh.eval().encode_audio(batch["audio"]), source.encode_audio(batch["audio"]))
    model = continued(name, tmp_path / "first.safetensors").eval()
    other = {key: np.full((2, *shape), 7) for key, shape in shape_of(name).items()}
    model.fit_statistics(other)
    for m in ("audio", "text"):
        encode = f"encode_{m}"
        torch.testing.assert_close(getattr(model, encode)(batch[m]), getattr(source, encode)(batch[m]))
    sizes = {size: getattr(source.config, size) for size in source.config.sizes()}
    assert model.config == replace(model.config, start="first", **sizes) and "first" in model.started_from


@pytest.mark.parametrize("name", CONTINUED)
def test_another_model_or_input_is_refused(name, tmp_path):
    path = tmp_path / "first.safetensors"
    save(name, path)
    wide = {key: (2 * shape[0], *shape[1:]) for key, shape in shape_of(name).items()}
    with pytest.raises(ConfigError, match="start=first was trained on"):
        continued(name, path, shape=wide)
    with pytest.raises(ConfigError, match=re.escape(f"train {name}:{model_spec(name).inputs[0]}")):
        continued(name, path, reads={"name": model_spec(name).inputs[1], "config": {}})
    (other,) = set(CONTINUED) - {name}
    save(other, tmp_path / "other.safetensors")
    with pytest.raises(CheckpointError, match=f"is a {other}; take a checkpoint of {name}"):
        continued(name, tmp_path / "other.safetensors")
