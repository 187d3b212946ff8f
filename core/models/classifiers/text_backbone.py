"""Text backbones, from word pieces to their states: a small transformer or a pretrained one."""

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import ConfigError
from core.models.contrastive.text_encoder import TextEncoder, describe_transformer

SMALL = "small"
BERT_PIECES = 30_522
"""Vocabulary size of BERT-base-uncased, whose tokenizer is packaged."""


def transformer_layer(width: int, n_heads: int, dropout: float) -> nn.TransformerEncoderLayer:
    """Return a pre-norm transformer layer with a feed-forward part four times as wide.

    It has no dropout of attention weights, whose random numbers take a third of the time on a CPU.
    """
    layer = nn.TransformerEncoderLayer(
        width, n_heads, 4 * width, dropout, activation="gelu", batch_first=True, norm_first=True
    )
    layer.self_attn.dropout = 0.0
    return layer


class SmallTransformer(nn.Module):
    """Learnt token and position embeddings, and pre-norm transformer layers (Vaswani et al. 2017).

    Parameters
    ----------
    n_pieces : int
        Vocabulary size.
    n_tokens : int
        Maximum length.
    width, n_heads, n_layers : int
    dropout : float
    """

    def __init__(self, n_pieces: int, n_tokens: int, width: int, n_heads: int, n_layers: int, dropout: float):
        super().__init__()
        self.width = width
        self.pieces = nn.Embedding(n_pieces + 1, width)  # 0 is padding
        self.places = nn.Parameter(0.02 * torch.randn(n_tokens, width))
        nn.init.normal_(self.pieces.weight, std=0.02)
        self.layers = nn.TransformerEncoder(
            transformer_layer(width, n_heads, dropout),
            n_layers,
            nn.LayerNorm(width),
            enable_nested_tensor=False,
        )

    def states(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Return states as :meth:`TextEncoder.states`; an empty text has one state, too."""
        tokens = tokens[:, : max(1, int((tokens > 0).sum(1).max()))]
        valid = tokens > 0
        valid = torch.cat([valid[:, :1] | ~valid.any(1, keepdim=True), valid[:, 1:]], 1)
        h = self.pieces(tokens) + self.places[: tokens.shape[1]]  # (n, length, width)
        return self.layers(h, src_key_padding_mask=~valid), valid


def build_text_backbone(config: Any, n_tokens: int) -> TextEncoder | SmallTransformer:
    """Build an untrained text backbone.

    Parameters
    ----------
    config : dataclass
        With the fields of :class:`core.models.classifiers.unimodal.LyricsTransformerConfig`.
    """
    if config.text_network:
        return TextEncoder(config.text_network)
    return SmallTransformer(
        config.n_pieces, n_tokens, config.latent_dim, config.n_heads, config.n_layers, config.dropout
    )


def load_text_backbone(config: Any, reads: dict) -> tuple[Any, nn.Module | None, str]:
    """Load the text backbone that a config names.

    Parameters
    ----------
    reads : dict
        Config of the extractor ``wordpieces``, which names the tokenizer.

    Returns
    -------
    config : dataclass
        With the backbone's sizes and description filled in.
    transformer : Module or None
        The pretrained transformer; None for the small one.
    origin : str
        Where the initial weights come from.

    Raises
    ------
    TextError
        When the transformer or its tokenizer isn't available.
    ConfigError
        When the transformer was trained with another tokenizer.
    """
    from core.features.pretrained.tokens import PACKAGED, load_tokenizer, load_transformer

    source = reads.get("model", PACKAGED)
    vocabulary = load_tokenizer(source).get_vocab()
    if config.text_backbone == SMALL:
        n_pieces = max(vocabulary.values()) + 1
        return replace(config, n_pieces=n_pieces), None, "a small transformer with random weights"
    if load_tokenizer(config.text_backbone).get_vocab() != vocabulary:
        raise ConfigError(
            f"text_backbone={config.text_backbone} was trained with another tokenizer than {source}; take "
            f"the text input wordpieces:{config.text_backbone}"
        )
    pretrained = load_transformer(config.text_backbone)
    sizes = {
        "latent_dim": pretrained.config.hidden_size,
        "n_heads": pretrained.config.num_attention_heads,
        "n_layers": pretrained.config.num_hidden_layers,
    }
    return (
        replace(config, text_network=describe_transformer(pretrained), **sizes),
        pretrained,
        f"{config.text_backbone} with its pretrained weights",
    )
