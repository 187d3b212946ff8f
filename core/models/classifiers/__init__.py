"""Genre classifiers."""

from typing import Any

from core.models.model_entry import ModelSpec
from core.registry import register

CLASSIFIERS: dict[str, ModelSpec] = {}

JIANG = "Multimodal Self-supervised Music Genre Classification with Audio and Lyrics (Jiang 2024)"
SIDERAS = "Multimodal Pretraining for Music Audio (Sideras 2024)"
GENRES: dict[str, Any] = {
    "sees_labels": True,
    "needs_labels": True,
    "predicts_genres": True,
    "without_decoder": "it only predicts genres",
    "presets": ("small", "published"),
}


@register(
    CLASSIFIERS,
    ModelSpec,
    name="genre-head",
    title="Few-shot classifier",
    help="Classifies tracks from a few labels, on a pretrained audio tower, or on one with random weights "
    "as the baseline.",
    source=f"{SIDERAS}, Sections 4.3 and 4.4.1, Tables 3-6",
    inputs=("clip", "musicnn", "clip-270", "mel", "clap", "table", "encoder"),
    input_ndim=None,
    sees_labels=True,
    needs_labels=True,
    predicts_label=True,
    fine_tunes="contrastive",
    without_decoder="it only classifies",
)
def _genre_head():
    from core.models.classifiers.genre_head import GenreHead

    return GenreHead


@register(
    CLASSIFIERS,
    ModelSpec,
    name="audio-cnn",
    title="Audio CNN",
    help="Predicts all genres of a track from its audio alone: a baseline for models of audio and text.",
    source=f"{JIANG}, Section 5.3; Inception-v4: Szegedy et al. 2017",
    inputs=("fbank", "clip", "mel"),
    input_ndim=2,
    **GENRES,
)
def _audio_cnn():
    from core.models.classifiers.unimodal import AudioCNNBaseline

    return AudioCNNBaseline


@register(
    CLASSIFIERS,
    ModelSpec,
    name="lyrics-transformer",
    title="Lyrics transformer",
    help="Predicts all genres of a track from its text alone: a baseline for models of audio and text.",
    source=f"{JIANG}, Section 5.3; BERT: Devlin et al. 2019",
    inputs=("wordpieces", "wordpieces-en"),
    input_ndim=1,
    **GENRES,
    examples_per_s={"small": 100.0},
)
def _lyrics_transformer():
    from core.models.classifiers.unimodal import LyricsTransformer

    return LyricsTransformer


@register(
    CLASSIFIERS,
    ModelSpec,
    name="alnet",
    title="ALNet",
    help="Predicts all genres of a track from audio and text, each read by its own network and fused by one "
    "transformer layer.",
    source=f"{JIANG}, Section 5.3, Equation 5.10",
    inputs=("fbank+wordpieces", "fbank+wordpieces-en", "clip+wordpieces", "mel+wordpieces"),
    input_ndim={"audio": 2, "text": 1},
    has_joint_latent=True,
    **GENRES,
)
def _alnet():
    from core.models.classifiers.alnet import ALNet

    return ALNet
