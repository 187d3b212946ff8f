"""From word pieces to a row of states: a small transformer of our own, or a pretrained one."""

from dataclasses import replace

import torch
from torch import Tensor, nn

from core.errors import ConfigError
from core.models.contrastive.text_encoder import TextEncoder, describe_transformer

SMALL = "small"
BERT_PIECES = 30_522
"""Pieces of BERT-base-uncased's vocabulary, which the packaged tokenizer shares."""


def transformer_layer(width: int, n_heads: int, dropout: float) -> nn.TransformerEncoderLayer:
    """Return a layer with normalisation first and a feed-forward part four times as wide.

    Attention weights are not dropped: drawing a number for each pair of places takes a third of a CPU's time.
    """
    layer = nn.TransformerEncoderLayer(
        width, n_heads, 4 * width, dropout, activation="gelu", batch_first=True, norm_first=True
    )
    layer.self_attn.dropout = 0.0
    return layer


class SmallTransformer(nn.Module):
    """Learnt embeddings of pieces and places, and transformer layers (Vaswani et al. 2017) with normalisation first.

    Parameters
    ----------
    n_pieces : int
        Of the vocabulary.
    n_tokens : int
        The longest row.
    width, n_heads, n_layers : int
    dropout : float
    """

    def __init__(self, n_pieces: int, n_tokens: int, width: int, n_heads: int, n_layers: int, dropout: float):
        super().__init__()
        self.width = width
        self.pieces = nn.Embedding(n_pieces + 1, width)  # 0 stands for no piece
        self.places = nn.Parameter(0.02 * torch.randn(n_tokens, width))
        nn.init.normal_(self.pieces.weight, std=0.02)
        self.layers = nn.TransformerEncoder(
            transformer_layer(width, n_heads, dropout),
            n_layers,
            nn.LayerNorm(width),
            enable_nested_tensor=False,
        )

    def states(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Return what :meth:`core.models.contrastive.text_encoder.TextEncoder.states` does; a text without any piece has one state all the same."""
        tokens = tokens[:, : max(1, int((tokens > 0).sum(1).max()))]
        valid = tokens > 0
        valid = torch.cat([valid[:, :1] | ~valid.any(1, keepdim=True), valid[:, 1:]], 1)
        h = self.pieces(tokens) + self.places[: tokens.shape[1]]  # (n, length, width)
        return self.layers(h, src_key_padding_mask=~valid), valid


def build_text(config, n_tokens: int) -> TextEncoder | SmallTransformer:
    """Build what a config describes, untrained.

    Parameters
    ----------
    config : dataclass
        With the fields of :class:`core.models.classifiers.lyrics_transformer.LyricsTransformerConfig`.
    """
    if config.text_network:
        return TextEncoder(config.text_network)
    return SmallTransformer(
        config.n_pieces, n_tokens, config.latent_dim, config.n_heads, config.n_layers, config.dropout
    )


def load_text(config, reads: dict) -> tuple[object, nn.Module | None, str]:
    """Return a model's config with what its text backbone fixes, pretrained weights to start from (None: random), and a sentence.

    Parameters
    ----------
    reads : dict
        Config of the extractor ``wordpieces``, which names the tokenizer.

    Raises
    ------
    TextError
        When the transformer or its tokenizer can't be had.
    ConfigError
        When it was made for other word pieces.
    """
    from core.features.pretrained.tokens import PACKAGED, load_tokenizer, load_transformer

    source = reads.get("model", PACKAGED)
    given = load_tokenizer(source).get_vocab()
    if config.text_backbone == SMALL:
        return (
            replace(config, n_pieces=max(given.values()) + 1),
            None,
            "a small transformer with random weights",
        )
    if load_tokenizer(config.text_backbone).get_vocab() != given:
        raise ConfigError(
            f"text_backbone={config.text_backbone} was made for other word pieces than {source}'s; let the "
            f"words be read as wordpieces:{config.text_backbone}"
        )
    pretrained = load_transformer(config.text_backbone)
    facts = pretrained.config
    fixed = {
        "latent_dim": facts.hidden_size,
        "n_heads": facts.num_attention_heads,
        "n_layers": facts.num_hidden_layers,
    }
    return (
        replace(config, text_network=describe_transformer(pretrained), **fixed),
        pretrained,
        f"{config.text_backbone} with its pretrained weights",
    )
