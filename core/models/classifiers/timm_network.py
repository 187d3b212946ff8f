"""Image networks of the library timm, an optional extra, with their pretrained weights."""

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from torch import nn

from core.errors import ConfigError
from core.features.pretrained.hub import load_pretrained

PRETRAINED, NONE = "pretrained", "none"
INSTALL_TIMM = (
    "install it with: pip install timm (it needs torchvision of the same build as torch; for the "
    "CPU build, the index that pytorch.org names for CPU)"
)


def load_timm_network(
    name: str, architecture: str | None, weights: str, shape: tuple[int, int]
) -> tuple[nn.Module, dict, str]:
    """Load a network of timm.

    Parameters
    ----------
    name : str
        Of the network, or the folder in which timm saved it.
    architecture : str or None
        Of the network in a folder.
    weights : str
        See :func:`core.models.classifiers.image_network.load_network`.
    shape : tuple of int
        Mel bands and frames.

    Returns
    -------
    network : Module
    description : dict
        From which :func:`create_timm_network` rebuilds it.
    origin : str
        Name and weights of the network.
    """
    timm = load_timm()
    base = (architecture or name).split(".")[0]
    if not timm.is_model(base):
        near = get_close_matches(base, timm.list_models(), 3)
        similar = f" (similar: {', '.join(near)})" if near else ""
        raise ConfigError(
            f"audio_backbone={name!r} must be small, the name of a timm network{similar}, or the name "
            "(OWNER/NAME) or folder of a transformers network"
        )
    description: dict[str, Any] = {"library": "timm", "architecture": base}
    if timm.get_pretrained_cfg(architecture or name).fixed_input_size:
        description["img_size"] = list(shape)
    file, origin = _find_weights(timm, name, architecture is not None, weights)
    options = {"pretrained": True, "pretrained_cfg_overlay": {"file": str(file)}} if file else {}
    network = create_timm_network(description, **options)
    return network, description | {"width": network.num_features}, f"{base} {origin}"


def create_timm_network(description: dict, **options) -> Any:
    """Build a network for one-channel images from its description, without its classifier."""
    size = {"img_size": tuple(description["img_size"])} if "img_size" in description else {}
    timm = load_timm()
    try:
        return timm.create_model(
            description["architecture"],
            in_chans=1,
            num_classes=0,
            **size,
            **({"pretrained": False} | options),
        )
    except Exception as reason:  # the library raises many kinds for a file that doesn't fit
        raise ConfigError(f"timm can't build {description['architecture']}: {reason}") from reason


def _find_weights(timm: Any, name: str, is_folder: bool, weights: str) -> tuple[Path | None, str]:
    """Return the weight file (None for random weights) and a description of the weights."""
    if weights == NONE:
        return None, "with random weights"
    if weights != PRETRAINED or is_folder:
        file = Path(
            os.path.expanduser(weights if weights != PRETRAINED else Path(name) / "model.safetensors")
        )
        if file.suffix != ".safetensors" or not file.is_file():
            raise ConfigError(
                f"audio_weights={weights!r}: {file} is no .safetensors file; other file formats can run code "
                "when they are loaded"
            )
        return file, f"with the weights in {file}"
    cfg = timm.get_pretrained_cfg(name)
    if not cfg.hf_hub_id:
        raise ConfigError(
            f"audio_weights=pretrained: timm has no weights for {name}; take audio_weights=none, or a "
            ".safetensors file"
        )

    def fetch(repository: str, local_files_only: bool) -> str:
        from huggingface_hub import hf_hub_download

        return hf_hub_download(repository, "model.safetensors", local_files_only=local_files_only)

    path = load_pretrained(
        cfg.hf_hub_id,
        fetch,
        kind="image network",
        marker="model.safetensors",
        error=ConfigError,
        save=f'timm.create_model("{name}", pretrained=True) and timm.models.save_for_hf(MODEL, "FOLDER", '
        "safe_serialization=True)",
        otherwise="; or choose audio_weights=FILE.safetensors, or audio_weights=none for random ones",
    )
    return Path(path), f"with the weights {cfg.hf_hub_id}"


def load_timm() -> Any:
    """Return the library timm.

    Raises
    ------
    ConfigError
        When it isn't installed or doesn't load; names the command that installs it.
    """
    try:
        import timm
    except ImportError:
        raise ConfigError(
            f"this backbone needs the library timm, which isn't installed; {INSTALL_TIMM}"
        ) from None
    except Exception as reason:  # a torchvision of another build than torch raises a RuntimeError
        raise ConfigError(
            f"this backbone needs the library timm, which doesn't load here ({reason}); {INSTALL_TIMM}"
        ) from reason
    return timm
