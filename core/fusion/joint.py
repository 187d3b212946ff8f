"""Fusion by a network that encodes both modalities into one latent."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from core.config import Config, setting
from core.errors import ConfigError
from core.fusion.fuser import Fused
from core.fusion.standardise import check_same_tracks
from core.progress import Progress, silent

MIN_TRACKS_OF_BOTH = 40
"""Fewest tracks with both modalities that a joint network is trained on."""


@dataclass(frozen=True)
class Joint(Config):
    """Encode both modalities into one latent with a gated joint VAE.

    Where both representations are the same checkpoint of a network with a joint latent (``gated-vae``,
    ``cross-attention``), that network's joint latent is used (see
    :func:`core.representation.represent.represent_jointly`). Otherwise a new network is trained on the two
    representations. The latent is used unscaled: dimensions that carry little stay small. A track without one
    modality is encoded from the other. At least 40 tracks must have both.

    The gate is the share of a track's latent that comes from audio. It is learnt to reconstruct both vectors,
    so it doesn't measure which of them is reliable; ``learned`` and ``per-track`` do.

    References
    ----------
    Arevalo et al., "Gated Multimodal Units for Information Fusion", 2017; see
    :mod:`core.models.vae.gated_vae`.
    """

    name: ClassVar[str] = "joint"
    model: ClassVar[str] = "gated-vae"

    n_steps: int = setting(
        500,
        low=1,
        title="Steps",
        help="Training steps, whatever the number of tracks; at least two epochs.",
    )

    def network(self) -> Any:
        """Return the network's class."""
        from core.models.vae.gated_vae import GatedVAE

        return GatedVAE

    def fuse(
        self,
        audio: np.ndarray,
        text: np.ndarray,
        audio_present: np.ndarray | None = None,
        text_present: np.ndarray | None = None,
        *,
        seed: int = 0,
        progress: Progress = silent,
        **context,
    ) -> Fused:
        """Train on these tracks and return the joint latent of each.

        Parameters are those of :class:`core.fusion.fuser.Fusion`.

        Returns
        -------
        Fused
            ``details``: ``model``; ``epochs``; ``trained`` = "on the spot"; ``latent_dim``; ``n_trained``
            tracks.

        Raises
        ------
        ConfigError
            When fewer than 40 tracks have both, or shapes disagree.
        TrainingError
            When present rows are not finite, or training fails.
        """
        from core.training.joint_latents import fit_joint

        check_same_tracks(audio, text)
        has_a, has_t = (
            np.ones(len(X), bool) if present is None else np.asarray(present, bool)
            for X, present in ((audio, audio_present), (text, text_present))
        )
        n_both, n_trained = int((has_a & has_t).sum()), int((has_a | has_t).sum())
        if n_both < MIN_TRACKS_OF_BOTH:
            raise ConfigError(
                f"a joint network is trained on {MIN_TRACKS_OF_BOTH} tracks or more that have both audio and "
                f"text; here {n_both} have"
            )
        epochs = max(
            2, math.ceil(self.n_steps / math.ceil(n_trained / self.network().train_config.batch_size))
        )
        X, weights = fit_joint(
            self.model,
            audio,
            text,
            has_a,
            has_t,
            settings={"epochs": str(epochs)},
            seed=seed,
            progress=progress,
        )
        details = {
            "model": self.model,
            "epochs": epochs,
            "trained": "on the spot",
            "latent_dim": X.shape[1],
            "n_trained": n_trained,
        }
        return Fused(X, weights, None, details)


@dataclass(frozen=True)
class Attention(Joint):
    """Encode both modalities into one latent with cross-modal attention.

    As :class:`core.fusion.joint.Joint`, with the network of :mod:`core.models.vae.cross_attention`; a track's
    text weight is the share of attention on its text.

    References
    ----------
    Tsai et al., "Multimodal Transformer for Unaligned Multimodal Language Sequences", 2019. Siddique, Hybrid
    Audio–Text Clustering for Music, names cross-modal attention as future work.
    """

    name: ClassVar[str] = "attention"
    model: ClassVar[str] = "cross-attention"

    def network(self) -> Any:
        """Return the network's class."""
        from core.models.vae.cross_attention import CrossAttention

        return CrossAttention
