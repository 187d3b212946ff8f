"""Baselines of one modality: a network on spectrograms or on word pieces that predicts all genres of a track.

Published (Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, sections 5.3
and 6, table 6.9) are Inception-v4 with ImageNet weights on the filterbank, ``audio_backbone=inception_v4``,
and BERT-base-uncased on the lyrics, ``text_backbone=bert-base-uncased``; the defaults are small networks
trained from random weights in minutes. Latents are the network's states, averaged over time or over the word
pieces; one linear layer predicts the genres from them.
"""

from dataclasses import dataclass, replace

import numpy as np
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
)
from core.models.contrastive.text_encoder import TextEncoder
from core.models.genre_classifier import GenreClassifier
from core.models.latent_model import Pretrained, scale_learning_rates
from core.models.shared_layers import masked_mean
from core.models.train_config import TrainConfig


@dataclass(frozen=True)
class AudioCNNConfig(Config):
    """Settings of the audio baseline; a pretrained backbone determines the latent dimension."""

    preset: BaselinePreset = common.baseline_preset("small")
    audio_backbone: str = common.audio_backbone(SMALL)
    audio_weights: str = common.audio_weights("pretrained")
    channels: tuple[int, ...] = common.channels((16, 32, 64))
    latent_dim: int = common.latent_dim(128)
    encoder_lr: float = common.encoder_lr(0.1)
    audio_network: str = common.audio_network("")


class AudioCNNBaseline(GenreClassifier):
    """A network on spectrograms, mean-pooled, and a linear layer."""

    name = "audio-cnn"
    Config = AudioCNNConfig
    train_config = TrainConfig(epochs=20, batch_size=16, lr=1e-3)
    presets = {"small": {}, "published": INCEPTION | SCHEDULE}

    def __init__(self, config: AudioCNNConfig, input_shape: tuple[int, int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.audio = AudioBackbone(
            self.input_shape, (*config.channels, config.latent_dim), config.audio_network
        )
        self.latent_dim = self.audio.width
        self.head = nn.Linear(self.latent_dim, n_labels)

    @classmethod
    def from_pretrained(
        cls,
        config: AudioCNNConfig,
        input_shape: tuple[int, int],
        n_labels: int,
        reads: dict,
        pretrained: Pretrained | None = None,
    ) -> "AudioCNNBaseline":
        """Build the model, with a pretrained backbone where the config names one.

        Raises
        ------
        ConfigError
            When the backbone isn't available.
        """
        config, network, origin = load_audio_backbone(config, input_shape)
        config = config if network is None else replace(config, latent_dim=network.width)
        model = cls(config, input_shape, n_labels)
        if network is not None:
            model.audio.network.load_state_dict(network.state_dict())
        model.started_from = origin
        return model

    def fit_statistics(self, X: np.ndarray) -> None:
        """Compute the moments of X (n, n_mels, n_frames)."""
        self.audio.fit_statistics(X)

    def parameter_groups(self, lr: float) -> list[dict]:
        """Return the head's parameters and a pretrained backbone's, with a lower learning rate."""
        return scale_learning_rates(
            self, [self.audio.network] if self.audio.is_pretrained else [], lr, self.config.encoder_lr
        )

    def encode(self, x: Tensor) -> Tensor:
        """Return the pooled features, (n, latent_dim)."""
        return self.audio(x).mean(1)

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Return logits, (n, n_labels)."""
        return self.head(self.encode(batch["x"]))


@dataclass(frozen=True)
class LyricsTransformerConfig(Config):
    """Settings of the lyrics baseline; a pretrained transformer determines the sizes."""

    preset: BaselinePreset = common.baseline_preset("small")
    text_backbone: str = common.text_backbone(SMALL)
    latent_dim: int = common.latent_dim(64, multiple_of=("n_heads",))
    n_heads: int = common.n_heads(4)
    n_layers: int = common.n_layers(2)
    dropout: float = common.dropout(0.1)
    encoder_lr: float = common.encoder_lr(0.02)
    text_network: str = common.text_network("")
    n_pieces: int = common.vocabulary_size(BERT_PIECES)


class LyricsTransformer(GenreClassifier):
    """A transformer on word pieces, mean-pooled, and a linear layer."""

    name = "lyrics-transformer"
    Config = LyricsTransformerConfig
    train_config = TrainConfig(epochs=20, batch_size=16, lr=3e-4)
    presets = {"small": {}, "published": BERT | SCHEDULE}

    def __init__(self, config: LyricsTransformerConfig, input_shape: tuple[int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.text = build_text_backbone(config, self.input_shape[0])
        self.latent_dim = self.text.width
        self.head = nn.Linear(self.latent_dim, n_labels)

    @classmethod
    def from_pretrained(
        cls,
        config: LyricsTransformerConfig,
        input_shape: tuple[int],
        n_labels: int,
        reads: dict,
        pretrained: Pretrained | None = None,
    ) -> "LyricsTransformer":
        """Build the model, with a pretrained transformer where the config names one.

        Raises
        ------
        TextError, ConfigError
            See :func:`core.models.classifiers.backbones.load_text_backbone`.
        """
        config, transformer, origin = load_text_backbone(config, reads.get("config", {}))
        model = cls(config, input_shape, n_labels)
        if transformer is not None and isinstance(model.text, TextEncoder):
            model.text.load_pretrained(transformer)
        model.started_from = origin
        return model

    def parameter_groups(self, lr: float) -> list[dict]:
        """Return the head's parameters and a pretrained transformer's, with a lower learning rate."""
        return scale_learning_rates(
            self, [self.text] if self.config.text_network else [], lr, self.config.encoder_lr
        )

    def encode(self, x: Tensor) -> Tensor:
        """Return the mean state of word pieces x (n, n_tokens), (n, latent_dim)."""
        return masked_mean(*self.text.states(x))

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Return logits, (n, n_labels)."""
        return self.head(self.encode(batch["x"]))
