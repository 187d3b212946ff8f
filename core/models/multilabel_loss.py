"""What models share that predict all genres of a track: the loss, and probabilities.

    L = -1/N Σ_i [ y_i · log ŷ_i + (1 - y_i) · log(1 - ŷ_i) ],   ŷ = sigmoid(logits)

(Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, equation 4.24): summed
over the genres and averaged over the N tracks of a batch, and so it is here. Many libraries average over the
genres too, which is this divided by their number C. For this loss alone Adam learns the same from either, but
a second loss beside it (equation 5.10) would weigh C times as much.
"""

import torch
from torch import Tensor
from torch.nn import functional as F


def genre_loss(logits: Tensor, genres: Tensor) -> Tensor:
    """Return the binary cross-entropy, summed over genres, averaged over tracks; C log 2 where nothing is known, 0 is perfect.

    Parameters
    ----------
    logits : Tensor, shape=(n, C)
    genres : Tensor, shape=(n, C)
        1 where a track has a genre, else 0.
    """
    return F.binary_cross_entropy_with_logits(logits.float(), genres.float(), reduction="none").sum(1).mean()


def hit_share(logits: Tensor, genres: Tensor) -> Tensor:
    """Return for which share of the tracks the likeliest genre is one of theirs; a figure to follow while it learns."""
    return genres[torch.arange(len(genres), device=genres.device), logits.argmax(1)].float().mean()
