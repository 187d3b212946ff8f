"""Config fields shared by several models: title, help and range; each model gives its own default.

latent_dim: int = common.latent_dim(32)
"""

from functools import partial

from core.config import setting
from core.errors import ConfigError

latent_dim = partial(
    setting,
    low=1,
    advanced=False,
    title="Latent dimension",
    help="Size of the latent vector that represents a track.",
)
beta = partial(
    setting,
    low=0,
    advanced=False,
    title="β (KL weight)",
    help="Weight of the KL divergence from the standard normal prior; 1 is the evidence lower bound itself. "
    "*Higgins et al. 2017*",
)
scaling = partial(
    setting,
    title="Loss scaling",
    help="*normalised* divides both the KL divergence and the reconstruction error by the input's size, "
    "*as-published* only the latter. *Siddique, Hybrid Audio–Text Clustering for Music, section 3.3.3*",
)
channels = partial(
    setting,
    low=1,
    title="Channels",
    help="Channels of the convolutional layers, of which each halves the spectrogram's sides.",
)
hidden = partial(
    setting,
    low=1,
    title="Encoder hidden layers",
    help="Widths of the fully connected layers between the input and the latent.",
)
decoder_hidden = partial(
    setting,
    low=1,
    title="Decoder hidden layers",
    help="Widths of the fully connected layers between the latent and the reconstruction.",
)
projection_dim = partial(
    setting,
    low=1,
    title="Projection dimension",
    help="Size of the projection that the loss compares; the representation is the latent before it. *Chen "
    "et al. 2020*",
)
temperature = partial(
    setting,
    low=0.005,
    high=10,
    title="Temperature",
    help="Divides the cosine similarities in the contrastive loss: the lower, the more the hardest "
    "negatives count. *Chen et al. 2020*",
)
contrastive_weight = partial(
    setting,
    low=0,
    title="Contrastive loss weight",
    help="Weight of the contrastive loss between audio and text; 0 leaves it out.",
)
start = partial(
    setting,
    "",
    title="Pretrained checkpoint",
    help="Name or file of a checkpoint of the same model and input, whose training continues with these "
    "tracks; empty: random weights.",
)
dropout = partial(
    setting,
    low=0,
    below=1,
    title="Dropout",
    help="Share of activations set to zero in training. *Srivastava et al. 2014*",
)
modality_dropout = partial(
    setting,
    low=0,
    high=1,
    title="Modality dropout",
    help="Share of the tracks with both audio and text of which training masks one of the two. *Ngiam et "
    "al. 2011*",
)
n_heads = partial(
    setting,
    low=1,
    title="Attention heads",
    help="Heads of each attention layer; their number divides the width. *Vaswani et al. 2017*",
)
n_layers = partial(
    setting,
    low=1,
    title="Transformer layers",
    help="Layers of the small text transformer; a pretrained one has its own.",
)
encoder_lr = partial(
    setting,
    above=0,
    high=1,
    title="Learning rate factor (pretrained layers)",
    help="Learning rate of the pretrained layers as a share of the learning rate.",
)
audio_backbone = partial(
    setting,
    title="Audio backbone",
    help="*small* is a CNN trained from random weights; otherwise the name of a timm network "
    "(*inception_v4* as published), or the name or folder of a transformers network.",
)
audio_weights = partial(
    setting,
    title="Audio backbone weights",
    help="*pretrained*, *none* (random), or the path of a .safetensors file; without effect on the small "
    "backbone.",
)
text_backbone = partial(
    setting,
    title="Text backbone",
    help="*small* is a transformer trained from random weights; otherwise the name or folder of a "
    "pretrained one (*bert-base-uncased* as published), which must use the input's tokenizer.",
)
audio_network = partial(
    setting,
    filled_in=True,
    title="Audio network",
    help="Architecture of the pretrained audio backbone, as JSON.",
)
text_network = partial(
    setting,
    filled_in=True,
    title="Text network",
    help="Architecture of the pretrained text backbone, as JSON.",
)
vocabulary_size = partial(
    setting,
    filled_in=True,
    low=1,
    title="Vocabulary size",
    help="Tokens in the vocabulary of the word-piece tokenizer.",
)
preset = partial(
    setting,
    title="Preset",
    help="Sizes and training settings as a whole: *tiny* trains on a laptop in minutes; *published* has the "
    "paper's 130 million parameters and *published-small* two layers per encoder and decoder, both for a "
    "GPU. *Jiang 2024, chapter 4*",
)


baseline_preset = partial(
    setting,
    title="Preset",
    help="*small*: a network of this project, from random weights, in minutes; *published*: the paper's "
    "pretrained network, which is downloaded, fine-tuned on a GPU. *Jiang 2024, section 5.3*",
)


def check_n_labels(model: str, n_labels: int) -> None:
    """Refuse a classifier of fewer than two labels."""
    if n_labels < 2:
        raise ConfigError(f"{model} is a classifier and needs two labels or more, not {n_labels}")
