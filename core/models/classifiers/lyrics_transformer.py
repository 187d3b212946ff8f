"""Lyrics baseline: a transformer on word pieces that predicts all genres of a track.

Published (Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, sections 5.3
and 6, table 6.9) is BERT-base-uncased, ``text_backbone=bert-base-uncased``; the default is a small
transformer trained from random weights. Latents are the mean over the states of a text's word pieces; one
linear layer predicts the genres from them.
"""

from dataclasses import dataclass

from torch import Tensor, nn

from core.config import Config
from core.models import common_fields as common
from core.models.classifiers.text_backbone import BERT_PIECES, SMALL, build_text_backbone, load_text_backbone
from core.models.contrastive.text_encoder import TextEncoder
from core.models.genre_classifier import GenreClassifier
from core.models.latent_model import Pretrained, scale_learning_rates
from core.models.shared_layers import masked_mean
from core.models.train_config import TrainConfig


@dataclass(frozen=True)
class LyricsTransformerConfig(Config):
    """Settings of the lyrics baseline; a pretrained transformer determines the sizes."""

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


class LyricsTransformer(GenreClassifier):
    """A transformer on word pieces, mean-pooled, and a linear layer."""

    name = "lyrics-transformer"
    Config = LyricsTransformerConfig
    train_config = TrainConfig(epochs=20, batch_size=16, lr=3e-4)

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
            See :func:`core.models.classifiers.text_backbone.load_text_backbone`.
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
