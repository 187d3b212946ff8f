"""Contrastive and self-supervised models."""

from typing import Any

from core.models.model_entry import ModelSpec
from core.registry import register

CONTRASTIVE: dict[str, ModelSpec] = {}

SIDDIQUE = "Hybrid Audio-Text Clustering for Music (Siddique)"
SIDERAS = "Multimodal Pretraining for Music Audio (Sideras 2024)"
CLIP: dict[str, Any] = {"inputs": ("clip", "mel", "mel-centre"), "input_ndim": 2}


@register(
    CONTRASTIVE,
    ModelSpec,
    name="simclr",
    title="SimCLR",
    help="Learns from audio by a contrastive loss between two augmented views of a clip (crop, masks, pitch "
    "shift; gain and noise only with clip).",
    source=f"Chen et al. 2020; Spijkervet & Burgoyne 2021; future work of {SIDDIQUE}",
    **CLIP,
    without_decoder="it only discriminates clips",
)
def _simclr():
    from core.models.contrastive.simclr import SimCLR

    return SimCLR


@register(
    CONTRASTIVE,
    ModelSpec,
    name="byol",
    title="BYOL",
    help="Learns from audio by predicting one augmented view of a clip from another, without negative pairs "
    "(gain and noise only with clip).",
    source="Grill et al. 2020; Niizumi et al. 2021",
    **CLIP,
    without_decoder="it only predicts one view of a clip from another",
)
def _byol():
    from core.models.contrastive.byol import BYOL

    return BYOL


@register(
    CONTRASTIVE,
    ModelSpec,
    name="moco",
    title="MoCo",
    help="Learns from audio by a contrastive loss between two augmented views of a clip, with a queue of "
    "earlier clips as negatives (gain and noise only with clip).",
    source=f"He et al. 2020; Chen et al. 2020; future work of {SIDDIQUE}",
    **CLIP,
    without_decoder="it only discriminates clips",
)
def _moco():
    from core.models.contrastive.moco import MoCo

    return MoCo


@register(
    CONTRASTIVE,
    ModelSpec,
    name="contrastive",
    title="Contrastive audio–text model",
    help="Embeds audio and text in one shared space by a contrastive loss, so that each can be retrieved "
    "with the other.",
    source=f"{SIDERAS}, Sections 4.3-4.4",
    inputs=(
        "clip+passages",
        "musicnn+passages",
        "table+passages",
        "clip-270+passages",
        "mel+passages",
        "clap+passages",
        "encoder+passages",
        "clip+tokens",
        "musicnn+tokens",
        "clip-270+tokens",
    ),
    input_ndim={"audio": None, "text": 2},
    needs_both=True,
    compares_text_with_audio=True,
    may_standardise=False,
    fine_tunes="contrastive",
    without_decoder="it only matches audio with text",
)
def _contrastive():
    from core.models.contrastive.two_towers import Contrastive

    return Contrastive
