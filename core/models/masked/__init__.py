"""Masked autoencoders."""

from typing import Any

from core.models.model_entry import ModelSpec
from core.registry import register

MASKED: dict[str, ModelSpec] = {}

JIANG = "Multimodal Self-supervised Music Genre Classification with Audio and Lyrics (Jiang 2024)"
INPUT: dict[str, Any] = {
    "inputs": ("fbank+wordpieces", "fbank+wordpieces-en"),
    "input_ndim": {"audio": 2, "text": 1},
}


@register(
    MASKED,
    ModelSpec,
    name="mae",
    title="Masked autoencoder",
    help="Reconstructs masked patches of spectrograms and masked word pieces from the rest, with a "
    "contrastive loss between audio and text.",
    source=f"{JIANG}, Chapter 4",
    **INPUT,
    inpaints=True,
    has_joint_latent=True,
    fine_tunes="mae",
    presets=("tiny", "published-small", "published"),
    examples_per_s={"tiny": 40.0, "published-small": 2.0, "published": 1.0},
)
def _mae():
    from core.models.masked.mae import MAE

    return MAE


@register(
    MASKED,
    ModelSpec,
    name="mae-classifier",
    title="Masked autoencoder, fine-tuned",
    help="Predicts all genres of a track with a masked autoencoder's encoder, pretrained, or with random "
    "weights as the baseline.",
    source=f"{JIANG}, Section 4.3",
    **INPUT,
    sees_labels=True,
    needs_labels=True,
    predicts_genres=True,
    has_joint_latent=True,
    fine_tunes="mae",
    without_decoder="it only predicts genres",
    presets=("tiny", "published-small", "published"),
    examples_per_s={"tiny": 40.0, "published-small": 1.0, "published": 0.5},
)
def _mae_classifier():
    from core.models.masked.mae_classifier import MAEClassifier

    return MAEClassifier
