"""The encoder of the contrastive masked autoencoder, from patches and word pieces to tokens of three streams.

Two modality encoders and one joint encoder, through which audio, text and both together pass with layer norms
per stream (Jiang 2024, sections 4.1 and 4.2; Gong et al. 2023 for audio and video).
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from core.config import Config, setting
from core.errors import ConfigError
from core.models import common_fields as common
from core.models.masked.masking import Masked, patchify, select_visible
from core.models.moments import Standardised
from core.models.shared_layers import STREAMS, Layer, attention_mask, grid_positions, masked_mean, sinusoids


@dataclass(frozen=True)
class EncoderConfig(Config):
    """Sizes of the encoder.

    A word embedding narrower than the tokens saves most of the parameters of a small model (ALBERT, Lan et
    al. 2020, section 3.1).
    """

    dim: int = setting(
        128,
        low=1,
        multiple_of=(4, "n_heads"),
        title="Encoder width",
        help="Size of a token and of the latent; a multiple of 4 and of the attention heads.",
    )
    n_heads: int = common.n_heads(4)
    audio_layers: int = setting(
        2,
        low=1,
        title="Audio encoder layers",
        help="Transformer layers of the audio encoder.",
    )
    text_layers: int = setting(
        2,
        low=1,
        title="Text encoder layers",
        help="Transformer layers of the text encoder.",
    )
    joint_layers: int = setting(
        1,
        low=1,
        title="Joint encoder layers",
        help="Transformer layers shared by audio and text, with layer norms of their own.",
    )
    patch: int = setting(
        16,
        low=1,
        title="Patch size",
        help="Side of the square spectrogram patches, in mel bands and frames.",
    )
    n_words: int = common.vocabulary_size(30_522)
    word_dim: int = setting(
        64,
        low=1,
        title="Word embedding dimension",
        help="Size of a word embedding before its projection to the encoder's width. *Lan et al. 2020*",
    )


class MAEEncoder(Standardised):
    """E_a, E_t and E_j.

    Parameters
    ----------
    input_shape : dict
        ``audio`` (n_mels, n_frames), both multiples of the patch; ``text`` (n_tokens,).
    streams : tuple of str
        Streams of E_j; fine-tuning needs the joint one alone.
    """

    patch_positions: Tensor
    word_positions: Tensor

    def __init__(
        self,
        config: EncoderConfig,
        input_shape: dict[str, tuple[int, ...]],
        streams: tuple[str, ...] = STREAMS,
    ):
        super().__init__()
        n_mels, n_frames = input_shape["audio"]
        if n_mels % config.patch or n_frames % config.patch:
            raise ConfigError(
                f"patch={config.patch} must divide the input's {n_mels} bands and {n_frames} frames"
            )
        self.patch = config.patch
        dim, rows, columns = config.dim, n_mels // config.patch, n_frames // config.patch
        self.register_moments()
        self.embed_patch = nn.Linear(config.patch**2, dim)
        self.embed_word = nn.Embedding(config.n_words, config.word_dim)
        nn.init.normal_(self.embed_word.weight, std=config.word_dim**-0.5)
        self.widen_word = nn.Identity() if config.word_dim == dim else nn.Linear(config.word_dim, dim)
        self.modality = nn.ParameterDict(
            {m: nn.Parameter(0.02 * torch.randn(dim)) for m in ("audio", "text")}
        )
        self.text_norm = nn.LayerNorm(dim)
        self.audio_layers = nn.ModuleList(Layer(dim, config.n_heads) for _ in range(config.audio_layers))
        self.text_layers = nn.ModuleList(
            Layer(dim, config.n_heads, post_norm=True) for _ in range(config.text_layers)
        )
        self.joint_layers = nn.ModuleList(
            Layer(dim, config.n_heads, streams=streams) for _ in range(config.joint_layers)
        )
        self.norm = nn.ModuleDict({stream: nn.LayerNorm(dim) for stream in streams})
        self.register_buffer("patch_positions", grid_positions(rows, columns, dim), persistent=False)
        self.register_buffer(
            "word_positions",
            torch.from_numpy(sinusoids(np.arange(input_shape["text"][0]), dim)),
            persistent=False,
        )

    def fit_statistics(self, X: np.ndarray) -> None:
        """Compute one mean and one deviation of all spectrograms X (n, n_mels, n_frames)."""
        n = max(X.size, 1)
        mean = sum(float(x.sum(dtype=np.float64)) for x in X) / n
        square = (
            sum(float(np.square(x - np.float32(mean), dtype=np.float32).sum(dtype=np.float64)) for x in X) / n
        )
        self.mean.fill_(mean)
        self.deviation.fill_(max(square**0.5, 1e-6))

    def patches(self, x: Tensor) -> Tensor:
        """Return standardised patches of spectrograms, (n, n_patches, patch²)."""
        return patchify((x - self.mean) / self.deviation, self.patch)

    def embed_audio(self, patches: Tensor) -> Tensor:
        """Return patches as tokens with their positions, (n, n_patches, dim): equations 4.1 and 4.2."""
        return self.embed_patch(patches) + self.modality["audio"] + self.patch_positions

    def embed_text(self, tokens: Tensor) -> Tensor:
        """Return word pieces (n, L), given as ids plus 1, as tokens with their positions, (n, L, dim).

        Embeddings are scaled by the square root of their width, to the size of the positions (Vaswani et al.
        2017, section 3.4). The norm is BERT's after its embeddings.
        """
        words = self.embed_word((tokens - 1).clamp_min(0)) * self.embed_word.embedding_dim**0.5
        return self.text_norm(
            self.widen_word(words) + self.modality["text"] + self.word_positions[: tokens.shape[1]]
        )

    def forward_modality(self, which: str, x: Tensor, valid: Tensor) -> Tensor:
        """Pass tokens (n, L, dim) through E_a or E_t: equations 4.4 and 4.5."""
        mask = attention_mask(valid)
        for layer in self.audio_layers if which == "audio" else self.text_layers:
            x = layer(x, mask)
        return x

    def forward_joint(self, x: Tensor, valid: Tensor, stream: str) -> Tensor:
        """Pass tokens through E_j with the layer norms of a stream: equations 4.6, 4.16 and 4.17."""
        mask = attention_mask(valid)
        for layer in self.joint_layers:
            x = layer(x, mask, stream)
        return self.norm[stream](x)

    def forward_visible(self, which: str, embedded: Tensor, masked: Masked) -> Tensor:
        """Pass only the visible tokens of a modality through its encoder, (n, K, dim)."""
        return self.forward_modality(which, select_visible(embedded, masked), masked.visible_valid)

    def forward_unmasked(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return both modalities' unmasked tokens (n, L, dim) and their valid mask (n, L).

        A modality that no track of the batch has is left out.
        """
        tokens = trim(batch["text"])
        valid = {"audio": valid_patches(batch, self.patch_positions.shape[0]), "text": tokens > 0}
        encoded = {}
        if valid["audio"].any() or not valid["text"].any():
            patches = self.embed_audio(self.patches(batch["audio"]))
            encoded["audio"] = self.forward_modality("audio", patches, valid["audio"])
        if valid["text"].any():
            encoded["text"] = self.forward_modality("text", self.embed_text(tokens), valid["text"])
        return torch.cat(list(encoded.values()), 1), torch.cat([valid[m] for m in encoded], 1)

    def encode_audio(self, x: Tensor) -> Tensor:
        """Return c_a of spectrograms (n, n_mels, n_frames), (n, dim): equation 4.16 without masks."""
        valid = torch.ones(len(x), self.patch_positions.shape[0], dtype=torch.bool, device=x.device)
        h = self.forward_modality("audio", self.embed_audio(self.patches(x)), valid)
        return masked_mean(self.forward_joint(h, valid, "audio"), valid)

    def encode_text(self, tokens: Tensor) -> Tensor:
        """Return c_t of texts (n, n_tokens), (n, dim), zeros for an empty one: equation 4.17, unmasked."""
        tokens = trim(tokens)
        valid = tokens > 0
        return masked_mean(
            self.forward_joint(self.forward_modality("text", self.embed_text(tokens), valid), valid, "text"),
            valid,
        )

    def encode_joint(self, batch: dict[str, Tensor]) -> Tensor:
        """Return x of tracks with audio, text or both, (n, dim): equation 4.22."""
        x, valid = self.forward_unmasked(batch)
        return masked_mean(self.forward_joint(x, valid, "joint"), valid)

    def gate(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the share of audio tokens in a track's joint latent, (n,)."""
        n_audio = valid_patches(batch, self.patch_positions.shape[0]).sum(1)
        return n_audio / (n_audio + (batch["text"] > 0).sum(1)).clamp_min(1)


def valid_patches(batch: dict[str, Tensor], n_patches: int) -> Tensor:
    """Return the valid mask of patches (n, n_patches): all or none of a track's."""
    present = batch.get(
        "audio_present", torch.ones(len(batch["audio"]), dtype=torch.bool, device=batch["audio"].device)
    )
    return present[:, None].expand(-1, n_patches)


def trim(tokens: Tensor) -> Tensor:
    """Cut tokens to the longest text of the batch, which saves time."""
    return tokens[:, : max(1, int((tokens > 0).sum(1).max()) if len(tokens) else 1)]
