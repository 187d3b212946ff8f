"""Recipes of the masked autoencoder of audio and lyrics."""

from core.recipes.papers import PAPER_C
from core.recipes.recipe import RecipeSpec
from core.registry import register

MASKED: dict[str, RecipeSpec] = {}


@register(
    MASKED,
    RecipeSpec,
    name="inpainting",
    title="Inpainting of masked spectrograms",
    help="Reconstructs masked patches at several ratios, beside guesses from the visible ones.",
    source=f"{PAPER_C}, section 6",
    rows=("C10",),
    data="",
    needs=("audio",),
    quick_s=13,
)
def _inpainting():
    from core.recipes.masked.inpainting import Inpainting

    return Inpainting


@register(
    MASKED,
    RecipeSpec,
    name="ssl-ablation",
    title="Modalities and self-supervision",
    help="Pretrains with one or both modalities and objectives, fine-tunes and cross-validates each.",
    source=f"{PAPER_C}, tables 6.1 and 6.2",
    rows=("C7",),
    data="Music4All, the 50 most frequent genres",
    needs=("audio", "text", "genres"),
    full_s=86_400,
    quick_s=150,
)
def _ssl_ablation():
    from core.recipes.masked.pretraining import SSLAblation

    return SSLAblation


@register(
    MASKED,
    RecipeSpec,
    name="modality-importance",
    title="Modality importance per genre",
    help="How much of a genre's average precision is lost without audio or without lyrics.",
    source=f"{PAPER_C}, figure 6.1",
    rows=("C8",),
    data="Music4All, the 50 most frequent genres",
    needs=("audio", "text", "genres"),
    full_s=86_400,
    quick_s=104,
)
def _modality_importance():
    from core.recipes.masked.modality_importance import ModalityImportance

    return ModalityImportance


@register(
    MASKED,
    RecipeSpec,
    name="ssl-sweeps",
    title="Settings of the pretraining",
    help="Varies audio length, tokens, data, layers, batch size and masking ratio of the pretraining.",
    source=f"{PAPER_C}, tables 6.3 to 6.8",
    rows=("C9",),
    data="Music4All, the 50 most frequent genres",
    needs=("audio", "text", "genres"),
    full_s=86_400,
    quick_s=120,
)
def _ssl_sweeps():
    from core.recipes.masked.sweeps import SSLSweeps

    return SSLSweeps


@register(
    MASKED,
    RecipeSpec,
    name="baselines",
    title="Supervised baselines",
    help="Networks of audio alone, of lyrics alone and of both, beside the masked autoencoder.",
    source=f"{PAPER_C}, table 6.9",
    rows=("C11",),
    data="Music4All, the 50 most frequent genres",
    needs=("audio", "text", "genres"),
    full_s=86_400,
    quick_s=36,
)
def _baselines():
    from core.recipes.masked.baselines import Baselines

    return Baselines
