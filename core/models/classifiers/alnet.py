"""ALNet: multi-label genre classification from an audio and a text backbone fused by one transformer layer.

    x = mean over states of T([A(audio), B(text)]),   ŷ = sigmoid(W x + b)
    L = L_classification + 0.05 · L_contrastive

(Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, section 5.3, equation
5.10). The published backbones are Inception-v4 and BERT-base-uncased below a layer of width 768 with 12 heads
(``audio_backbone=inception_v4``, ``text_backbone=bert-base-uncased``); the defaults are small networks
trained from random weights. L_classification is equation 4.24, L_contrastive equation 4.18 between the mean
audio and text states before fusion. Chosen here, because the paper doesn't specify it: audio states are the
columns of the network's last map; a linear layer and layer normalisation give both modalities the same
width; a learnt vector marks each modality.

A track with one modality is encoded from it alone and takes no part in the contrastive loss. The gate is the
norm of the audio states' part of x as a share of both parts' norms: 1 or 0 for a track with one modality.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from core.config import Config
from core.models import common_fields as common
from core.models.classifiers.backbones import (
    BERT,
    BERT_PIECES,
    INCEPTION,
    SCHEDULE,
    SMALL,
    AudioBackbone,
    BaselinePreset,
    build_text_backbone,
    load_audio_backbone,
    load_text_backbone,
    transformer_layer,
)
from core.models.contrastive.contrastive_losses import nt_xent
from core.models.contrastive.text_encoder import TextEncoder
from core.models.contrastive.two_towers import same_rows
from core.models.genre_classifier import GenreClassifier, genre_loss, hit_share
from core.models.joint_model import MODALITIES, JointModel, present_in
from core.models.latent_model import Pretrained, scale_learning_rates
from core.models.shared_layers import masked_mean
from core.models.train_config import TrainConfig


@dataclass(frozen=True)
class ALNetConfig(Config):
    """Settings of ALNet; latent dimension and attention heads also apply to small backbones."""

    preset: BaselinePreset = common.baseline_preset("small")
    audio_backbone: str = common.audio_backbone(SMALL)
    audio_weights: str = common.audio_weights("pretrained")
    channels: tuple[int, ...] = common.channels((8, 16, 32))
    text_backbone: str = common.text_backbone(SMALL)
    latent_dim: int = common.latent_dim(64, multiple_of=("n_heads",))
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


class ALNet(GenreClassifier, JointModel):
    """Two backbones under one fusion layer."""

    name = "alnet"
    Config = ALNetConfig
    train_config = TrainConfig(epochs=20, batch_size=16, lr=3e-4)
    presets = {"small": {}, "published": INCEPTION | BERT | {"latent_dim": 768, "n_heads": 12} | SCHEDULE}

    def __init__(self, config: ALNetConfig, input_shape: dict[str, tuple[int, ...]], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = width = config.latent_dim
        self.audio = AudioBackbone(self.input_shape["audio"], (*config.channels, width), config.audio_network)
        self.text = build_text_backbone(config, self.input_shape["text"][0])
        widths = {"audio": self.audio.width, "text": self.text.width}
        self.to_width = nn.ModuleDict(
            {m: nn.Sequential(nn.Linear(widths[m], width), nn.LayerNorm(width)) for m in MODALITIES}
        )
        self.modality = nn.ParameterDict({m: nn.Parameter(0.02 * torch.randn(width)) for m in MODALITIES})
        self.fusion = transformer_layer(width, config.n_heads, config.dropout)
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, n_labels)

    @classmethod
    def from_pretrained(
        cls,
        config: ALNetConfig,
        input_shape: dict,
        n_labels: int,
        reads: dict,
        pretrained: Pretrained | None = None,
    ) -> "ALNet":
        """Build the model, with the pretrained backbones that the config names.

        Raises
        ------
        TextError, ConfigError
            When a backbone isn't available, or was trained with another tokenizer.
        """
        config, transformer, text_origin = load_text_backbone(config, reads.get("config", {}).get("text", {}))
        config, network, audio_origin = load_audio_backbone(config, tuple(input_shape["audio"]))
        model = cls(config, input_shape, n_labels)
        if network is not None:
            model.audio.network.load_state_dict(network.state_dict())
        if transformer is not None and isinstance(model.text, TextEncoder):
            model.text.load_pretrained(transformer)
        model.started_from = f"audio: {audio_origin}; text: {text_origin}; fusion: random weights"
        return model

    def fit_statistics(self, X: dict[str, np.ndarray]) -> None:
        """Compute the moments of ``audio`` (n, n_mels, n_frames)."""
        self.audio.fit_statistics(X["audio"])

    def parameter_groups(self, lr: float) -> list[dict]:
        """Return all parameters, with a lower learning rate for pretrained backbones."""
        pretrained: list[nn.Module] = [self.audio.network] if self.audio.is_pretrained else []
        pretrained += [self.text] if self.config.text_network else []
        return scale_learning_rates(self, pretrained, lr, self.config.encoder_lr)

    def states(
        self, batch: dict[str, Tensor], visible: dict[str, Tensor]
    ) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Return each modality's states (n, length, width) before fusion and their valid mask (n, length)."""
        states, valid = {}, {}
        for m in MODALITIES:
            rows = visible[m]
            if not rows.any():
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
        """Return x (n, width) and each modality's part of it; the parts add up to x."""
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
        """Return x of tracks with audio, text or both, (n, latent_dim)."""
        return self.fuse(*self.states(batch, present_in(batch)))[0]

    def gate(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the share of audio in x by the norms of its parts, (n,), 0 to 1."""
        _, parts = self.fuse(*self.states(batch, present_in(batch)))
        lengths = {m: part.norm(dim=1) for m, part in parts.items()}
        return lengths["audio"] / (lengths["audio"] + lengths["text"]).clamp_min(1e-12)

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Return logits, (n, n_labels)."""
        return self.head(self.encode_joint(batch))

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return ``total = classification + contrastive_weight · contrastive``, its parts, ``hit_share``."""
        states, valid = self.states(batch, self.drop_modality(present_in(batch)))
        logits = self.head(self.fuse(states, valid)[0])
        classification = genre_loss(logits, batch["genres"])
        contrastive = self.contrastive_loss(states, valid, batch["text"])
        return {
            "total": classification + self.config.contrastive_weight * contrastive,
            "classification": classification,
            "contrastive": contrastive,
            "hit_share": hit_share(logits, batch["genres"]),
        }

    def contrastive_loss(self, states: dict[str, Tensor], valid: dict[str, Tensor], text: Tensor) -> Tensor:
        """Return equation 4.18 over tracks with both modalities; tracks with the same text are no negatives.

        The published loss has no such mask; here a batch may hold several crops of a track, with the same
        text.
        """
        both = valid["audio"].any(1) & valid["text"].any(1)
        if both.sum() < 2:
            return states["audio"].new_zeros(())
        means = {m: masked_mean(states[m][both], valid[m][both]) for m in MODALITIES}
        return nt_xent(means["audio"], means["text"], self.config.temperature, same=same_rows(text[both]))
