"""The loss of multi-label genre classifiers.

    L = -1/N Σ_i [ y_i · log ŷ_i + (1 - y_i) · log(1 - ŷ_i) ],   ŷ = sigmoid(logits)

(Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, equation 4.24): summed
over the genres and averaged over the N tracks of a batch. Many libraries average over the C genres, too; with
Adam the scale of a single loss doesn't matter, but a second loss beside it (equation 5.10) would have C times
the weight.
"""

import torch
from torch import Tensor
from torch.nn import functional as F


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
