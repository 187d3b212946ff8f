"""Detection of collapsed latents from the ``figures`` of a checkpoint.

- Posterior collapse of a variational model: ``active_units``, ``latent_dim`` and ``kl_per_dimension``
  (:func:`core.models.vae.elbo.collapse_figures`). With too large a KL weight the posterior is the prior and a
  latent has the same value for every track.
- Collapsed rank of a variational model: its latents all vary, but together, so that the ``effective_rank`` of
  the covariance is near 1 (:func:`core.scoring.quality.representation_metrics.is_collapsed`).
- Collapsed representations of a self-supervised model of two views: ``spread``
  (:mod:`core.models.contrastive.clip_views`) and ``effective_rank``. Its loss is small, too, when all clips
  get the same vector.

Effective rank is that of the covariance for every model. Earlier checkpoints of models of two views hold the
entropy of the singular values instead, which is never below it: for those a low rank may be missed, and none
is reported wrongly.
"""

from typing import Literal

from core.scoring.quality.representation_metrics import is_collapsed

LEAST_SHARE = 0.5
"""Share of active latents below which a posterior counts as collapsed."""
LEAST_SPREAD = 0.1


def find_collapse(figures: dict) -> Literal["posterior", "rank", "views"] | None:
    """Return the kind of collapse that a checkpoint's figures show, None for none or where it is unknown."""
    rank = figures.get("effective_rank")
    if "active_units" in figures:
        if figures["active_units"] < LEAST_SHARE * figures["latent_dim"]:
            return "posterior"
        return "rank" if rank is not None and is_collapsed(rank, figures["latent_dim"]) else None
    spread = figures.get("spread")
    if spread is None or rank is None:
        return None
    return "views" if spread < LEAST_SPREAD or is_collapsed(rank, figures.get("latent_dim", 0)) else None
