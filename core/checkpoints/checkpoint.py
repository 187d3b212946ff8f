"""The checkpoint format: one ``.safetensors`` file whose header holds everything else as JSON.

The weights are the model's ``state_dict``; the metadata entry ``songscape`` has the model, its config and
input, and the settings, data and history of its training. Loading is strict: a file of another format, a
damaged one, one of an unknown model, or one whose tensors differ in name or shape is refused before memory is
allocated for the weights. Nothing is ever unpickled.
"""

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import torch
from torch.nn.modules.module import (
    register_module_module_registration_hook,
    register_module_parameter_registration_hook,
)

from core.checkpoints.content import content_hash
from core.checkpoints.header import FLOATS, KEY, Entry, parse_meta, read_header
from core.checkpoints.metadata import FORMAT
from core.checkpoints.tensor_file import read_tensors, write_tensors
from core.config.reading import from_json
from core.errors import CheckpointError, ConfigError
from core.models import get_model, model_spec
from core.models.latent_model import LatentModel
from core.store import json_values

INTEGERS = {
    torch.bool: "BOOL",
    torch.uint8: "U8",
    torch.int8: "I8",
    torch.int16: "I16",
    torch.int32: "I32",
    torch.int64: "I64",
}
"""Types in the header of tensors that aren't floating-point."""
MAX_PARTS = 1_000
"""Allowance of parameters and modules of a model, beyond ten per tensor of its file."""


def save_checkpoint(path: Path, model: LatentModel, meta: dict, *, float16: bool = False) -> Path:
    """Write a model and its metadata atomically.

    Parameters
    ----------
    path : Path
        Ends in ``.safetensors``.
    meta : dict
        JSON-able, as returned by :func:`core.training.fit.fit_model`, at least ``input`` (``name`` and
        ``config`` of the extractor). Name, config and shapes of the model are added.
    float16 : bool
        Write matrices and kernels in half precision (about 1e-3 relative), which halves the file.

    Raises
    ------
    CheckpointError
        When weights are not finite, the file's ending is wrong, or ``meta`` is invalid.
    WriteError
        When the file can't be written.
    """
    path = Path(path)
    if path.suffix != ".safetensors":
        raise CheckpointError(f"a checkpoint is a .safetensors file; {path.name} has another ending")
    tensors = {}
    for name, tensor in model.state_dict().items():
        small = float16 and tensor.ndim >= 2
        tensors[name] = tensor.to(torch.float16 if small else tensor.dtype)
    _check_finite(tensors, f"{model.name} is not saved")
    own = {
        "format": FORMAT,
        "model": model.name,
        "config": asdict(model.config),
        "input_shape": model.input_shape,
        "n_labels": model.n_labels,
        "latent_dim": model.latent_dim,
        "sees_labels": model_spec(model.name).sees_labels,
        "n_parameters": sum(p.numel() for p in model.parameters()),
    }
    whole = {"created": datetime.now(UTC).isoformat(timespec="seconds"), **meta, **own}
    text = json.dumps(json_values(whole), allow_nan=False, ensure_ascii=False)
    try:
        parse_meta(text)
    except ValueError as reason:
        raise CheckpointError(f"{path.name} is not written: it {reason}") from reason
    return write_tensors(path, tensors, {KEY: text})


def load_checkpoint(path: Path, *, content: str | None = None) -> tuple[LatentModel, dict]:
    """Return the model on the CPU, in eval mode and single precision, and its metadata.

    Parameters
    ----------
    content : str, optional
        The expected :func:`core.checkpoints.content.content_hash`, under which results are cached.

    Raises
    ------
    CheckpointError
        See :func:`core.checkpoints.header.read_header`; when tensors are missing, unexpected, not finite, or
        of another shape or type; and when the file was replaced.
    """
    path = Path(path)
    meta, found = read_header(path)
    model = _build_on_meta_device(path, meta, n_tensors=len(found))
    _check_tensors(path, meta["model"], model.state_dict(), found)
    _check_consistency(path, meta, model)
    tensors = {
        name: tensor.float() if tensor.is_floating_point() else tensor
        for name, tensor in read_tensors(path).items()
    }
    _check_finite(tensors, f"{path.name} is refused")
    if content is not None and content_hash(path) != content:
        raise CheckpointError(f"{path.name} was replaced while it was read; ask again")
    model.load_state_dict(tensors, assign=True)
    return model.eval(), meta


def _build_on_meta_device(path: Path, meta: dict, n_tensors: int) -> LatentModel:
    """Build the model of a header with shapes but without memory for weights."""
    cls = get_model(meta["model"])
    try:
        config = from_json(cls.Config, meta["config"])
        with torch.device("meta"), _limit_parts(10 * n_tensors + MAX_PARTS):
            return cls(config, meta["input_shape"], meta["n_labels"])
    except (
        ConfigError,
        TypeError,
        ValueError,
        LookupError,
        AttributeError,
        RuntimeError,
        ArithmeticError,
        MemoryError,
    ) as reason:
        raise CheckpointError(
            f"{path.name} describes a {meta['model']} that can't be built: {str(reason)[:300]}"
        ) from reason


@contextmanager
def _limit_parts(n: int) -> Iterator[None]:
    """Raise when a model built in this thread gets more parameters and modules than its file can hold."""
    builder, count = threading.get_ident(), itertools.count(1)

    def register(module, name, part) -> None:
        if threading.get_ident() == builder and next(count) > n:
            raise ValueError(f"it has more than {n} parts, far more than the file has tensors")

    hooks = [
        register_module_parameter_registration_hook(register),
        register_module_module_registration_hook(register),
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _check_consistency(path: Path, meta: dict, model: LatentModel) -> None:
    """Refuse metadata that contradict the model."""
    sees_labels = model_spec(model.name).sees_labels
    for name, value in (("latent_dim", model.latent_dim), ("sees_labels", sees_labels)):
        if meta.get(name, value) != value:
            raise CheckpointError(f"{path.name} has {name}={meta[name]}, but {meta['model']} has {value}")
    if sees_labels and len(meta.get("labels", [])) not in (0, model.n_labels):
        raise CheckpointError(
            f"{path.name} has {len(meta['labels'])} labels, but its model has {model.n_labels}"
        )


def _check_tensors(path: Path, kind: str, expected: dict[str, torch.Tensor], found: dict[str, Entry]) -> None:
    """Refuse tensors that differ from the model's in name, shape or type."""
    for problem, names in (
        ("lacks", expected.keys() - found.keys()),
        ("has unexpected", found.keys() - expected.keys()),
    ):
        if names:
            listed = ", ".join(sorted(names)[:5])
            raise CheckpointError(f"{path.name} {problem} {listed}: it doesn't fit {kind}")
    for name, tensor in expected.items():
        dtype, shape = found[name]
        if shape != tuple(tensor.shape):
            raise CheckpointError(
                f"{path.name}: {name} has shape {shape}, but {kind} with this config has "
                f"{tuple(tensor.shape)}"
            )
        if dtype not in (FLOATS if tensor.is_floating_point() else {INTEGERS.get(tensor.dtype)}):
            raise CheckpointError(
                f"{path.name}: {name} has type {dtype}, but {kind} has "
                f"{str(tensor.dtype).removeprefix('torch.')}"
            )


def _check_finite(tensors: dict[str, torch.Tensor], what: str) -> None:
    """Refuse NaN and infinite weights."""
    bad = [name for name, tensor in tensors.items() if not torch.isfinite(tensor).all()]
    if bad:
        raise CheckpointError(f"{what}: NaN or infinite weights in {', '.join(bad[:5])}")
