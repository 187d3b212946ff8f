"""Recipes: published experiments, each a complete configuration that runs on any collection.

    RECIPES ──▶ Recipe.run(Experiment) ──▶ Findings (tables, figures, claims) ──▶ a stored run

:func:`core.recipes.run.run_recipe` runs one, and :mod:`core.recipes.stored_runs` keeps what it found.
"""

from core.recipes.recipe import RecipeSpec
from core.registry import find, register

RECIPES: dict[str, RecipeSpec] = {}
PAPER_A = "Hybrid Audio–Text Clustering for Music (Siddique)"
PAPER_C = "Multimodal Self-supervised Music Genre Classification with Audio and Lyrics (Jiang)"
PAPER_D = "Audio-Lyrics Multimodal Fusion with Dynamic Modality Weighting (ITM Web of Conferences 84, 2026)"
PAPER_E = "Multimodal Pretraining for Music Audio (Sideras)"
PAPER_B = "Hybrid Music Representation Learning using Variational Autoencoders"


@register(
    RECIPES,
    RecipeSpec,
    name="easy",
    title="Multilingual lyrics: VAE and PCA",
    help="Clusters lyrics by the latents of a VAE and by principal components, with k by Silhouette.",
    source=f"{PAPER_A}, table 1",
    rows=("A1", "A2", "B1"),
    data="150 synthetic lyrics in English and Spanish",
    needs=("text",),
    own_data="simulated-lyrics-en-es",
)
def _easy():
    from core.recipes.clustering.easy import Easy

    return Easy


@register(
    RECIPES,
    RecipeSpec,
    name="medium",
    title="Convolutional VAE, text and both",
    help="Clusters latents of spectrograms, text embeddings and their concatenation with three algorithms.",
    source=f"{PAPER_A}, table 2",
    rows=("A3", "A4", "A5", "A6", "A7", "A8", "A9", "A11"),
    data="100 tracks in 8 genres of FMA small",
    needs=("audio", "text", "labels"),
)
def _medium():
    from core.recipes.clustering.audio_text import Medium

    return Medium


@register(
    RECIPES,
    RecipeSpec,
    name="hard",
    title="Conditional VAE with all metrics",
    help="Clusters latents of a VAE whose decoder sees the genre, beside the same baselines.",
    source=f"{PAPER_A}, table 3",
    rows=("A10", "A12", "A13"),
    data="100 tracks in 8 genres of FMA small",
    needs=("audio", "text", "labels"),
)
def _hard():
    from core.recipes.clustering.audio_text import Hard

    return Hard


@register(
    RECIPES,
    RecipeSpec,
    name="hybrid-vae",
    title="VAEs of audio and text, β-VAE against genres",
    help="Clusters latents of VAEs of audio features and of lyrics, fused latents, and a β-VAE.",
    source=PAPER_B,
    rows=("B1", "B2", "B3", "B4"),
    data="GTZAN, 1,000 tracks in 10 genres",
    needs=("labels",),
)
def _hybrid_vae():
    from core.recipes.clustering.hybrid_vae import HybridVAE

    return HybridVAE


@register(
    RECIPES,
    RecipeSpec,
    name="dynamic-weights",
    title="One text weight per track",
    help="Compares fusions on simulated tracks whose audio and text mislead in turn, and on a collection.",
    source=f"{PAPER_D}, abstract",
    rows=("D1", "D2", "D3", "D4"),
    data="",
    own_data="simulated-modalities",
)
def _dynamic_weights():
    from core.recipes.clustering.dynamic_weights import DynamicWeights

    return DynamicWeights


@register(
    RECIPES,
    RecipeSpec,
    name="architecture",
    title="Architecture of the convolutional VAE",
    help="Changes latent size, depth and normalisation one at a time.",
    source=f"{PAPER_A}, limitations",
    rows=("A14",),
    data="",
    needs=("audio", "labels"),
)
def _architecture():
    from core.recipes.clustering.architecture import Architecture

    return Architecture


@register(
    RECIPES,
    RecipeSpec,
    name="representations",
    title="Representations and clusterings",
    help="Scores every representation under every clustering, with neighbours and linear probes.",
    source="Massive Audio Embedding Benchmark (MAEB), GTZAN",
    rows=(),
    data="GTZAN, 1,000 tracks in 10 genres",
    needs=("labels",),
)
def _representations():
    from core.recipes.clustering.representations import Representations

    return Representations


@register(
    RECIPES,
    RecipeSpec,
    name="inpainting",
    title="Inpainting of masked spectrograms",
    help="Reconstructs masked patches at several ratios, beside guesses from the visible ones.",
    source=f"{PAPER_C}, section 6",
    rows=("C10",),
    data="",
    needs=("audio",),
)
def _inpainting():
    from core.recipes.masked.inpainting import Inpainting

    return Inpainting


@register(
    RECIPES,
    RecipeSpec,
    name="ssl-ablation",
    title="Modalities and self-supervision",
    help="Pretrains with one or both modalities and objectives, fine-tunes and cross-validates each.",
    source=f"{PAPER_C}, tables 6.1 and 6.2",
    rows=("C7",),
    data="Music4All, the 50 most frequent genres",
    needs=("audio", "text", "genres"),
    full_s=86_400,
)
def _ssl_ablation():
    from core.recipes.masked.pretraining import SSLAblation

    return SSLAblation


@register(
    RECIPES,
    RecipeSpec,
    name="modality-importance",
    title="Modality importance per genre",
    help="How much of a genre's average precision is lost without audio or without lyrics.",
    source=f"{PAPER_C}, figure 6.1",
    rows=("C8",),
    data="Music4All, the 50 most frequent genres",
    needs=("audio", "text", "genres"),
    full_s=86_400,
)
def _modality_importance():
    from core.recipes.masked.modality_importance import ModalityImportance

    return ModalityImportance


@register(
    RECIPES,
    RecipeSpec,
    name="ssl-sweeps",
    title="Settings of the pretraining",
    help="Varies layers, batch size and masking ratio of the masked autoencoder.",
    source=f"{PAPER_C}, tables 6.6 to 6.8",
    rows=("C9",),
    data="Music4All, the 50 most frequent genres",
    needs=("audio", "text", "genres"),
    full_s=86_400,
)
def _ssl_sweeps():
    from core.recipes.masked.sweeps import SSLSweeps

    return SSLSweeps


@register(
    RECIPES,
    RecipeSpec,
    name="baselines",
    title="Supervised baselines",
    help="Networks of audio alone, of lyrics alone and of both, beside the masked autoencoder.",
    source=f"{PAPER_C}, table 6.9",
    rows=("C11",),
    data="Music4All, the 50 most frequent genres",
    needs=("audio", "text", "genres"),
    full_s=86_400,
)
def _baselines():
    from core.recipes.masked.baselines import Baselines

    return Baselines


@register(
    RECIPES,
    RecipeSpec,
    name="data",
    title="Distributions of the data",
    help="Counts labels, languages, words per text and genres that occur together.",
    source=f"{PAPER_C}, figures 5.1 and 5.2; {PAPER_E}, tables 1 and 2",
    rows=("C12", "E13"),
    data="",
)
def _data():
    from core.recipes.data_description import DataDescription

    return DataDescription


def recipe_spec(name: str) -> RecipeSpec:
    """Return the entry of a recipe."""
    return find(RECIPES, name, "recipe")
