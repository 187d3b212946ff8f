"""What is said of a latent space that is hardly used."""

import pytest

from core.models.collapse import use_in_words, warn_of_collapse

BETA = {"beta": 8.0, "scaling": "normalised", "latent_dim": 16}


def posterior(active, latent_dim=16):
    return {"active_units": active, "latent_dim": latent_dim, "kl_per_dimension": [0.1] * latent_dim}


@pytest.mark.parametrize("active", [8, 12, 16])
def test_half_the_latents_in_use_are_enough(active):
    assert (
        warn_of_collapse(posterior(active), BETA) == ""
        and use_in_words(posterior(active)) == f"{active} of 16 latents in use"
    )


def test_few_latents_in_use_are_counted_with_what_helps():
    said = warn_of_collapse(posterior(7), BETA)
    assert said.startswith("Only 7 of 16 latents are in use")
    assert "a lower beta (it was 8) or fewer latents (latent_dim=7)" in said and "scaling" not in said
    assert warn_of_collapse(posterior(1), BETA).startswith("Only 1 of 16 latents is in use")


def test_none_in_use_says_not_to_rely_on_the_map():
    said = warn_of_collapse(posterior(0), {**BETA, "scaling": "as-published"})
    assert said.startswith("None of the 16 latents is in use") and "not to be relied on" in said
    assert "scaling=normalised" in said and "a lower beta (it was 8)" in said and "fewer latents" not in said


def test_no_weight_on_the_prior_can_not_be_lowered():
    assert "beta" not in warn_of_collapse(posterior(0), {"beta": 0.0})


def test_views_that_all_look_alike_are_said_so():
    well = {"spread": 0.7, "effective_rank": 20.0, "latent_dim": 128}
    assert warn_of_collapse(well, {}) == "" and use_in_words(well) == "latents spread over 20 directions"
    assert "calling all clips alike" in warn_of_collapse({**well, "spread": 0.01}, {"temperature": 0.5})
    few = warn_of_collapse({**well, "effective_rank": 2.0}, {"temperature": 0.5})
    assert "over 2 directions only" in few and "a lower temperature (it was 0.5)" in few
    assert "temperature" not in warn_of_collapse({**well, "effective_rank": 2.0}, {})


def test_models_without_such_figures_are_left_alone():
    assert warn_of_collapse({}, BETA) == use_in_words({}) == ""
    assert warn_of_collapse({"explained_variance_ratio": [0.5]}, BETA) == ""
