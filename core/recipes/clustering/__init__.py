"""Recipes whose tables compare clusterings of several representations."""

from core.recipes.papers import PAPER_A, PAPER_B, PAPER_D
from core.recipes.recipe import RecipeSpec
from core.registry import register

CLUSTERING: dict[str, RecipeSpec] = {}


@register(
    CLUSTERING,
    RecipeSpec,
    name="easy",
    title="Multilingual lyrics: VAE and PCA",
    help="Clusters lyrics by the latents of a VAE and by principal components, with k by Silhouette.",
    source=f"{PAPER_A}, table 1",
    rows=("A1", "A2", "B1"),
    data="150 synthetic lyrics in English and Spanish",
    needs=("text",),
    own_data="simulated-lyrics-en-es",
    quick_s=21,
)
def _easy():
    from core.recipes.clustering.easy import Easy

    return Easy


@register(
    CLUSTERING,
    RecipeSpec,
    name="medium",
    title="Convolutional VAE, text and both",
    help="Clusters latents of spectrograms, text embeddings and their concatenation with three algorithms.",
    source=f"{PAPER_A}, table 2",
    rows=("A3", "A4", "A5", "A6", "A7", "A8", "A9", "A11"),
    data="100 tracks in 8 genres of FMA small",
    needs=("audio", "text", "labels"),
    quick_s=79,
)
def _medium():
    from core.recipes.clustering.audio_text import Medium

    return Medium


@register(
    CLUSTERING,
    RecipeSpec,
    name="hard",
    title="Conditional VAE with all metrics",
    help="Clusters latents of a VAE whose decoder sees the genre, beside the same baselines.",
    source=f"{PAPER_A}, table 3",
    rows=("A10", "A12", "A13"),
    data="100 tracks in 8 genres of FMA small",
    needs=("audio", "text", "labels"),
    quick_s=52,
)
def _hard():
    from core.recipes.clustering.audio_text import Hard

    return Hard


@register(
    CLUSTERING,
    RecipeSpec,
    name="hybrid-vae",
    title="VAEs of audio and text, β-VAE against genres",
    help="Clusters latents of VAEs of audio features and of lyrics, fused latents, and a β-VAE.",
    source=PAPER_B,
    rows=("B1", "B2", "B3", "B4"),
    data="GTZAN, 1,000 tracks in 10 genres",
    needs=("labels",),
    quick_s=37,
)
def _hybrid_vae():
    from core.recipes.clustering.hybrid_vae import HybridVAE

    return HybridVAE


@register(
    CLUSTERING,
    RecipeSpec,
    name="dynamic-weights",
    title="One text weight per track",
    help="Compares fusions on simulated tracks whose audio and text mislead in turn, and on a collection.",
    source=f"{PAPER_D}, abstract",
    rows=("D1", "D2", "D3", "D4"),
    data="",
    own_data="simulated-modalities",
    quick_s=67,
)
def _dynamic_weights():
    from core.recipes.clustering.dynamic_weights import DynamicWeights

    return DynamicWeights


@register(
    CLUSTERING,
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
    CLUSTERING,
    RecipeSpec,
    name="representations",
    title="Representations and clusterings",
    help="Scores every representation under every clustering, with neighbours and linear probes.",
    source="Massive Audio Embedding Benchmark (MAEB), GTZAN",
    rows=(),
    data="GTZAN, 1,000 tracks in 10 genres",
    needs=("labels",),
    quick_s=11,
)
def _representations():
    from core.recipes.clustering.representations import Representations

    return Representations
