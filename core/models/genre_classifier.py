"""Multi-label genre classifiers and their loss.

    L = -1/N Σ_i [ y_i · log ŷ_i + (1 - y_i) · log(1 - ŷ_i) ],   ŷ = sigmoid(logits)

(Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, equation 4.24): summed
over the genres and averaged over the N tracks of a batch. Many libraries average over the C genres, too; with
Adam the scale of a single loss doesn't matter, but a second loss beside it (equation 5.10) would have C times
the weight.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from core.models.common_fields import check_n_labels
from core.models.latent_model import LatentModel


class GenreClassifier(LatentModel):
    """A model whose ``forward`` returns the logits of all genres, (n, n_labels), of a batch."""

    def __init__(self, config: Any, input_shape: Any, n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        check_n_labels(self.name, n_labels)

    def predict_genres(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the probability of each genre, (n, n_labels)."""
        return torch.sigmoid(self(batch))

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return the binary cross-entropy as total, and ``hit_share``."""
        logits = self(batch)
        return {"total": genre_loss(logits, batch["genres"]), "hit_share": hit_share(logits, batch["genres"])}


def genre_loss(logits: Tensor, genres: Tensor) -> Tensor:
    """Return the binary cross-entropy, summed over genres, mean over tracks; C log 2 is chance, 0 perfect.

    Parameters
    ----------
    logits : Tensor, shape=(n, C)
    genres : Tensor, shape=(n, C)
        1 where a track has a genre, else 0.
    """
    return F.binary_cross_entropy_with_logits(logits.float(), genres.float(), reduction="none").sum(1).mean()


def hit_share(logits: Tensor, genres: Tensor) -> Tensor:
    """Return the share of tracks whose most probable genre is one of their own."""
    return genres[torch.arange(len(genres), device=genres.device), logits.argmax(1)].float().mean()
