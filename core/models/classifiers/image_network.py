"""Pretrained image networks on spectrograms, by name or folder: timm's (Inception-v4 as published) and transformers'.

A spectrogram is an image with one channel. timm's networks take it as such (the first layer's weights are
summed over the colours); transformers' get it three times. Neither library's classifier is kept.
"""

import json
import os
from difflib import get_close_matches
from pathlib import Path

import torch
from torch import Tensor, nn

from core.errors import ConfigError
from core.features.pretrained.hub import load_pretrained
from core.models.contrastive.text_encoder import build_transformer, describe_transformer
from core.models.library_network import fill_in_buffers

PRETRAINED, NONE = "pretrained", "none"
GETTING_TIMM = (
    "install it with: pip install timm (it needs torchvision of the same build as torch; for the "
    "CPU build, the index that pytorch.org names for CPU)"
)


class ImageNetwork(nn.Module):
    """An image network without its classifier; see :func:`load_network`.

    Parameters
    ----------
    described : str
        JSON, as :func:`load_network` gives it.

    Raises
    ------
    ConfigError
        When it can't be built, or timm is wanted and not there.
    """

    def __init__(self, described: str):
        super().__init__()
        self.network = _build(described)
        self.channels = getattr(getattr(self.network, "config", None), "num_channels", 1)
        self.reads_any_size = "vit" in getattr(getattr(self.network, "config", None), "model_type", "")
        self.width = json.loads(described)["width"]
        self.register_load_state_dict_post_hook(
            lambda part, _: fill_in_buffers(part.network, lambda: _build(described))
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, n_steps, width) of spectrograms (n, n_mels, n_frames): one step per column of the last map, averaged over
        its rows; a transformer's are its patches.
        """
        image = x[:, None].expand(-1, self.channels, -1, -1)  # (n, channels, n_mels, n_frames)
        if hasattr(self.network, "forward_features"):
            h = self.network.forward_features(image)
        else:
            h = self.network(
                image, **({"interpolate_pos_encoding": True} if self.reads_any_size else {})
            ).last_hidden_state
        if h.ndim == 4:
            h = h if h.shape[1] == self.width else h.permute(0, 3, 1, 2)  # (n, width, rows, columns)
            h = h.mean(2).transpose(1, 2)
        return h


def load_network(backbone: str, weights: str, shape: tuple[int, int]) -> tuple[ImageNetwork, str, str]:
    """Return a network to start from, its description, and a sentence on what its weights are.

    Parameters
    ----------
    backbone : str
        A name of timm's (``inception_v4``), or the name (``microsoft/resnet-18``) or folder of one that
        transformers or timm saved.
    weights : str
        ``pretrained``: those that belong to the name, or lie in the folder; ``none``: random; or a
        .safetensors file for a network of timm's.
    shape : tuple of int
        Bands and frames that it will read.

    Raises
    ------
    ConfigError
        When there is none of that name, its weights or its library can't be had, or it can't read such
        spectrograms.
    """
    folder = Path(os.path.expanduser(backbone))
    found = _read_config(folder) if folder.is_dir() else {}
    if folder.is_dir() and not {"architecture", "model_type"} & found.keys():
        raise ConfigError(
            f"audio_backbone={backbone}: the folder holds no image network that timm or transformers saved "
            "(its config.json names none)"
        )
    if "architecture" in found or (not found and "/" not in backbone.removeprefix("timm/")):
        network, facts, origin = _load_timm_network(
            backbone.removeprefix("timm/"), found.get("architecture"), weights, shape
        )
    else:
        network, facts, origin = _load_transformers_network(backbone, weights)
    described = json.dumps(facts, sort_keys=True)
    part = ImageNetwork(described)
    if lacking := part.network.load_state_dict(network.state_dict(), strict=False).missing_keys:
        raise ConfigError(
            f"audio_backbone={backbone} lacks {', '.join(lacking[:3])}: is it a whole image network?"
        )
    try:
        with torch.no_grad():
            steps = part.eval()(torch.zeros(1, *shape))
    except Exception as reason:  # each library says it in its own way
        raise ConfigError(
            f"audio_backbone={backbone} can't read spectrograms of {shape[0]} bands and {shape[1]} frames: "
            f"{reason}"
        ) from reason
    if steps.shape[-1] != part.width:
        raise ConfigError(
            f"audio_backbone={backbone} gives {steps.shape[-1]} numbers where its config says {part.width}; "
            "is it an image network?"
        )
    return part.train(), described, origin


def _load_timm_network(name: str, architecture: str | None, weights: str, shape: tuple[int, int]):
    """Return a network of timm's, its description and its origin; ``architecture`` where ``name`` is a folder."""
    timm = load_timm()
    base = (architecture or name).split(".")[0]
    if not timm.is_model(base):
        near = get_close_matches(base, timm.list_models(), 3)
        said = f" (near: {', '.join(near)})" if near else ""
        raise ConfigError(
            f"audio_backbone={name!r} must be small, a network of timm's by name{said}, or the name "
            "(OWNER/NAME) or folder of one of transformers'"
        )
    facts = {"library": "timm", "architecture": base}
    if timm.get_pretrained_cfg(architecture or name).fixed_input_size:
        facts["img_size"] = list(shape)
    file, origin = _timm_weights(timm, name, architecture is not None, weights)
    network = _create(
        timm, facts, **({"pretrained": True, "pretrained_cfg_overlay": {"file": str(file)}} if file else {})
    )
    return network, facts | {"width": network.num_features}, f"{base} {origin}"


def _timm_weights(timm, name: str, is_folder: bool, weights: str) -> tuple[Path | None, str]:
    """Return the file with the weights, None for random ones, and what they are in words."""
    if weights == NONE:
        return None, "with random weights"
    if weights != PRETRAINED or is_folder:
        file = Path(
            os.path.expanduser(weights if weights != PRETRAINED else Path(name) / "model.safetensors")
        )
        if file.suffix != ".safetensors" or not file.is_file():
            raise ConfigError(
                f"audio_weights={weights!r}: {file} is no .safetensors file; other kinds of file can run "
                "code when they are loaded"
            )
        return file, f"with the weights in {file}"
    cfg = timm.get_pretrained_cfg(name)
    if not cfg.hf_hub_id:
        raise ConfigError(
            f"audio_weights=pretrained: timm names no weights for {name}; take audio_weights=none, or a "
            ".safetensors file"
        )

    def fetch(repository: str, local_files_only: bool) -> str:
        from huggingface_hub import hf_hub_download

        return hf_hub_download(repository, "model.safetensors", local_files_only=local_files_only)

    file = load_pretrained(
        cfg.hf_hub_id,
        fetch,
        kind="image network",
        marker="model.safetensors",
        error=ConfigError,
        save=f'timm.create_model("{name}", pretrained=True) and timm.models.save_for_hf(MODEL, "FOLDER", '
        "safe_serialization=True)",
        otherwise="; or choose audio_weights=FILE.safetensors, or audio_weights=none for random ones",
    )
    return Path(file), f"with the weights {cfg.hf_hub_id}"


def _load_transformers_network(name: str, weights: str):
    """Return a network of transformers', its description and its origin."""
    from transformers import AutoConfig, AutoModel

    if weights not in (PRETRAINED, NONE):
        raise ConfigError(
            f"audio_weights={weights!r} must be pretrained or none for {name}: a folder that transformers "
            "saved holds its own weights"
        )

    def load(place: str, local_files_only: bool):
        if weights == NONE:
            return AutoConfig.from_pretrained(place, local_files_only=local_files_only)
        network, found = AutoModel.from_pretrained(
            place, local_files_only=local_files_only, output_loading_info=True
        )
        if lacking := sorted(
            key for key in found["missing_keys"] if not key.startswith("pooler.")
        ):  # which nothing here reads
            raise ConfigError(
                f"audio_backbone={place} lacks {len(lacking)} of its weights, {lacking[0]} for one; was it "
                "saved whole?"
            )
        return network

    loaded = load_pretrained(
        name,
        load,
        kind="image network",
        marker="config.json",
        error=ConfigError,
        save=f'AutoModel.from_pretrained("{name}").save_pretrained("FOLDER")',
        otherwise="; or choose audio_backbone=small, which needs nothing",
    )
    config = loaded.config if weights == PRETRAINED else loaded
    width = (getattr(config, "hidden_sizes", None) or [getattr(config, "hidden_size", 0)])[-1]
    described = describe_transformer(loaded if weights == PRETRAINED else AutoModel.from_config(config))
    facts = {"library": "transformers", "config": json.loads(described), "width": width}
    network = loaded if weights == PRETRAINED else build_transformer(described)
    return network, facts, f"{name} with {'its pretrained' if weights == PRETRAINED else 'random'} weights"


def _build(described: str) -> nn.Module:
    """Build an untrained network from its description."""
    try:
        facts = json.loads(described)
        if facts["library"] == "transformers":
            return build_transformer(json.dumps(facts["config"]))
    except (ValueError, KeyError, TypeError) as reason:
        raise ConfigError(
            f"no image network can be built from the description {described[:80]!r}: {reason!r}"
        ) from reason
    return _create(load_timm(), facts)


def _create(timm, facts: dict, **more) -> nn.Module:
    """Build a network of timm's for spectrograms, without its classifier."""
    size = {"img_size": tuple(facts["img_size"])} if "img_size" in facts else {}
    try:
        return timm.create_model(
            facts["architecture"], in_chans=1, num_classes=0, **size, **({"pretrained": False} | more)
        )
    except Exception as reason:  # whatever a file that doesn't fit makes the library raise
        raise ConfigError(f"timm can't build {facts['architecture']}: {reason}") from reason


def load_timm():
    """Return the library timm, an optional extra.

    Raises
    ------
    ConfigError
        When it isn't installed or doesn't load; says how to get it.
    """
    try:
        import timm
    except ImportError:
        raise ConfigError(
            f"this backbone needs the library timm, which isn't installed; {GETTING_TIMM}"
        ) from None
    except Exception as reason:  # a torchvision of another build than torch raises a RuntimeError
        raise ConfigError(
            f"this backbone needs the library timm, which doesn't load here ({reason}); {GETTING_TIMM}"
        ) from reason
    return timm


def _read_config(folder: Path) -> dict:
    """Return what a folder's config.json says, {} where there is none."""
    try:
        return json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
