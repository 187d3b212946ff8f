"""A header agrees with its model's weights, is read once, and is never written where no reader takes it."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from core.checkpoints import header
from core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from core.checkpoints.header import read_header, read_meta
from core.errors import CheckpointError
from tests.checkpoints.odd_files import META, write
from tests.checkpoints.refusal import refused
from tests.models.small import small_model


@pytest.fixture
def good(tmp_path):
    return save_checkpoint(
        tmp_path / "good.safetensors", small_model("conv-vae")[0], {"input": {"name": "mel", "config": {}}}
    )


def rewritten(path, *, tensors=None, **changed):
    meta = read_meta(path) | changed
    save_file(load_file(path) | (tensors or {}), path, metadata={"songscape": json.dumps(meta)})
    return path


def test_weights_of_another_type_are_refused(good):
    bias = load_file(good)["to_mu.bias"]
    load_checkpoint(rewritten(good, tensors={"to_mu.bias": bias.to(torch.bfloat16)}))
    refused(
        rewritten(good, tensors={"to_mu.bias": torch.full_like(bias, 1e300, dtype=torch.float64)}),
        "NaN or infinite",
        read=load_checkpoint,
    )
    refused(
        rewritten(good, tensors={"to_mu.bias": bias > 0}),
        "to_mu.bias has type BOOL, but conv-vae has float32",
        read=load_checkpoint,
    )
    refused(
        rewritten(good, tensors={"to_mu.bias": bias.to(torch.int32)}),
        "has to_mu.bias of type I32, which is no type of weights",
    )


def test_what_a_header_says_of_its_model_must_be_so(good):
    refused(
        rewritten(good, sees_labels=True),
        "has sees_labels=True, but conv-vae has False",
        read=load_checkpoint,
    )
    refused(
        rewritten(good, sees_labels=False, latent_dim=99),
        "has latent_dim=99, but conv-vae has 4",
        read=load_checkpoint,
    )


def test_a_model_of_endless_layers_is_not_built(tmp_path):
    config = {"channels": [1] * 100_000}
    path = write(
        tmp_path / "odd.safetensors",
        META | {"model": "conv-vae", "config": config, "input": {"name": "mel"}, "input_shape": [128, 256]},
    )
    refused(path, "can't be built", read=load_checkpoint)
    mae = META | {
        "model": "mae",
        "input": {"name": "fbank+wordpieces"},
        "config": {"audio_layers": 1 << 20},
        "input_shape": {"audio": [128, 512], "text": [256]},
    }
    refused(write(path, mae), "has more than 1010 parts", read=load_checkpoint)


def test_a_file_that_is_written_over_changes_no_loaded_model(good):
    model, _ = load_checkpoint(good)
    before = model.to_mu.bias.clone()
    with good.open("r+b") as file:
        file.seek(len(good.read_bytes()) // 2)
        file.write(b"\xff" * (good.stat().st_size // 2))
    assert torch.equal(model.to_mu.bias, before) and all(torch.isfinite(p).all() for p in model.parameters())


def test_a_header_is_read_once_until_its_file_changes(tmp_path, monkeypatch):
    monkeypatch.setattr("core.checkpoints.content.SETTLED_NS", -1 << 62)
    path, reads = write(tmp_path / "a.safetensors"), []
    real = header._read
    monkeypatch.setattr(header, "_read", lambda *args: reads.append(1) or real(*args))
    assert read_header(path) == read_header(path) and len(reads) == 1
    write(path, META | {"started_from": "something else"})
    assert read_meta(path)["started_from"] == "something else" and len(reads) == 2


def test_what_no_reader_would_take_is_not_written(tmp_path):
    with pytest.raises(CheckpointError, match="is not written: it has created=5"):
        save_checkpoint(
            tmp_path / "a.safetensors",
            small_model("conv-vae")[0],
            {"input": {"name": "mel", "config": {}}, "created": 5},
        )
    assert not list(tmp_path.iterdir())
