"""Settings of the contrastive masked autoencoder, and its presets."""

from dataclasses import dataclass, fields
from typing import Literal

from core.config import setting
from core.models import common_fields as common
from core.models.masked.mae_encoder import EncoderConfig

Preset = Literal["tiny", "published-small", "published"]
PUBLISHED = {
    "dim": 768,
    "n_heads": 12,
    "audio_layers": 5,
    "text_layers": 5,
    "joint_layers": 1,
    "word_dim": 768,
    "decoder_dim": 512,
    "decoder_heads": 16,
    "decoder_layers": 4,
    "tied_words": False,
    "audio_error": "sum",
    "text_error_weight": 1000.0,
    "reconstruction_weight": 1.0,
    "contrastive_weight": 1.0,
    "temperature": 0.05,
    "epochs": 50,
    "batch_size": 48,
    "lr": 5e-5,
    "halve_from": 10,
    "halve_every": 10,
    "beta1": 0.95,
    "beta2": 0.999,
    "weight_decay": 5e-7,
    "clip_norm": 0.0,
}
PRESETS = {
    "tiny": {},
    "published-small": PUBLISHED | {"audio_layers": 2, "text_layers": 2, "decoder_layers": 2},
    "published": PUBLISHED,
}
"""Settings of the model and its training by preset; ``tiny`` is the defaults."""


@dataclass(frozen=True)
class MAEConfig(EncoderConfig):
    """Settings of the masked autoencoder and of its encoder.

    As published, the contrastive loss is a ten-thousandth of the total and is hardly learnt from random
    weights; in the preset ``tiny`` the three terms are of similar size.
    """

    preset: Preset = common.preset("tiny")
    decoder_dim: int = setting(
        64,
        low=1,
        multiple_of=(4, "decoder_heads"),
        title="Decoder width",
        help="Size of a token in the decoder; a multiple of 4 and of the decoder's attention heads.",
    )
    decoder_heads: int = setting(
        4,
        low=1,
        title="Decoder attention heads",
        help="Heads of each attention layer of the decoder.",
    )
    decoder_layers: int = setting(2, low=1, title="Decoder layers", help="Transformer layers of the decoder.")
    tied_words: bool = setting(
        True,
        title="Tied word embeddings",
        help="The decoder's output layer is the encoder's word embedding. *Press & Wolf 2017*",
    )
    audio_mask_ratio: float = setting(
        0.75,
        above=0,
        below=1,
        title="Mask ratio (audio)",
        help="Share of the spectrogram patches that is masked. *Jiang 2024, chapter 4*",
    )
    text_mask_ratio: float = setting(
        0.75,
        above=0,
        below=1,
        title="Mask ratio (text)",
        help="Share of the word pieces that is masked. *Jiang 2024, chapter 4*",
    )
    audio_error: Literal["sum", "mean"] = setting(
        "mean",
        title="Audio loss reduction",
        help="Squared error over all masked pixels: their *sum*, as published, or their *mean*. *Jiang "
        "2024, equation 4.10*",
    )
    text_error_weight: float = setting(
        0.1,
        low=0,
        title="Text loss weight (λₜ)",
        help="Weight of the cross-entropy of masked word pieces; 1000 as published, with a summed audio "
        "loss. *Jiang 2024, section 4.2*",
    )
    reconstruction_weight: float = setting(
        1.0,
        low=0,
        title="Reconstruction loss weight (λᵣ)",
        help="Weight of both reconstruction losses; 0 leaves the contrastive loss alone. *Jiang 2024, "
        "equation 4.19*",
    )
    contrastive_weight: float = common.contrastive_weight(0.5)
    modalities: Literal["both", "audio", "text"] = setting(
        "both",
        title="Modalities",
        help="Modalities of the pretraining; with one, the other is left out of every track and there is no "
        "contrastive loss. *Jiang 2024, table 6.1*",
    )
    temperature: float = common.temperature(0.1)
    start: str = common.start()
    start_audio: str = setting(
        "",
        title="Initial audio weights (CAV-MAE)",
        help="File of CAV-MAE's weights (.pth or .safetensors), which fit the preset *published*; empty: "
        "random weights. *Gong et al. 2023*",
    )
    start_text: str = setting(
        "",
        title="Initial text weights (BERT)",
        help="Name or folder of a BERT for the text encoder, *bert-base-uncased* as published; empty: "
        "random weights. *Devlin et al. 2019*",
    )

    @staticmethod
    def sizes() -> tuple[str, ...]:
        """Return the settings that determine the shapes of weights."""
        encoder = tuple(field.name for field in fields(EncoderConfig))
        return (*encoder, "preset", "decoder_dim", "decoder_heads", "decoder_layers", "tied_words")
