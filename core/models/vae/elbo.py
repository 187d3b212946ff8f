"""The evidence lower bound of a variational autoencoder, term by term.

With ``D`` numbers in one input and ``d`` latent dimensions, for one example

    R  = sum_i (recon_x_i - x_i)^2                                   squared error over the D inputs
    KL = -1/2 sum_j (1 + log_var_j - mu_j^2 - exp(log_var_j))        nats over the d latent dimensions

and the loss is the mean over the batch of

    normalised      R / D + beta * KL / D
    as-published    R / D + beta * KL

``normalised`` is the bound itself (Kingma & Welling 2014, Eq. 7, with a Gaussian of variance 1/2 around
``recon_x``) divided by the input size: both terms keep their proportion, beta is that of Higgins et al. 2017,
and losses of different inputs are on one scale. ``as-published`` is the loss printed by Siddique, Hybrid
Audio–Text Clustering for Music (section 3.3.3): the mean squared error, and the KL summed over j. It equals
``normalised`` with D times the beta, that is 768 to 32,768 times the weight of the prior.

The paper doesn't specify the reduction of its terms; this one matches its losses: 1.07 to 1.00 for the VAE
over vectors (section 3.1.4) and 1.21 to 0.55 for the convolutional one (section 3.2.4). With the KL summed
over the latents, similar runs went from 1.11 to 1.01 (150 synthetic vectors from phrase lists) and from 1.17
to 0.52 (99 pieces of game music); with the KL averaged over the latents, the first went from 1.06 to 0.89. So
``as-published`` collapses onto the prior (0 of 32 active units in the run on game music, against 32 with
``normalised``), and its reconstruction is little more than the mean spectrogram.
"""

from typing import Literal

import torch
from torch import Tensor

from core.scoring.quality.representation_metrics import effective_rank

Scaling = Literal["normalised", "as-published"]


def reparameterise(mu: Tensor, log_var: Tensor) -> Tensor:
    """Sample z = mu + sigma * eps, eps standard normal (Kingma & Welling 2014, Section 2.4), shape (n, d)."""
    return mu + torch.exp(0.5 * log_var) * torch.randn_like(mu)


def squared_error(recon_x: Tensor, x: Tensor) -> Tensor:
    """Return the squared error summed over each example, shape (n,); 0 is perfect."""
    return (recon_x - x).square().flatten(1).sum(1)


def kl_per_dimension(mu: Tensor, log_var: Tensor) -> Tensor:
    """Return KL(N(mu, sigma^2) || N(0, 1)) in nats, shape (n, d); 0 where the posterior is the prior."""
    return -0.5 * (1 + log_var - mu.square() - log_var.exp())


def elbo_loss(
    recon_x: Tensor, x: Tensor, mu: Tensor, log_var: Tensor, *, beta: float, scaling: Scaling
) -> dict[str, Tensor]:
    """Return the loss and its terms, each a mean over the batch.

    Parameters
    ----------
    recon_x, x : Tensor, shape=(n, …)
    mu, log_var : Tensor, shape=(n, latent_dim)
    beta : float
        Weight of the KL term (Higgins et al. 2017); 1 is the bound, 0 an autoencoder with noise.
    scaling : {"normalised", "as-published"}
        See the module's formulas.

    Returns
    -------
    dict
        ``total = reconstruction + beta * kl``, ``reconstruction``, ``kl`` (before beta), all scalars, 0 is
        best.
    """
    # sums of 32,768 terms overflow half precision
    recon_x, mu, log_var = recon_x.float(), mu.float(), log_var.float()
    size = x[0].numel()
    reconstruction = squared_error(recon_x, x).mean() / size
    kl = kl_per_dimension(mu, log_var).sum(1).mean()
    if scaling == "normalised":
        kl = kl / size
    return {"total": reconstruction + beta * kl, "reconstruction": reconstruction, "kl": kl}


def collapse_figures(mu: Tensor, log_var: Tensor, threshold: float = 0.01) -> dict:
    """Return figures of the use of the latent space, which reveal a posterior that collapsed onto the prior.

    Returns
    -------
    dict
        ``active_units``: dimensions whose mean varies over examples by more than ``threshold`` (variance;
        Burda et al. 2016, Section 5.2), of ``latent_dim``; ``effective_rank`` of the means, which is low
        where they all vary together (:func:`core.scoring.quality.representation_metrics.effective_rank`);
        ``kl_per_dimension``: list of nats, largest first.
    """
    variance = mu.var(0, unbiased=False)
    nats = kl_per_dimension(mu, log_var).mean(0)
    return {
        "active_units": int((variance > threshold).sum()),
        "latent_dim": mu.shape[1],
        "effective_rank": round(effective_rank(mu.detach().cpu().numpy()), 2),
        "kl_per_dimension": [round(v, 5) for v in sorted(nats.tolist(), reverse=True)],
    }
