"""Settings of the contrastive masked autoencoder, and its presets."""

from dataclasses import dataclass
from typing import Literal

from core.errors import ConfigError
from core.models.mae_encoder import EncoderConfig

PUBLISHED = {
    "dim": 768, "n_heads": 12, "audio_layers": 5, "text_layers": 5, "joint_layers": 1, "word_dim": 768,
    "decoder_dim": 512, "decoder_heads": 16, "decoder_layers": 4, "tied_words": False,
    "audio_error": "sum", "text_error_weight": 1000.0, "reconstruction_weight": 1.0, "contrastive_weight": 1.0, "temperature": 0.05,
    "epochs": 50, "batch_size": 48, "lr": 5e-5, "halve_from": 10, "halve_every": 10,
    "beta1": 0.95, "beta2": 0.999, "weight_decay": 5e-7, "clip_norm": 0.0,
}  # fmt: skip
PRESETS = {"tiny": {}, "published-small": PUBLISHED | {"audio_layers": 2, "text_layers": 2, "decoder_layers": 2}, "published": PUBLISHED}
"""What each preset sets, of the model and of its training; ``tiny`` is what stands as defaults."""


@dataclass(frozen=True)
class MAEConfig(EncoderConfig):
    """Settings of the masked autoencoder; those of its encoder are :class:`core.models.mae_encoder.EncoderConfig`'s.

    Parameters
    ----------
    preset : {"tiny", "published-small", "published"}
        Sizes and training as a whole; single settings may differ from it. ``published`` has 130 million parameters,
        ``published-small`` 2 layers where that has 5 and 4, ``tiny`` fewer than 6 million and trains on a laptop.
    decoder_dim, decoder_heads, decoder_layers : int
    tied_words : bool
        The decoder names words by the encoder's own embedding (Press and Wolf 2017).
    audio_mask_ratio, text_mask_ratio : float
        Share of the patches and of the words that is hidden; 0.75 by default and 0.5 best in the paper.
    audio_error : {"sum", "mean"}
        Squared error summed over all hidden pixels, as equation 4.10 prints it and as λ_t = 1000 is made for; or its mean.
    text_error_weight, reconstruction_weight, contrastive_weight : float
        λ_t, λ_r, and the factor of L_c (1 in the paper, 0 for masked modelling alone). As published, L_c is a ten-thousandth of the
        loss, and from nothing it is hardly learnt: the published presets keep it so, ``tiny`` brings the three terms near each other.
    temperature : float
        τ of the contrastive loss.
    start_audio : str
        File of CAV-MAE's weights to begin with, "" for none.
    start_text : str
        Name or folder of a BERT to begin E_t with, "" for none.
    """

    preset: Literal["tiny", "published-small", "published"] = "tiny"
    decoder_dim: int = 64
    decoder_heads: int = 4
    decoder_layers: int = 2
    tied_words: bool = True
    audio_mask_ratio: float = 0.75
    text_mask_ratio: float = 0.75
    audio_error: Literal["sum", "mean"] = "mean"
    text_error_weight: float = 0.1
    reconstruction_weight: float = 1.0
    contrastive_weight: float = 0.5
    temperature: float = 0.1
    start_audio: str = ""
    start_text: str = ""

    def __post_init__(self):
        super().__post_init__()
        for name in ("decoder_dim", "decoder_heads", "decoder_layers"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name}={getattr(self, name)} must be 1 or more")
        if self.decoder_dim % 4 or self.decoder_dim % self.decoder_heads:
            raise ConfigError(f"decoder_dim={self.decoder_dim} must be a multiple of 4 and of decoder_heads={self.decoder_heads}")
        for name in ("audio_mask_ratio", "text_mask_ratio"):
            if not 0 < getattr(self, name) < 1:
                raise ConfigError(f"{name}={getattr(self, name)} must lie between 0 and 1: something must be hidden, and something left")
        for name in ("text_error_weight", "reconstruction_weight", "contrastive_weight"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise ConfigError(f"{name}={getattr(self, name)} must be 0 or more")
        if not 0.005 <= self.temperature <= 10:
            raise ConfigError(f"temperature={self.temperature} must lie in [0.005, 10]")
