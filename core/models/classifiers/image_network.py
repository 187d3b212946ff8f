"""Pretrained image networks of timm (Inception-v4 as published) and transformers, on spectrograms.

A spectrogram is an image with one channel. timm sums the first layer's weights over the colour channels;
networks of transformers get the spectrogram in all three. The classifiers of both are dropped.
"""

import json
import os
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import ConfigError
from core.features.pretrained.hub import load_pretrained
from core.models.classifiers.timm_network import NONE, PRETRAINED, create_timm_network, load_timm_network
from core.models.contrastive.text_encoder import build_transformer, describe_transformer, fill_in_buffers


class ImageNetwork(nn.Module):
    """An image network without its classifier; see :func:`load_network`.

    Parameters
    ----------
    described : str
        JSON, as returned by :func:`load_network`.

    Raises
    ------
    ConfigError
        When it can't be built, or timm is missing.
    """

    def __init__(self, described: str):
        super().__init__()
        self.network: Any = _build(described)
        library_config = getattr(self.network, "config", None)  # timm's networks have none
        self.channels = getattr(library_config, "num_channels", 1)
        self.interpolates_positions = "vit" in getattr(library_config, "model_type", "")
        self.width = json.loads(described)["width"]
        self.register_load_state_dict_post_hook(
            lambda part, _: fill_in_buffers(part.network, lambda: _build(described))
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return states (n, n_steps, width) of spectrograms (n, n_mels, n_frames).

        A step is a column of the last feature map, averaged over its rows; for a transformer, a patch.
        """
        image = x[:, None].expand(-1, self.channels, -1, -1)  # (n, channels, n_mels, n_frames)
        if hasattr(self.network, "forward_features"):
            h = self.network.forward_features(image)
        else:
            options = {"interpolate_pos_encoding": True} if self.interpolates_positions else {}
            h = self.network(image, **options).last_hidden_state
        if h.ndim == 4:
            h = h if h.shape[1] == self.width else h.permute(0, 3, 1, 2)  # (n, width, rows, columns)
            h = h.mean(2).transpose(1, 2)
        return h


def load_network(backbone: str, weights: str, shape: tuple[int, int]) -> tuple[ImageNetwork, str, str]:
    """Load an image network for spectrograms.

    Parameters
    ----------
    backbone : str
        Name of a timm network (``inception_v4``), or name (``microsoft/resnet-18``) or folder of a network
        that transformers or timm saved.
    weights : str
        ``pretrained``: those of the name or in the folder; ``none``: random; or a .safetensors file for a
        network of timm.
    shape : tuple of int
        Mel bands and frames of the input.

    Returns
    -------
    network : ImageNetwork
    described : str
        Its description as JSON.
    origin : str
        Name and weights of the network.

    Raises
    ------
    ConfigError
        For an unknown name, weights or a library that aren't available, or a network that can't read such
        spectrograms.
    """
    library, description, origin = _load(backbone, weights, shape)
    described = json.dumps(description, sort_keys=True)
    network = ImageNetwork(described)
    if missing := network.network.load_state_dict(library.state_dict(), strict=False).missing_keys:
        raise ConfigError(
            f"audio_backbone={backbone} lacks {', '.join(missing[:3])}: is it a whole image network?"
        )
    _check_forward(network, backbone, shape)
    return network.train(), described, origin


def _load(backbone: str, weights: str, shape: tuple[int, int]) -> tuple[nn.Module, dict, str]:
    """Load a network from timm or transformers, with its description and origin."""
    folder = Path(os.path.expanduser(backbone))
    found = _read_config(folder) if folder.is_dir() else {}
    if folder.is_dir() and not {"architecture", "model_type"} & found.keys():
        raise ConfigError(
            f"audio_backbone={backbone}: the folder holds no image network that timm or transformers saved "
            "(its config.json names none)"
        )
    if "architecture" in found or (not found and "/" not in backbone.removeprefix("timm/")):
        return load_timm_network(backbone.removeprefix("timm/"), found.get("architecture"), weights, shape)
    return _load_transformers_network(backbone, weights)


def _check_forward(network: ImageNetwork, backbone: str, shape: tuple[int, int]) -> None:
    """Refuse a network that can't read spectrograms of this shape, or returns states of another width."""
    try:
        with torch.no_grad():
            states = network.eval()(torch.zeros(1, *shape))
    except Exception as reason:  # each library raises its own kinds
        raise ConfigError(
            f"audio_backbone={backbone} can't read spectrograms of {shape[0]} bands and {shape[1]} frames: "
            f"{reason}"
        ) from reason
    if states.shape[-1] != network.width:
        raise ConfigError(
            f"audio_backbone={backbone} returns states of width {states.shape[-1]}, but its config has width "
            f"{network.width}; is it an image network?"
        )


def _load_transformers_network(name: str, weights: str) -> tuple[nn.Module, dict, str]:
    """Load a network of transformers, with its description and origin."""
    from transformers import AutoConfig, AutoModel

    if weights not in (PRETRAINED, NONE):
        raise ConfigError(
            f"audio_weights={weights!r} must be pretrained or none for {name}: a folder that transformers "
            "saved holds its own weights"
        )

    def load(place: str, local_files_only: bool):
        if weights == NONE:
            return AutoConfig.from_pretrained(place, local_files_only=local_files_only)
        network, report = AutoModel.from_pretrained(
            place, local_files_only=local_files_only, output_loading_info=True
        )
        # the pooling layer isn't used here
        if missing := sorted(key for key in report["missing_keys"] if not key.startswith("pooler.")):
            raise ConfigError(
                f"audio_backbone={place} lacks {len(missing)} of its weights, such as {missing[0]}; was it "
                "saved whole?"
            )
        return network

    loaded: Any = load_pretrained(
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
    description = {"library": "transformers", "config": json.loads(described), "width": width}
    network = loaded if weights == PRETRAINED else build_transformer(described)
    return (
        network,
        description,
        f"{name} with {'its pretrained' if weights == PRETRAINED else 'random'} weights",
    )


def _build(described: str) -> nn.Module:
    """Build an untrained network from its description."""
    try:
        description = json.loads(described)
        if description["library"] == "transformers":
            return build_transformer(json.dumps(description["config"]))
    except (ValueError, KeyError, TypeError) as reason:
        raise ConfigError(
            f"no image network can be built from the description {described[:80]!r}: {reason!r}"
        ) from reason
    return create_timm_network(description)


def _read_config(folder: Path) -> dict:
    """Return the contents of a folder's config.json, {} where there is none."""
    try:
        return json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
