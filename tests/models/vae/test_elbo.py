import math

import pytest
import torch

from core.models.vae.elbo import collapse_figures, elbo_loss, kl_per_dimension, reparameterise, squared_error


def batch(n=5, shape=(3, 4), d=2, seed=0):
    g = torch.Generator().manual_seed(seed)
    return [torch.randn(size, generator=g) for size in ((n, *shape), (n, *shape), (n, d), (n, d))]


def slow_terms(recon_x, x, mu, log_var):
    """Transcribed from the formulas, one number at a time; means over the batch of R and KL."""
    n, R, KL = len(x), 0.0, 0.0
    for i in range(n):
        for a, b in zip(recon_x[i].flatten().tolist(), x[i].flatten().tolist()):
            R += (a - b) ** 2
        for m, v in zip(mu[i].tolist(), log_var[i].tolist()):
            KL += -0.5 * (1 + v - m**2 - math.exp(v))
    return R / n, KL / n


@pytest.mark.parametrize("scaling", ["normalised", "as-published"])
def test_loss_equals_slow_transcription(scaling):
    recon_x, x, mu, log_var = batch()
    R, KL = slow_terms(recon_x, x, mu, log_var)
    parts = elbo_loss(recon_x, x, mu, log_var, beta=0.5, scaling=scaling)
    kl = KL / 12 if scaling == "normalised" else KL
    assert parts["reconstruction"].item() == pytest.approx(R / 12, rel=1e-5)
    assert parts["kl"].item() == pytest.approx(kl, rel=1e-5)
    assert parts["total"].item() == pytest.approx(R / 12 + 0.5 * kl, rel=1e-5)


def test_as_published_is_normalised_with_beta_times_the_input_size():
    args = batch()
    published = elbo_loss(*args, beta=2.0, scaling="as-published")["total"]
    assert published.item() == pytest.approx(
        elbo_loss(*args, beta=24.0, scaling="normalised")["total"].item(), rel=1e-6
    )


def test_kl_equals_closed_form_and_is_zero_at_the_prior():
    _, _, mu, log_var = batch()
    q = torch.distributions.Normal(mu, (0.5 * log_var).exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    torch.testing.assert_close(kl_per_dimension(mu, log_var), torch.distributions.kl_divergence(q, p))
    assert (kl_per_dimension(torch.zeros(3, 2), torch.zeros(3, 2)) == 0).all()


def test_squared_error_is_symmetric_and_zero_for_equal_inputs():
    a, b, *_ = batch()
    torch.testing.assert_close(squared_error(a, b), squared_error(b, a))
    assert (squared_error(a, a) == 0).all() and squared_error(a, b).shape == (5,)


def test_gradients_are_finite_for_every_input():
    args = [t.requires_grad_() for t in batch()]
    elbo_loss(*args, beta=1.0, scaling="normalised")["total"].backward()
    assert all(t.grad.isfinite().all() and t.grad.abs().sum() > 0 for t in args)


def test_terms_of_large_half_precision_inputs_do_not_overflow():
    x = torch.full((1, 128, 256), 4.0, dtype=torch.float16)
    parts = elbo_loss(-x, x, torch.zeros(1, 2), torch.zeros(1, 2), beta=1.0, scaling="normalised")
    assert parts["reconstruction"].item() == pytest.approx(64.0)


def test_reparameterised_samples_have_the_mean_and_deviation_asked_for():
    torch.manual_seed(0)
    z = reparameterise(torch.full((20_000, 1), 3.0), torch.full((20_000, 1), math.log(0.25)))
    assert z.mean().item() == pytest.approx(3.0, abs=0.02) and z.std().item() == pytest.approx(0.5, abs=0.02)


def test_collapse_figures_tell_a_used_dimension_from_a_collapsed_one():
    mu = torch.stack([torch.linspace(-2, 2, 50), torch.zeros(50)], 1)
    figures = collapse_figures(mu, torch.zeros(50, 2))
    assert figures["active_units"] == 1 and figures["latent_dim"] == 2
    assert figures["kl_per_dimension"][0] > 0.1 and figures["kl_per_dimension"][1] == 0


def test_active_units_miss_a_collapse_onto_one_direction_and_the_effective_rank_shows_it():
    from core.messages.latent_messages import describe_collapse

    torch.manual_seed(0)
    healthy = collapse_figures(torch.randn(200, 32), torch.zeros(200, 32))
    mu = torch.randn(200, 1) @ (0.5 + torch.rand(1, 32)) + 0.02 * torch.randn(200, 32)
    figures = collapse_figures(mu, torch.zeros(200, 32))
    assert figures["active_units"] == healthy["active_units"] == 32  # the control sees no difference
    assert figures["effective_rank"] < 1.1 and 25 < healthy["effective_rank"] <= 32
    assert describe_collapse(healthy, {}) == ""
    said = describe_collapse(figures, {"beta": 1.0})
    assert said.startswith("32 of 32 latents vary, but together: the effective rank is only 1")
    assert "The representation has collapsed" in said and "more epochs or a lower beta (it was 1)" in said
