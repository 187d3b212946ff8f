"""A transformer within a model: built from its config, with its weights in the model's checkpoint."""

import json
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import ConfigError

POOLED = ("bert", "roberta", "xlm-roberta", "mpnet", "camembert", "vit", "deit", "beit")
"""Architectures with a pooling layer, which isn't used here."""


def describe_transformer(transformer: Any) -> str:
    """Return the config of a transformer as JSON, from which :class:`TextEncoder` rebuilds it offline."""
    facts = {
        key: value for key, value in transformer.config.to_diff_dict().items() if not key.startswith("_")
    }
    return json.dumps(facts | {"model_type": transformer.config.model_type}, sort_keys=True)


class TextEncoder(nn.Module):
    """A transformer with mean pooling over tokens (Reimers & Gurevych 2019), trained with the model.

    Parameters
    ----------
    described : str
        See :func:`describe_transformer`.

    Raises
    ------
    ConfigError
        When no transformer can be built from it.
    """

    def __init__(self, described: str):
        super().__init__()
        self.described = described
        self.transformer: nn.Module = build_transformer(described)
        config: Any = self.transformer.config
        self.width: int = config.hidden_size
        self.padding: int = config.pad_token_id or 0
        self.max_tokens: int = config.max_position_embeddings - (
            self.padding + 1 if "roberta" in config.model_type else 0
        )
        self.register_load_state_dict_post_hook(
            lambda encoder, _: fill_in_buffers(encoder.transformer, lambda: build_transformer(described))
        )

    def load_pretrained(self, pretrained: nn.Module) -> None:
        """Copy the weights of a pretrained transformer with the same config."""
        missing = self.transformer.load_state_dict(pretrained.state_dict(), strict=False).missing_keys
        if missing:
            raise ConfigError(
                f"the text encoder {type(pretrained).__name__} lacks {', '.join(missing[:3])}: is it an "
                "encoder?"
            )

    def states(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Return token states (n, length, width) and the valid mask (n, length), up to the longest text.

        Tokens are (n, n_tokens): 0 for padding, else the token's id plus 1.
        """
        tokens = tokens[:, : max(1, min(int((tokens > 0).sum(1).max()), self.max_tokens))]
        valid = tokens > 0
        ids = torch.where(valid, tokens - 1, self.padding)
        return self.transformer(input_ids=ids, attention_mask=valid.long()).last_hidden_state, valid

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the mean state of each text (n, n_tokens), (n, width)."""
        states, valid = self.states(tokens)
        return (states * valid[..., None]).sum(1) / valid.sum(1, keepdim=True).clamp_min(1)


def build_transformer(described: str) -> nn.Module:
    """Build an untrained transformer from its description, see :func:`describe_transformer`."""
    from transformers import AutoConfig, AutoModel

    try:
        facts = json.loads(described)
        config = AutoConfig.for_model(facts.pop("model_type"), **facts)
        config.dtype = torch.float32
        extra = {"add_pooling_layer": False} if config.model_type in POOLED else {}
        return AutoModel.from_config(config, **extra)
    except Exception as reason:  # the library raises many kinds for a config that doesn't fit
        raise ConfigError(
            f"no transformer can be built from the config {described[:80]!r} …: {reason}"
        ) from reason


def fill_in_buffers(network: nn.Module, build: Callable[[], nn.Module]) -> None:
    """Fill in the non-persistent buffers (positions) of a network that was built on the meta device.

    Parameters
    ----------
    build : callable
        Builds the same network on the CPU.
    """
    missing = [name for name, buffer in network.named_buffers() if buffer.is_meta]
    if not missing:
        return
    buffers = dict(build().named_buffers())
    for name in missing:
        owner, _, last = name.rpartition(".")
        network.get_submodule(owner).register_buffer(last, buffers[name], persistent=False)
