"""ALNet: sound and words, each read by a network of its own, fused by one transformer layer, and all genres predicted from it.

    x = mean over states of T([A(sound), B(words)]),   ŷ = sigmoid(W x + b)
    L = L_classification + 0.05 · L_contrastive

(Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, section 5.3, equation
5.10). Published are Inception-v4 and BERT-base-uncased below a layer of 768 numbers and 12 heads,
``audio_backbone=inception_v4``, ``text_backbone=bert-base-uncased``; by default small networks that learn
from nothing. L_classification is equation 4.24, L_contrastive 4.18 between the mean states of sound and words
before they meet. What the paper leaves open: the states of sound are the columns of the network's last map; a
linear layer and layer normalisation bring both to one width; a learnt vector marks each modality.

A track that lacks one modality is read from the other, and takes no part in the contrast. The gate is how
long the part of the sound's states in x is beside that of the words': 1 and 0 where a track has only one.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from core.config import Config
from core.errors import ConfigError
from core.models import common_fields as common
from core.models.classifiers.audio_backbone import SMALL, SoundBackbone, load_sound, scale_learning_rates
from core.models.classifiers.text_backbone import BERT_PIECES, build_text, load_text, transformer_layer
from core.models.contrastive.contrastive_losses import nt_xent
from core.models.contrastive.two_towers import same_rows
from core.models.latent_model import LatentModel
from core.models.multilabel_loss import genre_loss, hit_share
from core.models.shared_layers import masked_mean
from core.models.train_config import TrainConfig
from core.models.vae.joint_vae import MODALITIES, drop_modality, gate_diagnostics, present_in


@dataclass(frozen=True)
class ALNetConfig(Config):
    """Settings of ALNet; where both backbones are small, latent dimension and heads are theirs too."""

    audio_backbone: str = common.audio_backbone(SMALL)
    audio_weights: str = common.audio_weights("pretrained")
    channels: tuple[int, ...] = common.channels((8, 16, 32))
    text_backbone: str = common.text_backbone(SMALL)
    latent_dim: int = common.latent_dim(64)
    n_heads: int = common.n_heads(4)
    n_layers: int = common.n_layers(2)
    dropout: float = common.dropout(0.0)
    contrastive_weight: float = common.contrastive_weight(0.05)
    temperature: float = common.temperature(0.05)
    modality_dropout: float = common.modality_dropout(0.0)
    encoder_lr: float = common.encoder_lr(0.02)
    audio_network: str = common.audio_network("")
    text_network: str = common.text_network("")
    n_pieces: int = common.vocabulary_size(BERT_PIECES)

    def __post_init__(self):
        super().__post_init__()
        common.check_heads(self, "latent_dim")


class ALNet(LatentModel):
    """Two backbones under one fusion layer."""

    name = "alnet"
    Config = ALNetConfig
    training = TrainConfig(epochs=20, batch_size=16, lr=3e-4)

    def __init__(self, config: ALNetConfig, input_shape: dict[str, tuple[int, ...]], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        if n_labels < 2:
            raise ConfigError(f"alnet tells genres apart and needs two or more; it was given {n_labels}")
        self.latent_dim = width = config.latent_dim
        self.audio = SoundBackbone(self.input_shape["audio"], (*config.channels, width), config.audio_network)
        self.text = build_text(config, self.input_shape["text"][0])
        widths = {"audio": self.audio.width, "text": self.text.width}
        self.to_width = nn.ModuleDict(
            {m: nn.Sequential(nn.Linear(widths[m], width), nn.LayerNorm(width)) for m in MODALITIES}
        )
        self.modality = nn.ParameterDict({m: nn.Parameter(0.02 * torch.randn(width)) for m in MODALITIES})
        self.fusion = transformer_layer(width, config.n_heads, config.dropout)
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, n_labels)

    @classmethod
    def from_pretrained(cls, config: ALNetConfig, input_shape: dict, n_labels: int, reads: dict) -> "ALNet":
        """Build the model that training starts from, with pretrained backbones where they are named.

        Raises
        ------
        TextError, ConfigError
            When a backbone can't be had, or was made for other word pieces.
        """
        config, transformer, text_origin = load_text(config, reads.get("config", {}).get("text", {}))
        config, network, audio_origin = load_sound(config, tuple(input_shape["audio"]))
        model = cls(config, input_shape, n_labels)
        if network is not None:
            model.audio.network.load_state_dict(network.state_dict())
        if transformer is not None:
            model.text.start_from(transformer)
        model.started_from = (
            f"for sound {audio_origin}; for words {text_origin}; the fusion's weights were random"
        )
        return model

    def fit_statistics(self, X: dict[str, np.ndarray]) -> None:
        """Take the moments of ``audio`` (n, n_mels, n_frames); pieces have no scale."""
        self.audio.fit_statistics(X["audio"])

    def parameter_groups(self, lr: float) -> list[dict]:
        """Give pretrained backbones a smaller learning rate than what stands on them."""
        pretrained = [self.audio.network] * self.audio.is_pretrained + [self.text] * bool(
            self.config.text_network
        )
        return scale_learning_rates(self, pretrained, lr, self.config.encoder_lr)

    def states(
        self, batch: dict[str, Tensor], visible: dict[str, Tensor]
    ) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Return each modality's states (n, length, width) before they meet, and which of them are valid (n, length), bool."""
        states, valid = {}, {}
        for m in MODALITIES:
            rows = visible[m]
            if not rows.any():  # nobody in the batch has it
                states[m], valid[m] = self.modality[m].new_zeros(len(rows), 1, self.latent_dim), rows[:, None]
                continue
            if m == "audio":
                found = self.audio(batch[m][rows])
                own = found.new_ones(found.shape[:2], dtype=torch.bool)
            else:
                found, own = self.text.states(batch[m][rows])
            found = self.to_width[m](found)
            states[m] = found.new_zeros(len(rows), *found.shape[1:]).index_put((rows,), found)
            valid[m] = own.new_zeros(len(rows), own.shape[1]).index_put((rows,), own)
        return states, valid

    def fuse(self, states: dict[str, Tensor], valid: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        """Return x (n, width), and the part of it that each modality's states bring: they add up to x."""
        whole = torch.cat([states[m] + self.modality[m] for m in MODALITIES], 1)
        mask = torch.cat([valid[m] for m in MODALITIES], 1)
        readable = torch.cat(
            [mask[:, :1] | ~mask.any(1, keepdim=True), mask[:, 1:]], 1
        )  # attention needs one
        h = self.norm(self.fusion(whole, src_key_padding_mask=~readable)) * mask[..., None]
        h = h / mask.sum(1).clamp_min(1)[:, None, None]
        n_audio = states["audio"].shape[1]
        parts = {"audio": h[:, :n_audio].sum(1), "text": h[:, n_audio:].sum(1)}
        return parts["audio"] + parts["text"], parts

    def encode_joint(self, batch: dict[str, Tensor]) -> Tensor:
        """Return x of tracks with either or both, (n, latent_dim)."""
        return self.fuse(*self.states(batch, present_in(batch)))[0]

    def encode_audio(self, x: Tensor) -> Tensor:
        """Return x of sounds (n, n_mels, n_frames) without words, (n, latent_dim)."""
        return self.encode_joint(self._alone("audio", x))

    def encode_text(self, x: Tensor) -> Tensor:
        """Return x of word pieces (n, n_tokens) without sound, (n, latent_dim)."""
        return self.encode_joint(self._alone("text", x))

    def gate(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the share of the sound in x by the lengths of the two parts, (n,), 0 to 1."""
        _, parts = self.fuse(*self.states(batch, present_in(batch)))
        lengths = {m: part.norm(dim=1) for m, part in parts.items()}
        return lengths["audio"] / (lengths["audio"] + lengths["text"]).clamp_min(1e-12)

    def forward(self, batch: dict[str, Tensor], visible: dict[str, Tensor] | None = None) -> Tensor:
        """Return logits, (n, n_labels)."""
        return self.head(self.fuse(*self.states(batch, visible or present_in(batch)))[0])

    def predict_genres(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the probability of each genre, (n, n_labels)."""
        return torch.sigmoid(self(batch))

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return ``total = classification + contrastive_weight · contrastive``, both, and for which share the likeliest genre is right."""
        present = present_in(batch)
        visible = (
            drop_modality(present, self.config.modality_dropout)
            if self.training and self.config.modality_dropout
            else present
        )
        states, valid = self.states(batch, visible)
        logits = self.head(self.fuse(states, valid)[0])
        classification, contrastive = (
            genre_loss(logits, batch["genres"]),
            self.contrast(states, valid, batch["text"]),
        )
        total = classification + self.config.contrastive_weight * contrastive
        return {
            "total": total,
            "classification": classification,
            "contrastive": contrastive,
            "hit_share": hit_share(logits, batch["genres"]),
        }

    def contrast(self, states: dict[str, Tensor], valid: dict[str, Tensor], text: Tensor) -> Tensor:
        """Return equation 4.18 over the tracks that show both; those with the same words are no negatives of each other.

        The published loss knows no such mask; here a track's crops may meet in one batch, with the same
        words.
        """
        both = valid["audio"].any(1) & valid["text"].any(1)
        if both.sum() < 2:
            return states["audio"].new_zeros(())
        means = {m: masked_mean(states[m][both], valid[m][both]) for m in MODALITIES}
        return nt_xent(means["audio"], means["text"], self.config.temperature, same=same_rows(text[both]))

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return how the gate stands."""
        return gate_diagnostics(self.gate(batch), present_in(batch))

    def _alone(self, modality: str, x: Tensor) -> dict[str, Tensor]:
        """Return a batch of tracks that have one modality; what the other would hold is never read."""
        valid = {f"{m}_present": torch.full((len(x),), m == modality, device=x.device) for m in MODALITIES}
        return {
            m: x if m == modality else x.new_zeros(len(x), *self.input_shape[m]) for m in MODALITIES
        } | valid
