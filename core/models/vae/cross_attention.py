"""Cross-modal attention between audio and text tokens, pooled into one latent.

A learnt linear map turns each vector into a few tokens. In every block the tokens of each modality attend to
the other's (MulT: Tsai et al. 2019, section 3.1) and pass a feed-forward layer, pre-norm and with residuals
(Vaswani et al. 2017). One learnt query then attends to all tokens, and its output is mapped to the latent.
The share of its attention on audio tokens is the track's gate.

The latent is trained without labels, by the reconstruction of both z-scored vectors with the error of
:mod:`core.models.vae.joint_vae`; one modality of every other track is dropped and reconstructed from the
other. Missing and dropped modalities are replaced by learnt tokens, which the query doesn't attend to.
Siddique, Hybrid Audio–Text Clustering for Music, names cross-modal attention as future work.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.config import Config, setting
from core.models import common_fields as common
from core.models.joint_model import MODALITIES, present_in
from core.models.train_config import TrainConfig
from core.models.vae.joint_vae import JointAutoencoder

OTHER = {"audio": "text", "text": "audio"}


@dataclass(frozen=True)
class CrossAttentionConfig(Config):
    """Settings of cross-modal attention."""

    latent_dim: int = common.latent_dim(16)
    n_tokens: int = setting(
        8,
        low=1,
        title="Tokens per modality",
        help="Tokens that the vector of each modality is projected to.",
    )
    width: int = setting(
        64,
        low=1,
        multiple_of=("n_heads",),
        title="Token width",
        help="Size of a token; a multiple of the attention heads.",
    )
    n_heads: int = common.n_heads(4)
    n_blocks: int = setting(
        1,
        low=1,
        title="Cross-attention blocks",
        help="Blocks in which each modality attends to the other. *Tsai et al. 2019*",
    )
    decoder_hidden: tuple[int, ...] = common.decoder_hidden((256,))
    modality_dropout: float = common.modality_dropout(0.5)


class CrossAttentionLayer(nn.Module):
    """One direction of a block: cross-attention to the other modality's tokens and a feed-forward layer."""

    def __init__(self, width: int, n_heads: int):
        super().__init__()
        self.norm_own, self.norm_other, self.norm_after = (nn.LayerNorm(width) for _ in range(3))
        self.attend = nn.MultiheadAttention(width, n_heads, batch_first=True)
        self.feed = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, own: Tensor, other: Tensor) -> Tensor:
        """Return ``own`` tokens (n, n_tokens, width) after attention to ``other`` ones."""
        visible = self.norm_other(other)
        own = own + self.attend(self.norm_own(own), visible, visible, need_weights=False)[0]
        return own + self.feed(self.norm_after(own))


class CrossAttention(JointAutoencoder):
    """Cross-attention between two modalities, pooled by attention into one latent."""

    name = "cross-attention"
    Config = CrossAttentionConfig
    train_config = TrainConfig(epochs=40, batch_size=64, lr=1e-3)

    def __init__(
        self, config: CrossAttentionConfig, input_shape: dict[str, tuple[int, ...]], n_labels: int = 0
    ):
        super().__init__(config, input_shape, n_labels)
        n_tokens, width = config.n_tokens, config.width
        self.to_tokens = nn.ModuleDict(
            {m: nn.Linear(size, n_tokens * width) for m, size in self.sizes.items()}
        )
        self.modality = nn.ParameterDict({m: nn.Parameter(0.02 * torch.randn(width)) for m in MODALITIES})
        # named in checkpoints: the tokens of a missing modality
        self.lacking = nn.ParameterDict(
            {m: nn.Parameter(0.02 * torch.randn(n_tokens, width)) for m in MODALITIES}
        )
        self.blocks = nn.ModuleList(
            nn.ModuleDict({m: CrossAttentionLayer(width, config.n_heads) for m in MODALITIES})
            for _ in range(config.n_blocks)
        )
        self.norm = nn.LayerNorm(width)
        self.query = nn.Parameter(0.02 * torch.randn(width))
        self.pool = nn.MultiheadAttention(width, 1, batch_first=True)
        self.to_z = nn.Linear(width, config.latent_dim)
        self.decoders = self.build_decoders()

    def tokenise(self, m: str, x: Tensor, visible: Tensor) -> Tensor:
        """Return tokens (n, n_tokens, width) of vectors (n, D_m), learnt ones where a track isn't visible."""
        tokens = self.to_tokens[m](self.scale[m](x, visible)).unflatten(
            1, (self.config.n_tokens, self.config.width)
        )
        return (
            torch.where(visible[:, None, None], tokens, self.lacking[m].to(tokens.dtype)) + self.modality[m]
        )

    def fuse(self, batch: dict[str, Tensor], visible: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return z of the visible modalities (n, latent_dim), and the gate (n,)."""
        tokens = {m: self.tokenise(m, batch[m], visible[m]) for m in MODALITIES}
        for block in self.blocks:
            assert isinstance(block, nn.ModuleDict)
            tokens = {m: block[m](tokens[m], tokens[OTHER[m]]) for m in MODALITIES}
        both = self.norm(torch.cat([tokens[m] for m in MODALITIES], 1))  # (n, 2 * n_tokens, width)
        hidden = torch.cat([~visible[m][:, None].expand(-1, self.config.n_tokens) for m in MODALITIES], 1)
        query = self.query.expand(len(both), 1, -1)
        pooled, weights = self.pool(query, both, both, key_padding_mask=hidden & ~hidden.all(1, keepdim=True))
        gate = weights[:, 0, : self.config.n_tokens].sum(1).clamp(max=1)  # (n,)
        return self.to_z(pooled[:, 0]), torch.where(
            visible["audio"] & visible["text"], gate, visible["audio"].to(gate.dtype)
        )

    def encode_joint(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the latents of tracks with audio, text or both, (n, latent_dim)."""
        return self.fuse(batch, present_in(batch))[0]

    def gate(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the share of attention on audio, (n,), 0 to 1; 1 or 0 for tracks with one modality."""
        return self.fuse(batch, present_in(batch))[1]

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return ``total = reconstruction_audio + reconstruction_text``, its parts, and gate_mean."""
        z, gate = self.fuse(batch, self.drop_modality(present_in(batch)))
        return self.reconstruction_losses(z, batch, gate)
