"""Models: what learns latents from features.

A model is one file with a :class:`core.models.latent_model.LatentModel` and its frozen ``Config``, and one
entry below. It knows nothing of the training loop. What an entry says, and what the class must have for it,
is :mod:`core.models.model_contract`'s.
"""

from core.models.model_contract import ModelSpec
from core.registry import find, register

MODELS: dict[str, ModelSpec] = {}


def get_model(name: str) -> type:
    """Return a model class by its registered name.

    Raises
    ------
    ConfigError
        When there is none of that name; lists those there are.
    """
    return model_spec(name).load()


def model_spec(name: str) -> ModelSpec:
    """Return what a model says of itself, without importing it.

    Raises
    ------
    ConfigError
        When there is none of that name; lists those there are.
    """
    return find(MODELS, name, "model")


def joint_models() -> list[str]:
    """Return the models that encode audio and text as one latent."""
    return [name for name, spec in MODELS.items() if spec.has_joint_latent]


SIDDIQUE = "Hybrid Audio-Text Clustering for Music (Siddique)"
SIDERAS = "Multimodal Pretraining for Music Audio (Sideras 2024)"
JIANG = "Multimodal Self-supervised Music Genre Classification with Audio and Lyrics (Jiang 2024)"
VECTORS = ("sentence", "sentence-minilm", "sentence-mpnet", "tfidf", "mfcc", "musicnn", "table")
TWO_VECTORS = tuple(
    f"{audio}+{text}"
    for text in ("sentence", "tfidf")
    for audio in ("musicnn", "mfcc", "table", "descriptors")
)
CLASSIFIES, PREDICTS = "it only classifies", "it only predicts genres"


@register(
    MODELS,
    ModelSpec,
    name="conv-vae",
    title="Convolutional VAE",
    help="Encodes a spectrogram as a Gaussian over a few latent dimensions, and learns by reconstructing it.",
    source=f"{SIDDIQUE}, Section 3.2.4; Kingma & Welling 2014",
    inputs=("mel", "mel-centre"),
    input_ndim=2,
    reconstructs=True,
    is_variational=True,
)
def _conv_vae():
    from core.models.vae.conv_vae import ConvVAE

    return ConvVAE


@register(
    MODELS,
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
)
def _mlp_vae():
    from core.models.vae.mlp_vae import MLPVAE

    return MLPVAE


@register(
    MODELS,
    ModelSpec,
    name="beta-vae",
    title="β-VAE",
    help="An MLP VAE with a larger weight on the KL term: fewer and more independent latent dimensions, "
    "coarser reconstruction.",
    source="Hybrid Music Representation Learning using VAE, Hard Task; Higgins et al. 2017",
    inputs=("mfcc", "table", "tfidf", "sentence", "sentence-minilm", "sentence-mpnet", "musicnn"),
    input_ndim=1,
    reconstructs=True,
    is_variational=True,
)
def _beta_vae():
    from core.models.vae.beta_vae import BetaVAE

    return BetaVAE


@register(
    MODELS,
    ModelSpec,
    name="conv-ae",
    title="Convolutional autoencoder",
    help="The convolutional VAE's network trained on reconstruction error alone: the baseline without a "
    "prior.",
    source=f"{SIDDIQUE}, Section 3.3.2",
    inputs=("mel", "mel-centre"),
    input_ndim=2,
    reconstructs=True,
)
def _conv_ae():
    from core.models.vae.conv_ae import ConvAE

    return ConvAE


@register(
    MODELS,
    ModelSpec,
    name="cvae",
    title="Conditional VAE",
    help="A convolutional VAE whose decoder is given the track's label, so that latents encode what the "
    "label leaves open.",
    source=f"{SIDDIQUE}, Section 3.3.1; Sohn, Lee & Yan 2015",
    inputs=("mel", "mel-centre"),
    input_ndim=2,
    sees_labels=True,
    reconstructs=True,
    is_variational=True,
)
def _cvae():
    from core.models.vae.cvae import CVAE

    return CVAE


@register(
    MODELS,
    ModelSpec,
    name="pca",
    title="PCA",
    help="Projects features onto the principal components, along which tracks vary most: the linear "
    "baseline, in closed form.",
    source=f"{SIDDIQUE}, Sections 3.1.4, 3.2.3 and 3.3.2; Pearson 1901",
    inputs=("mel", "mel-centre", *VECTORS),
    input_ndim=None,
    reconstructs=True,
)
def _pca():
    from core.models.vae.pca import PCA

    return PCA


@register(
    MODELS,
    ModelSpec,
    name="simclr",
    title="SimCLR",
    help="Learns from audio what stays the same when a clip is cropped, masked, pitch-shifted, made louder "
    "or noisy, by a contrastive "
    "loss between two views (gain and noise only with clip).",
    source=f"Chen et al. 2020; Spijkervet & Burgoyne 2021; future work of {SIDDIQUE}",
    inputs=("clip", "mel", "mel-centre"),
    input_ndim=2,
    without_decoder="it only tells clips apart",
)
def _simclr():
    from core.models.contrastive.simclr import SimCLR

    return SimCLR


@register(
    MODELS,
    ModelSpec,
    name="byol",
    title="BYOL",
    help="Learns from audio by predicting one augmented view of a clip from another, without negative pairs "
    "(gain and noise only with clip).",
    source="Grill et al. 2020; Niizumi et al. 2021",
    inputs=("clip", "mel", "mel-centre"),
    input_ndim=2,
    without_decoder="it only predicts one view of a clip from another",
)
def _byol():
    from core.models.contrastive.byol import BYOL

    return BYOL


@register(
    MODELS,
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
        "clip+tokens",
        "musicnn+tokens",
        "clip-270+tokens",
    ),
    input_ndim={"audio": None, "text": 2},
    needs_both=True,
    compares_text_with_audio=True,
    without_decoder="it only matches audio with text",
)
def _contrastive():
    from core.models.contrastive.two_towers import Contrastive

    return Contrastive


@register(
    MODELS,
    ModelSpec,
    name="genre-head",
    title="Few-shot classifier",
    help="Classifies tracks from a few labels, on a pretrained audio tower, or on one with random weights "
    "as the baseline.",
    source=f"{SIDERAS}, Sections 4.3 and 4.4.1, Tables 3-6",
    inputs=("clip", "musicnn", "clip-270", "mel", "clap", "table"),
    input_ndim=None,
    sees_labels=True,
    needs_labels=True,
    without_decoder=CLASSIFIES,
)
def _genre_head():
    from core.models.classifiers.genre_head import GenreHead

    return GenreHead


@register(
    MODELS,
    ModelSpec,
    name="mae",
    title="Masked autoencoder",
    help="Reconstructs masked patches of spectrograms and masked words from the rest, with a contrastive "
    "loss between audio and text.",
    source=f"{JIANG}, Chapter 4",
    inputs=("fbank+wordpieces", "fbank+wordpieces-en"),
    input_ndim={"audio": 2, "text": 1},
    inpaints=True,
    has_joint_latent=True,
    presets=("tiny", "published-small", "published"),
    examples_per_s={"tiny": 40.0, "published-small": 2.0, "published": 1.0},
)
def _mae():
    from core.models.masked.mae import MAE

    return MAE


@register(
    MODELS,
    ModelSpec,
    name="mae-classifier",
    title="Masked autoencoder, fine-tuned",
    help="Predicts all genres of a track with a masked autoencoder's encoder, pretrained, or with random "
    "weights as the baseline.",
    source=f"{JIANG}, Section 4.3",
    inputs=("fbank+wordpieces", "fbank+wordpieces-en"),
    input_ndim={"audio": 2, "text": 1},
    sees_labels=True,
    needs_labels=True,
    predicts_genres=True,
    has_joint_latent=True,
    without_decoder=PREDICTS,
    presets=("tiny", "published-small", "published"),
    examples_per_s={"tiny": 40.0, "published-small": 1.0, "published": 0.5},
)
def _mae_classifier():
    from core.models.masked.mae_classifier import MAEClassifier

    return MAEClassifier


@register(
    MODELS,
    ModelSpec,
    name="gated-vae",
    title="Gated multimodal VAE",
    help="Encodes audio and text as one latent, mixed by a gate that is each track's share of audio.",
    source="Gated Multimodal Units for Information Fusion (Arevalo et al. 2017); Kingma & Welling 2014",
    inputs=TWO_VECTORS,
    input_ndim={"audio": 1, "text": 1},
    reconstructs_both=True,
    has_joint_latent=True,
    is_variational=True,
)
def _gated_vae():
    from core.models.vae.gated_vae import GatedVAE

    return GatedVAE


@register(
    MODELS,
    ModelSpec,
    name="cross-attention",
    title="Cross-modal attention",
    help="Lets tokens of audio and tokens of text attend to each other, and pools them into one latent.",
    source="Multimodal Transformer for Unaligned Multimodal Language Sequences (Tsai et al. 2019); Vaswani "
    "et al. 2017",
    inputs=TWO_VECTORS,
    input_ndim={"audio": 1, "text": 1},
    reconstructs_both=True,
    has_joint_latent=True,
)
def _cross_attention():
    from core.models.vae.cross_attention import CrossAttention

    return CrossAttention


@register(
    MODELS,
    ModelSpec,
    name="audio-cnn",
    title="Audio CNN",
    help="Predicts all genres of a track from its audio alone: a baseline for models of audio and text.",
    source=f"{JIANG}, Section 5.3; Inception-v4: Szegedy et al. 2017",
    inputs=("fbank", "clip", "mel"),
    input_ndim=2,
    sees_labels=True,
    needs_labels=True,
    predicts_genres=True,
    without_decoder=PREDICTS,
)
def _audio_cnn():
    from core.models.classifiers.audio_cnn import AudioCNNBaseline

    return AudioCNNBaseline


@register(
    MODELS,
    ModelSpec,
    name="lyrics-transformer",
    title="Lyrics transformer",
    help="Predicts all genres of a track from its text alone: a baseline for models of audio and text.",
    source=f"{JIANG}, Section 5.3; BERT: Devlin et al. 2019",
    inputs=("wordpieces", "wordpieces-en"),
    input_ndim=1,
    sees_labels=True,
    needs_labels=True,
    predicts_genres=True,
    without_decoder=PREDICTS,
    examples_per_s={"": 100.0},
)
def _lyrics_transformer():
    from core.models.classifiers.lyrics_transformer import LyricsTransformer

    return LyricsTransformer


@register(
    MODELS,
    ModelSpec,
    name="alnet",
    title="ALNet",
    help="Predicts all genres of a track from audio and text, each read by its own network and fused by one "
    "transformer layer.",
    source=f"{JIANG}, Section 5.3, Equation 5.10",
    inputs=("fbank+wordpieces", "fbank+wordpieces-en", "clip+wordpieces", "mel+wordpieces"),
    input_ndim={"audio": 2, "text": 1},
    sees_labels=True,
    needs_labels=True,
    predicts_genres=True,
    has_joint_latent=True,
    without_decoder=PREDICTS,
)
def _alnet():
    from core.models.classifiers.alnet import ALNet

    return ALNet
