"""The checkpoint format: one ``.safetensors`` file whose header holds everything else as JSON.

The weights are the model's ``state_dict``; the metadata entry ``songscape`` says which model with which config
reads which extractor, how it was trained on what, and how that went. Loading is strict: a file of another kind,
damaged, of an unknown model, or whose tensors don't fit it name by name and shape by shape, is refused with the
reason, before any memory is taken for the weights. Nothing is ever unpickled.
"""

import json
import math
from datetime import UTC, datetime
from pathlib import Path

import torch
from torch import nn

from core import store
from core.config import from_json
from core.errors import CheckpointError, ConfigError
from core.models import get_model
from core.training.header import FORMAT, KEY, read_header


def save_checkpoint(path: Path, model: nn.Module, meta: dict, *, float16: bool = False) -> Path:
    """Write a model and what is known about it, whole or not at all.

    Parameters
    ----------
    path : Path
        Ends in ``.safetensors``.
    meta : dict
        JSON-able: ``input`` (``name`` and ``config`` of the extractor) and what :func:`core.training.fit.fit_model`
        adds. What the model itself knows (name, config, shapes) is written from the model.
    float16 : bool
        Halve the file: matrices and kernels in half precision (about 1e-3 relative), vectors stay as they are.

    Raises
    ------
    CheckpointError
        When weights are not finite, or the ending is another.
    """
    from dataclasses import asdict

    from safetensors.torch import save_file

    path = Path(path)
    if path.suffix != ".safetensors":
        raise CheckpointError(f"a checkpoint is a .safetensors file; {path.name} has another ending")
    tensors = {}
    for name, tensor in model.state_dict().items():
        small = float16 and tensor.ndim >= 2
        tensors[name] = (
            tensor.detach()
            .cpu()
            .to(torch.float16 if small else tensor.dtype)
            .clone(memory_format=torch.contiguous_format)
        )
    _check_finite(tensors, f"{model.name} is not saved")
    own = {
        "format": FORMAT,
        "model": model.name,
        "config": asdict(model.config),
        "input_shape": model.input_shape,
        "n_labels": model.n_labels,
        "latent_dim": model.latent_dim,
        "sees_labels": model.sees_labels,
        "n_parameters": sum(p.numel() for p in model.parameters()),
    }
    whole = {"created": datetime.now(UTC).isoformat(timespec="seconds"), **meta, **own}
    text = json.dumps(_without_nan(whole), allow_nan=False, ensure_ascii=False)
    return store.publish(path, lambda temporary: save_file(tensors, temporary, metadata={KEY: text}))


def load_checkpoint(path: Path) -> tuple[nn.Module, dict]:
    """Return the model on the CPU, in eval mode and single precision, and its metadata.

    Raises
    ------
    CheckpointError
        With the reason, see :func:`read_meta`; and when tensors are missing, unexpected, misshapen or not finite.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    path = Path(path)
    meta, found = read_header(path)
    model = _build_without_memory(path, meta)
    expected = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    for what, names in (("lacks", expected.keys() - found.keys()), ("has unexpected", found.keys() - expected.keys())):
        if names:
            raise CheckpointError(f"{path.name} {what} {', '.join(sorted(names)[:5])}: it doesn't fit {meta['model']}")
    for name, shape in expected.items():
        if found[name] != shape:
            raise CheckpointError(
                f"{path.name}: {name} has shape {found[name]} where {meta['model']} with this config has {shape}"
            )
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as reason:
        raise CheckpointError(f"{path.name} is damaged: {reason}") from reason
    _check_finite(tensors, f"{path.name} is refused")
    whole = {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}
    model.load_state_dict(whole, assign=True)
    return model.eval(), meta


def _build_without_memory(path: Path, meta: dict) -> nn.Module:
    """Build the model that the header describes with shapes but no weights."""
    model = get_model(meta["model"])
    try:
        config = from_json(model.Config, meta["config"])
        shape, n_labels = meta["input_shape"], meta["n_labels"]
        shape = {name: tuple(s) for name, s in shape.items()} if isinstance(shape, dict) else tuple(shape)
        sizes = list(shape.values()) if isinstance(shape, dict) else [shape]
        if (
            not all(isinstance(v, int) and 0 < v for size in sizes for v in size)
            or not isinstance(n_labels, int)
            or max(map(math.prod, sizes)) > 1 << 31
        ):
            raise ConfigError(f"input_shape={shape} or n_labels={n_labels!r} can't be")
        with torch.device("meta"):
            return model(config, shape, n_labels)
    except (ConfigError, TypeError, ValueError, RuntimeError, OverflowError) as reason:
        raise CheckpointError(f"{path.name} describes a {meta['model']} that can't be built: {reason}") from reason


def _check_finite(tensors: dict[str, torch.Tensor], what: str) -> None:
    """Refuse NaN and infinite weights."""
    bad = [name for name, tensor in tensors.items() if not torch.isfinite(tensor).all()]
    if bad:
        raise CheckpointError(f"{what}: NaN or infinite weights in {', '.join(bad[:5])}")


def _without_nan(value):
    """JSON has no NaN: figures that are not finite become null."""
    if isinstance(value, dict):
        return {str(k): _without_nan(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(v) for v in value]
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()  # numpy's scalars
    return None if isinstance(value, float) and not math.isfinite(value) else value
