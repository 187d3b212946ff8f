"""The lyrics baseline: a transformer on word pieces that predicts all genres of a track.

Published (Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, sections 5.3
and 6, table 6.9) is BERT-base-uncased, ``text_backbone=bert-base-uncased``; the default is a small
transformer that learns from nothing. Latents are the mean over the states of a text's pieces; one linear
layer on them gives the genres.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.config import Config
from core.errors import ConfigError
from core.models import common_fields as common
from core.models.classifiers.audio_backbone import scale_learning_rates
from core.models.classifiers.text_backbone import BERT_PIECES, SMALL, build_text, load_text
from core.models.latent_model import LatentModel
from core.models.multilabel_loss import genre_loss, hit_share
from core.models.shared_layers import masked_mean
from core.models.train_config import TrainConfig


@dataclass(frozen=True)
class LyricsTransformerConfig(Config):
    """Settings of the lyrics baseline; a pretrained transformer has its own sizes."""

    text_backbone: str = common.text_backbone(SMALL)
    latent_dim: int = common.latent_dim(64)
    n_heads: int = common.n_heads(4)
    n_layers: int = common.n_layers(2)
    dropout: float = common.dropout(0.1)
    encoder_lr: float = common.encoder_lr(0.02)
    text_network: str = common.text_network("")
    n_pieces: int = common.vocabulary_size(BERT_PIECES)

    def __post_init__(self):
        super().__post_init__()
        common.check_heads(self, "latent_dim")


class LyricsTransformer(LatentModel):
    """A transformer on word pieces, mean-pooled, and a linear layer."""

    name = "lyrics-transformer"
    Config = LyricsTransformerConfig
    training = TrainConfig(epochs=20, batch_size=16, lr=3e-4)

    def __init__(self, config: LyricsTransformerConfig, input_shape: tuple[int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        if n_labels < 2:
            raise ConfigError(
                f"lyrics-transformer tells genres apart and needs two or more; it was given {n_labels}"
            )
        self.text = build_text(config, self.input_shape[0])
        self.latent_dim = self.text.width
        self.head = nn.Linear(self.latent_dim, n_labels)

    @classmethod
    def from_pretrained(
        cls, config: LyricsTransformerConfig, input_shape: tuple[int], n_labels: int, reads: dict
    ) -> "LyricsTransformer":
        """Build the model that training starts from, with a pretrained transformer where one is named.

        Raises
        ------
        TextError, ConfigError
            See :func:`core.models.classifiers.text_backbone.load_text`.
        """
        config, pretrained, origin = load_text(config, reads.get("config", {}))
        model = cls(config, input_shape, n_labels)
        if pretrained is not None:
            model.text.start_from(pretrained)
        model.started_from = origin
        return model

    def parameter_groups(self, lr: float) -> list[dict]:
        """Give a pretrained transformer a smaller learning rate than the head."""
        return scale_learning_rates(
            self, [self.text] if self.config.text_network else [], lr, self.config.encoder_lr
        )

    def encode(self, x: Tensor) -> Tensor:
        """Return the mean state of word pieces x (n, n_tokens), (n, latent_dim)."""
        return masked_mean(*self.text.states(x))

    def forward(self, x: Tensor) -> Tensor:
        """Return logits, (n, n_labels)."""
        return self.head(self.encode(x))

    def predict_genres(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the probability of each genre, (n, n_labels)."""
        return torch.sigmoid(self(batch["x"]))

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return the binary cross-entropy as total, and for which share the likeliest genre is right."""
        logits = self(batch["x"])
        return {"total": genre_loss(logits, batch["genres"]), "hit_share": hit_share(logits, batch["genres"])}
