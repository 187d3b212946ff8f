"""A transformer as a part of a model: built from its config alone, its weights in the model's own checkpoint."""

import json

import torch
from torch import Tensor, nn

from core.errors import ConfigError
from core.models.library_network import fill_in_buffers

POOLED = ("bert", "roberta", "xlm-roberta", "mpnet", "camembert", "vit", "deit", "beit")
"""Kinds that come with a pooling layer, which nothing here reads."""


def describe_transformer(transformer: nn.Module) -> str:
    """Return the config of a transformer as JSON, from which :class:`TextEncoder` builds it again without a network."""
    facts = {
        key: value for key, value in transformer.config.to_diff_dict().items() if not key.startswith("_")
    }
    return json.dumps(facts | {"model_type": transformer.config.model_type}, sort_keys=True)


class TextEncoder(nn.Module):
    """A transformer's mean over a text's tokens (Reimers & Gurevych 2019), trained along with what stands on it.

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
        self.transformer = build_transformer(described)
        config = self.transformer.config
        self.width = config.hidden_size
        self.padding = config.pad_token_id or 0
        self.longest = config.max_position_embeddings - (
            self.padding + 1 if "roberta" in config.model_type else 0
        )
        self.register_load_state_dict_post_hook(
            lambda encoder, _: fill_in_buffers(encoder.transformer, lambda: build_transformer(described))
        )

    def start_from(self, pretrained: nn.Module) -> None:
        """Take the weights of a pretrained transformer of the same config."""
        lacking = self.transformer.load_state_dict(pretrained.state_dict(), strict=False).missing_keys
        if lacking:
            raise ConfigError(
                f"the text encoder {type(pretrained).__name__} lacks {', '.join(lacking[:3])}: is it an "
                "encoder?"
            )

    def states(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Return a state per token (n, length, width), and where there is a token (n, length), bool, cut to the longest of the batch.

        Tokens are (n, n_tokens), 0 where there is none, else a token's number plus 1.
        """
        tokens = tokens[
            :, : max(1, min(int((tokens > 0).sum(1).max()), self.longest))
        ]  # what no text of the batch has costs nothing
        valid = tokens > 0
        ids = torch.where(valid, tokens - 1, self.padding)
        return self.transformer(input_ids=ids, attention_mask=valid.long()).last_hidden_state, valid

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the mean state of each text's tokens (n, n_tokens), (n, width)."""
        states, valid = self.states(tokens)
        return (states * valid[..., None]).sum(1) / valid.sum(1, keepdim=True).clamp_min(1)


def build_transformer(described: str) -> nn.Module:
    """Build an untrained transformer from what :func:`describe_transformer` returned."""
    from transformers import AutoConfig, AutoModel

    try:
        facts = json.loads(described)
        config = AutoConfig.for_model(facts.pop("model_type"), **facts)
        config.dtype = torch.float32
        extra = {"add_pooling_layer": False} if config.model_type in POOLED else {}
        return AutoModel.from_config(config, **extra)
    except Exception as reason:  # whatever a config that doesn't fit makes the library raise
        raise ConfigError(
            f"no transformer can be built from the config {described[:80]!r} …: {reason}"
        ) from reason
