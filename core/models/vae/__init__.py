"""Autoencoders, variational and not, and their linear baseline."""

from typing import Any

from core.models.model_entry import ModelSpec
from core.registry import register

AUTOENCODERS: dict[str, ModelSpec] = {}

SIDDIQUE = "Hybrid Audio-Text Clustering for Music (Siddique)"
SPECTROGRAM: dict[str, Any] = {"inputs": ("mel", "mel-centre"), "input_ndim": 2}
VECTORS = ("sentence", "sentence-minilm", "sentence-mpnet", "tfidf", "mfcc", "musicnn", "table", "encoder")
TWO_VECTORS: dict[str, Any] = {
    "inputs": tuple(
        f"{audio}+{text}"
        for text in ("sentence", "tfidf")
        for audio in ("musicnn", "mfcc", "table", "descriptors", "encoder")
    ),
    "input_ndim": {"audio": 1, "text": 1},
}


@register(
    AUTOENCODERS,
    ModelSpec,
    name="conv-vae",
    title="Convolutional VAE",
    help="Encodes a spectrogram as a Gaussian over a few latent dimensions, and learns by reconstructing it.",
    source=f"{SIDDIQUE}, Section 3.2.4; Kingma & Welling 2014",
    **SPECTROGRAM,
    reconstructs=True,
    is_variational=True,
    may_standardise=False,
)
def _conv_vae():
    from core.models.vae.convolutional import ConvVAE

    return ConvVAE


@register(
    AUTOENCODERS,
    ModelSpec,
    name="mlp-vae",
    title="MLP VAE",
    help="Encodes a vector (a sentence embedding, TF-IDF, pooled audio, a table's numbers) as a Gaussian "
    "over a few latent dimensions.",
    source=f"{SIDDIQUE}, Section 3.1.3; Kingma & Welling 2014",
    inputs=VECTORS,
    input_ndim=1,
    reconstructs=True,
    is_variational=True,
    may_standardise=False,
)
def _mlp_vae():
    from core.models.vae.mlp_vae import MLPVAE

    return MLPVAE


@register(
    AUTOENCODERS,
    ModelSpec,
    name="beta-vae",
    title="β-VAE",
    help="An MLP VAE with a larger weight on the KL term: fewer and more independent latent dimensions, "
    "coarser reconstruction.",
    source="Hybrid Music Representation Learning using VAE, Hard Task; Higgins et al. 2017",
    inputs=("mfcc", "table", "tfidf", "sentence", "sentence-minilm", "sentence-mpnet", "musicnn", "encoder"),
    input_ndim=1,
    reconstructs=True,
    is_variational=True,
    may_standardise=False,
)
def _beta_vae():
    from core.models.vae.mlp_vae import BetaVAE

    return BetaVAE


@register(
    AUTOENCODERS,
    ModelSpec,
    name="conv-ae",
    title="Convolutional autoencoder",
    help="The convolutional VAE's network trained on reconstruction error alone: the baseline without a "
    "prior.",
    source=f"{SIDDIQUE}, Section 3.3.2",
    **SPECTROGRAM,
    reconstructs=True,
)
def _conv_ae():
    from core.models.vae.convolutional import ConvAE

    return ConvAE


@register(
    AUTOENCODERS,
    ModelSpec,
    name="cvae",
    title="Conditional VAE",
    help="A convolutional VAE whose decoder is given the track's label, so that latents encode what the "
    "label leaves open.",
    source=f"{SIDDIQUE}, Section 3.3.1; Sohn, Lee & Yan 2015",
    **SPECTROGRAM,
    sees_labels=True,
    reconstructs=True,
    is_variational=True,
    may_standardise=False,
)
def _cvae():
    from core.models.vae.convolutional import CVAE

    return CVAE


@register(
    AUTOENCODERS,
    ModelSpec,
    name="pca",
    title="PCA",
    help="Projects features onto the principal components, along which tracks vary most: the linear "
    "baseline, in closed form.",
    source=f"{SIDDIQUE}, Sections 3.1.4, 3.2.3 and 3.3.2; Pearson 1901",
    inputs=("mel", "mel-centre", *VECTORS),
    input_ndim=None,
    reconstructs=True,
    may_standardise=False,
)
def _pca():
    from core.models.vae.pca import PCA

    return PCA


@register(
    AUTOENCODERS,
    ModelSpec,
    name="gated-vae",
    title="Gated multimodal VAE",
    help="Encodes audio and text as one latent, mixed by a gate that is each track's share of audio.",
    source="Gated Multimodal Units for Information Fusion (Arevalo et al. 2017); Kingma & Welling 2014",
    **TWO_VECTORS,
    reconstructs_both=True,
    has_joint_latent=True,
    is_variational=True,
    may_standardise=False,
)
def _gated_vae():
    from core.models.vae.gated_vae import GatedVAE

    return GatedVAE


@register(
    AUTOENCODERS,
    ModelSpec,
    name="cross-attention",
    title="Cross-modal attention",
    help="Lets tokens of audio and tokens of text attend to each other, and pools them into one latent.",
    source="Multimodal Transformer for Unaligned Multimodal Language Sequences (Tsai et al. 2019); Vaswani "
    "et al. 2017",
    **TWO_VECTORS,
    reconstructs_both=True,
    has_joint_latent=True,
)
def _cross_attention():
    from core.models.vae.cross_attention import CrossAttention

    return CrossAttention
