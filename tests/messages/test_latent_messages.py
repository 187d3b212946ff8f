"""Sentences about the use of a latent space."""

import pytest

from core.messages.latent_messages import describe_collapse, describe_latent_use

BETA = {"beta": 8.0, "scaling": "normalised", "latent_dim": 16}


def posterior(active, latent_dim=16):
    return {"active_units": active, "latent_dim": latent_dim, "kl_per_dimension": [0.1] * latent_dim}


@pytest.mark.parametrize("active", [8, 12, 16])
def test_half_the_latents_in_use_are_enough(active):
    assert (
        describe_collapse(posterior(active), BETA) == ""
        and describe_latent_use(posterior(active)) == f"{active} of 16 latents in use"
    )


def test_few_active_latents_are_counted_with_advice():
    said = describe_collapse(posterior(7), BETA)
    assert said.startswith("Only 7 of 16 latents are in use")
    assert "a lower beta (it was 8) or fewer latents (latent_dim=7)" in said and "scaling" not in said
    assert describe_collapse(posterior(1), BETA).startswith("Only 1 of 16 latents is in use")


def test_no_active_latents_make_maps_unreliable():
    said = describe_collapse(posterior(0), {**BETA, "scaling": "as-published"})
    assert said.startswith("None of the 16 latents is in use") and "not reliable" in said
    assert "scaling=normalised" in said and "a lower beta (it was 8)" in said and "fewer latents" not in said


def test_a_beta_of_zero_is_no_advice():
    assert "beta" not in describe_collapse(posterior(0), {"beta": 0.0})


def test_the_effective_rank_of_a_posterior_is_described():
    few = {**posterior(16), "effective_rank": 1.2}
    assert describe_latent_use(few) == "16 of 16 latents in use, effective rank 1.2"
    assert "vary, but together: the effective rank is only 1.2" in describe_collapse(few, BETA)
    for well in ({**few, "effective_rank": 2.0}, {**few, "effective_rank": None}, {**few, "latent_dim": 4}):
        assert describe_collapse(well, BETA) == ""


def test_collapsed_views_are_reported():
    well = {"spread": 0.7, "effective_rank": 20.0, "latent_dim": 128}
    assert describe_collapse(well, {}) == ""
    assert describe_latent_use(well) == "effective rank of the latents 20"
    assert "representation has collapsed" in describe_collapse({**well, "spread": 0.01}, {"temperature": 0.5})
    few = describe_collapse({**well, "effective_rank": 1.9}, {"temperature": 0.5})
    assert "only 1.9: too few dimensions" in few and "a lower temperature (it was 0.5)" in few
    assert "temperature" not in describe_collapse({**well, "effective_rank": 1.9}, {})
    for enough in ({**well, "effective_rank": 2.0}, {**well, "effective_rank": 1.9, "latent_dim": 4}):
        assert describe_collapse(enough, {}) == ""


def test_models_without_such_figures_are_left_alone():
    assert describe_collapse({}, BETA) == describe_latent_use({}) == ""
    assert describe_collapse({"explained_variance_ratio": [0.5]}, BETA) == ""
