"""Contrastive losses between the audio and the text tower's outputs.

Sideras, Multimodal Pretraining for Music Audio, section 4.4. Vectors may have any length: all but matching
compare by cosine

    s(a, t) = a·t / (|a| |t|)

``z_audio`` has shape (n, d); ``z_text`` (n, d), or ``z_texts`` (n, m, d) where a track has m texts (the
published m is 3). All are audio→text as printed; ``symmetric=True`` takes the mean with the same loss from
text to audio. ``same`` (n, n) marks tracks of a batch with the same text, which are then no negatives of each
other. The published losses have no such mask; without it, two songs with one title repel their own text.

Equal similarities give log(number of candidates), which is chance; 0 is perfect.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

HIDDEN = -1e4
"""A finite minus infinity for logits, whose size is at most 1 / temperature; keeps gradients finite."""


def cosines(z_audio: Tensor, z_text: Tensor) -> Tensor:
    """Return all cosine similarities of (n, d) and (…, d), (n, …), in at least single precision."""
    with torch.autocast(z_audio.device.type, enabled=False):
        unit_audio, unit_text = (
            F.normalize(z.float() if z.dtype.itemsize < 4 else z, dim=-1) for z in (z_audio, z_text)
        )
        return (unit_audio @ unit_text.flatten(0, -2).T).unflatten(1, unit_text.shape[:-1])


def nt_xent(
    z_audio: Tensor,
    z_text: Tensor,
    temperature: float,
    *,
    symmetric: bool = False,
    same: Tensor | None = None,
) -> Tensor:
    """Contrast each track's text with the batch's other texts ("1-Text").

    ``mean_i -log( exp(s_ii / τ) / Σ_j exp(s_ij / τ) )``, section 4.4.1.
    """
    logits = exclude_same(cosines(z_audio, z_text) / temperature, same)  # (n, n)
    target = torch.arange(len(logits), device=logits.device)
    loss = F.cross_entropy(logits, target)
    return (loss + F.cross_entropy(logits.T, target)) / 2 if symmetric else loss


def independent_pairs(
    z_audio: Tensor,
    z_texts: Tensor,
    temperature: float,
    *,
    symmetric: bool = False,
    same: Tensor | None = None,
) -> Tensor:
    """Contrast each of a track's m texts with all texts of other tracks ("IS").

    ``mean_{i,k} -log( exp(s_iik / τ) / (exp(s_iik / τ) + Σ_{j≠i,l} exp(s_ijl / τ)) )``, section 4.4.2, where
    s_ijl compares audio i with text l of track j. A track's other texts are no negatives: independently
    sampled pairs of one track rarely meet in a batch.
    """
    logits = cosines(z_audio, z_texts) / temperature  # (n, n, m)
    n = len(logits)
    own = logits[torch.arange(n), torch.arange(n)]  # (n, m)
    other = torch.eye(n, dtype=torch.bool, device=logits.device) if same is None else same
    others = logits.masked_fill(other[..., None], HIDDEN)

    def missed(negatives: Tensor) -> Tensor:
        return (torch.logaddexp(own, negatives) - own).mean()

    loss = missed(others.flatten(1).logsumexp(1, keepdim=True))
    return (loss + missed(others.logsumexp(0))) / 2 if symmetric else loss


def supervised_contrastive(
    z_audio: Tensor,
    z_texts: Tensor,
    temperature: float,
    *,
    symmetric: bool = False,
    same: Tensor | None = None,
) -> Tensor:
    """Contrast audio with all texts of the batch, of which its own m are positives ("SCL").

    ``mean_i mean_k -log( exp(s_iik / τ) / Σ_{j,l} exp(s_ijl / τ) )``, section 4.4.2 and Khosla et al. 2020;
    printed there as a sum over i and k, which is this times n·m.
    """
    logits = cosines(z_audio, z_texts) / temperature  # (n, n, m)
    n, _, m = logits.shape
    logits = exclude_same(logits, same)
    own = torch.arange(n, device=logits.device)
    loss = -logits.flatten(1).log_softmax(1).unflatten(1, (n, m))[own, own].mean()
    return (loss - logits.log_softmax(0)[own, own].mean()) / 2 if symmetric else loss


def triplet(z_audio: Tensor, z_positive: Tensor, z_negative: Tensor, margin: float) -> Tensor:
    """Return the triplet loss: audio must be more similar to its text than to another one by a margin.

    ``max(0, margin - s(a, t⁺) + s(a, t⁻))`` per row, shape (n,). The paper (section 2.4) prints squared
    distances; of vectors of length 1 those are 2 - 2s, so its margin is twice this one.
    """
    positive, negative = F.cosine_similarity(z_audio, z_positive), F.cosine_similarity(z_audio, z_negative)
    return F.relu(margin - positive + negative)


def stochastic_triplet(
    z_audio: Tensor, z_texts: Tensor, margin: float, *, symmetric: bool = False, same: Tensor | None = None
) -> Tensor:
    """Return the triplet loss of random triplets: one of a track's texts and one of another track ("STL").

    Section 4.4.2. Sampled with torch's random state; tracks without another text in the batch don't count.
    """
    n, m, _ = z_texts.shape
    rows = torch.arange(n, device=z_audio.device)
    negative, found = sample_others(n if same is None else same, z_audio.device)
    positive_text = z_texts[rows, torch.randint(m, (n,), device=rows.device)]
    negative_text = z_texts[negative, torch.randint(m, (n,), device=rows.device)]
    loss = triplet(z_audio, positive_text, negative_text, margin)
    if symmetric:
        loss = (loss + triplet(positive_text, z_audio, z_audio[negative], margin)) / 2
    return (loss * found).sum() / found.sum().clamp_min(1)


def matching(logits: Tensor, is_pair: Tensor) -> Tensor:
    """Return the binary cross-entropy of "these two belong together" ("SMM", section 4.4.3); log 2 is chance.

    ``-mean( y log σ(x) + (1 - y) log(1 - σ(x)) )`` of logits x (n,) and y in {0, 1} (n,).
    """
    return F.binary_cross_entropy_with_logits(logits, is_pair.to(logits.dtype))


def sample_others(same: Tensor | int, device=None) -> tuple[Tensor, Tensor]:
    """Sample another track with another text for each row; return positions and where one exists."""
    if isinstance(same, int):
        same = torch.eye(same, dtype=torch.bool, device=device)
    found = ~same.all(1)
    weights = torch.where(found[:, None], ~same, torch.ones_like(same)).float()
    return torch.multinomial(weights, 1)[:, 0], found


def exclude_same(logits: Tensor, same: Tensor | None) -> Tensor:
    """Exclude other tracks with the same text from the candidates; logits (n, n[, m])."""
    if same is None:
        return logits
    twins = same & ~torch.eye(len(same), dtype=torch.bool, device=same.device)
    return logits.masked_fill(twins.view(*twins.shape, *[1] * (logits.ndim - 2)), HIDDEN)
