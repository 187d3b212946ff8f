"""Fusion by a network that reads both modalities and has one latent."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import Config, setting
from core.errors import ConfigError
from core.fusion.fused import Fused
from core.fusion.standardise import same_tracks
from core.progress import Progress, silent

FEWEST = 40
"""Tracks with both modalities from which a network can learn what they share."""


@dataclass(frozen=True)
class Joint(Config):
    """Take one latent for sound and words together from a gated joint VAE.

    Where both representations are one and the same checkpoint of a network with a joint latent
    (``gated-vae``, ``cross-attention``), this is that network's own latent of both (see
    :func:`core.representation.represent.represent_jointly`). Any other two representations are what a new network is
    trained on, here and now, from the seed. Its latent is taken as it is: dimensions that carry little stay
    small. A track that lacks a modality is placed by the other. At least 40 tracks must have both.

    The gate says how much of a track's latent comes from its sound. It is learnt to redraw both vectors, so
    it isn't a measure of which of them is right: where one of them misleads, ``learned`` and ``per-track``
    are made for that.

    References
    ----------
    Arevalo et al., "Gated Multimodal Units for Information Fusion", 2017. See :mod:`core.models.vae.gated_vae`.
    """

    name: ClassVar[str] = "joint"
    model: ClassVar[str] = "gated-vae"

    n_steps: int = setting(
        500,
        low=1,
        title="Steps",
        help="Training steps whatever the number of tracks; at least two passes over all of them are made.",
    )

    def network(self) -> type:
        """Return the network's class; its import says what this fusion stands on."""
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
        """Train on these tracks and return the network's latent of each.

        Parameters are those of :class:`core.fusion.fuser.Fusion`.

        Raises
        ------
        ConfigError
            When fewer than 40 tracks have both, or the shapes don't fit.
        TrainingError
            When present rows are not finite, or training fails.
        """
        from core.training.joint_latents import fit_joint

        same_tracks(audio, text)
        has_a, has_t = (
            np.ones(len(X), bool) if there is None else np.asarray(there, bool)
            for X, there in ((audio, audio_present), (text, text_present))
        )
        n_both, n_learnt = int((has_a & has_t).sum()), int((has_a | has_t).sum())
        if n_both < FEWEST:
            raise ConfigError(
                f"a joint network is trained on {FEWEST} tracks or more that have both sound and words; "
                f"here {n_both} have"
            )
        epochs = max(2, math.ceil(self.n_steps / math.ceil(n_learnt / self.network().train_config.batch_size)))
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
        told = {"model": self.model, "epochs": epochs, "trained": "on the spot"}
        return Fused(
            X,
            weights,
            None,
            {
                **told,
                "words": f"one latent of {X.shape[1]} numbers, by a {self.model} trained on these "
                f"{n_learnt:,} tracks",
            },
        )
