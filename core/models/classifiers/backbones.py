"""Backbones of classifiers: small networks trained from random weights, or pretrained ones.

Audio backbones turn a spectrogram into states over time, text backbones word pieces into states.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

from core.errors import ConfigError
from core.models.classifiers.image_network import ImageNetwork, load_network
from core.models.contrastive.text_encoder import TextEncoder, describe_transformer
from core.models.contrastive.towers import band_moments
from core.models.moments import Standardised

BaselinePreset = Literal["small", "published"]
INCEPTION, BERT = {"audio_backbone": "inception_v4"}, {"text_backbone": "bert-base-uncased"}
"""Published backbones (Jiang 2024, section 5.3)."""
SCHEDULE = {
    "encoder_lr": 1.0,
    "epochs": 10,
    "batch_size": 48,
    "lr": 1e-5,
    "halve_from": 2,
    "halve_every": 4,
    "beta1": 0.95,
    "beta2": 0.999,
    "weight_decay": 5e-7,
    "clip_norm": 0.0,
}
"""Published for fine-tuning the masked autoencoder; the paper gives none of its own for the baselines."""
SMALL = "small"
BERT_PIECES = 30_522
"""Vocabulary size of BERT-base-uncased, whose tokenizer is packaged."""


class SmallCNN(nn.Module):
    """3x3 convolutions of stride 2 with batch norm and ReLU; states are the last map averaged over bands.

    (128, 512) with widths 16, 32, 64, 128 becomes 16 x (64, 256), 32 x (32, 128), 64 x (16, 64), 128 x (8,
    32), and so 32 states of 128 numbers.
    """

    def __init__(self, widths: tuple[int, ...]):
        super().__init__()
        self.width = widths[-1]
        self.convs = nn.ModuleList(
            nn.Conv2d(a, b, 3, stride=2, padding=1, bias=False) for a, b in pairwise((1, *widths))
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for b in widths)

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, n_steps, width) of spectrograms (n, n_mels, n_frames)."""
        h = x[:, None]  # (n, 1, n_mels, n_frames)
        for conv, norm in zip(self.convs, self.norms):
            h = torch.relu(norm(conv(h)))  # (n, widths[i], n_mels / 2^(i+1), n_frames / 2^(i+1)), rounded up
        return h.mean(2).transpose(1, 2)


class AudioBackbone(Standardised):
    """Standardisation per mel band, followed by a network on spectrograms.

    Parameters
    ----------
    shape : tuple of int
        Mel bands and frames.
    widths : tuple of int
        Channels of the small network.
    described : str
        Description of a pretrained network (see :class:`ImageNetwork`); "" for the small one.
    """

    def __init__(self, shape: tuple[int, int], widths: tuple[int, ...], described: str = ""):
        super().__init__()
        self.register_moments(shape[0])
        self.network: ImageNetwork | SmallCNN = ImageNetwork(described) if described else SmallCNN(widths)
        self.is_pretrained, self.width = bool(described), self.network.width

    def fit_statistics(self, X: np.ndarray) -> None:
        """Compute the moments of spectrograms X (n, n_mels, n_frames)."""
        if len(X):
            self.set_moments(*band_moments(X))

    def forward(self, x: Tensor) -> Tensor:
        """Return states (n, n_steps, width) of spectrograms (n, n_mels, n_frames)."""
        return self.network((x - self.mean[:, None]) / self.deviation[:, None])


def load_audio_backbone(config: Any, shape: tuple[int, int]) -> tuple[Any, ImageNetwork | None, str]:
    """Load the audio backbone that a config names.

    Parameters
    ----------
    config : dataclass
        With ``audio_backbone``, ``audio_weights`` and ``audio_network``.

    Returns
    -------
    config : dataclass
        With ``audio_network`` filled in.
    network : ImageNetwork or None
        The initial weights; None for the small network.
    origin : str
        Where they come from.
    """
    if config.audio_backbone == SMALL:
        return config, None, "a small network with random weights"
    network, described, origin = load_network(config.audio_backbone, config.audio_weights, shape)
    return replace(config, audio_network=described), network, origin


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
