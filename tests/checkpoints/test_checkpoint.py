import json
import struct

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from core.checkpoints.header import read_meta
from core.errors import CheckpointError
from core.models import MODELS, model_spec
from core.training.encode import encode
from tests.models.small import data_of, latents_of, small_model

META = {
    "input": {"name": "mel", "config": {"n_crops": 1}},
    "collection": {"name": "demo"},
    "labels": ["a", "b", "c"],
}


def tiny(name):
    return small_model(name)[0].eval(), data_of(name)


@pytest.fixture
def good(tmp_path):
    return save_checkpoint(tmp_path / "good.safetensors", tiny("conv-vae")[0], META)


def meta_of(name: str) -> dict:
    """Return what is known of a model, with an input that it reads."""
    reads = model_spec(name).inputs[0]
    config = {"n_crops": 1} if reads == "mel" else {}
    return META | {"input": {"name": reads, "config": config}}


def rewrite(path, *, tensors=None, metadata=None, drop=()):
    """Write a variation of a checkpoint."""
    with path.open("rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    meta = json.loads(header["__metadata__"]["songscape"]) | (metadata or {})
    meta = {k: v for k, v in meta.items() if k not in drop}
    save_file(load_file(path) | (tensors or {}), path, metadata={"songscape": json.dumps(meta)})
    return path


@pytest.mark.parametrize("name", MODELS)
def test_saved_and_loaded_models_give_equal_outputs(name, tmp_path):
    model, X = tiny(name)
    path = save_checkpoint(tmp_path / "m.safetensors", model, meta_of(name))
    loaded, meta = load_checkpoint(path)
    assert all(map(np.array_equal, latents_of(encode, model, X), latents_of(encode, loaded, X)))
    assert loaded.config == model.config and not loaded.training
    assert meta == read_meta(path) and meta["model"] == name and meta["collection"] == {"name": "demo"}
    assert (
        meta["input"] == meta_of(name)["input"]
        and meta["latent_dim"] == model.latent_dim
        and "created" in meta
    )
    assert [p.requires_grad for p in loaded.parameters()] == [p.requires_grad for p in model.parameters()]


@pytest.mark.parametrize("name", MODELS)
def test_half_precision_halves_the_file_and_hardly_moves_the_latents(name, tmp_path):
    model, X = tiny(name)
    whole, half = (
        save_checkpoint(tmp_path / f"{f}.safetensors", model, meta_of(name), float16=f) for f in (False, True)
    )
    assert half.stat().st_size < whole.stat().st_size
    loaded, _ = load_checkpoint(half)
    assert all(t.dtype == torch.float32 for t in loaded.state_dict().values() if t.is_floating_point())
    for Z, before in zip(latents_of(encode, loaded, X), latents_of(encode, model, X)):
        np.testing.assert_allclose(Z, before, atol=0.02)


def test_a_loaded_model_can_be_trained_on(good):
    model, _ = load_checkpoint(good)
    model.forward_loss({"x": torch.zeros(2, 16, 32)})["total"].backward()
    assert all(p.grad is not None for p in model.parameters())


def test_figures_that_are_not_finite_become_null(tmp_path):
    path = save_checkpoint(
        tmp_path / "m.safetensors",
        tiny("pca")[0],
        META | {"figures": {"a": float("nan"), "b": np.float32(2)}},
    )
    assert read_meta(path)["figures"] == {"a": None, "b": 2.0}


def refused(path, said):
    with pytest.raises(CheckpointError, match=said):
        load_checkpoint(path)


def test_a_missing_file_a_folder_and_an_empty_file_are_refused(tmp_path):
    refused(tmp_path / "none.safetensors", "can't be read")
    refused(tmp_path, "can't be read")
    (tmp_path / "empty.safetensors").touch()
    refused(tmp_path / "empty.safetensors", "not a safetensors file")


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "song.safetensors"
    path.write_bytes(b"RIFF....WAVEfmt " + bytes(200))
    refused(path, "not a safetensors file")
    path.write_bytes(struct.pack("<Q", 1 << 40) + b"{" * 100)
    refused(path, "not a safetensors file")
    path.write_bytes(struct.pack("<Q", 60) + b"[1, 2]".ljust(60) + bytes(10))
    refused(path, "is damaged")


def test_a_pickle_is_refused_and_never_run(tmp_path):
    path = tmp_path / "model.safetensors"
    torch.save({"w": torch.zeros(3)}, path)
    refused(path, "pickled PyTorch file")


def test_a_header_whose_length_looks_like_another_magic_is_read(tmp_path):
    model, _ = tiny("pca")
    for padding in range(0, 256, 8):  # among these lengths one ends in the byte 0x80, as a pickle begins
        path = save_checkpoint(tmp_path / "m.safetensors", model, META | {"note": "x" * padding})
        assert read_meta(path)["model"] == "pca"


@pytest.mark.parametrize("keep", [5, 300, -1])
def test_a_file_cut_short_is_refused(good, keep):
    good.write_bytes(good.read_bytes()[:keep])
    refused(good, "cut short|not a safetensors file")
    with pytest.raises(CheckpointError):
        read_meta(good)


def test_a_foreign_safetensors_file_is_refused(tmp_path):
    save_file(
        {"embeddings.weight": torch.zeros(3, 2)}, tmp_path / "bert.safetensors", metadata={"format": "pt"}
    )
    refused(tmp_path / "bert.safetensors", "Songscape didn't write")


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"model": "gan"}, "holds a 'gan'; the models here are conv-vae"),
        ({"format": 99}, "format 99"),
        ({"config": {"layers": 3}}, "has no field 'layers'"),
        ({"config": {"latent_dim": -3}}, "latent_dim=-3"),
        ({"config": {"latent_dim": "a"}}, "latent_dim='a', which must be an integer"),
        ({"config": {"latent_dim": 10**6, "channels": [4, 8]}}, "has shape"),
        (
            {"config": {"latent_dim": 10**18, "channels": [4, 8]}},
            "latent_dim=1000000000000000000, which must be an integer",
        ),
        ({"input_shape": [16, 64]}, "has shape"),
        ({"input_shape": [16, -64]}, r"input_shape\[1\]=-64, which must be an integer, 1 or more"),
        ({"input_shape": 3}, "input_shape=3, which must be a list"),
        ({"input": "mel"}, "input='mel', which must be a dictionary"),
        ({"model": "mlp-vae", "config": {}, "input_shape": [20]}, "lacks"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(good, metadata, said):
    refused(rewrite(good, metadata=metadata), said)


def test_a_header_without_a_model_is_refused(good):
    refused(rewrite(good, drop=("model", "input_shape")), "lacks model, input_shape")


def test_missing_unexpected_and_misshapen_tensors_are_refused(good, tmp_path):
    tensors = load_file(good)
    refused(rewrite(good, tensors={"extra": torch.zeros(1)}), "has unexpected extra")
    path = save_checkpoint(tmp_path / "b.safetensors", tiny("conv-vae")[0], META)
    refused(rewrite(path, tensors={"to_mu.bias": torch.zeros(5)}), "to_mu.bias has shape \\(5,\\)")
    path = save_checkpoint(tmp_path / "c.safetensors", tiny("conv-vae")[0], META)
    meta = {"songscape": json.dumps(read_meta(path))}
    del tensors["to_mu.bias"]
    save_file(tensors, path, metadata=meta)
    refused(path, "lacks to_mu.bias")


def test_weights_that_are_not_finite_are_neither_saved_nor_loaded(good, tmp_path):
    refused(
        rewrite(good, tensors={"to_mu.bias": torch.full((4,), torch.nan)}),
        "NaN or infinite weights in to_mu.bias",
    )
    model, _ = tiny("conv-vae")
    with torch.no_grad():
        model.to_mu.weight[0, 0] = 1e6
    with pytest.raises(CheckpointError, match="conv-vae is not saved: .*to_mu.weight"):
        save_checkpoint(tmp_path / "overflow.safetensors", model, META, float16=True)
    assert not (tmp_path / "overflow.safetensors").exists()


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="model.pt"):
        save_checkpoint(tmp_path / "model.pt", tiny("pca")[0], META)
