"""A latent space that is hardly used, said in words: how much of it carries something, and what to do where little does.

Two kinds of figures are read, those of a checkpoint's ``figures``:

- a variational model's ``active_units``, ``latent_dim`` and ``kl_per_dimension``
  (:func:`core.models.vae.elbo.collapse_figures`): where the prior weighs too much, the posterior collapses onto
  it and a latent says the same of every track;
- ``spread`` and ``effective_rank`` (:mod:`core.models.contrastive.clip_views`) of a model that learns from two views of a
  clip: it can meet its aim by giving every clip the same vector.
"""

LEAST_SHARE = 0.5
"""Share of latents in use below which something is said."""
LEAST_SPREAD = 0.1
LEAST_RANK = 4.0
"""Directions below which something is said: fewer can't tell more than a handful of kinds of music apart."""


def use_in_words(figures: dict) -> str:
    """Say how much of the latent space is in use, "" where nothing is known of it."""
    if "active_units" in figures:
        return f"{figures['active_units']} of {figures['latent_dim']} latents in use"
    if figures.get("effective_rank") is not None:
        return f"latents spread over {figures['effective_rank']:.3g} directions"
    return ""


def warn_of_collapse(figures: dict, config: dict) -> str:
    """Say that hardly any latent is in use, what follows from it and what helps; "" where all is well.

    Parameters
    ----------
    figures : dict
        As a checkpoint keeps them; {} where a model has none.
    config : dict
        The model's settings, which the advice is about.
    """
    if "active_units" in figures:
        return _warn_of_posterior(figures["active_units"], figures["latent_dim"], config)
    if figures.get("effective_rank") is not None and figures.get("spread") is not None:
        return _warn_of_views(figures["spread"], figures["effective_rank"], config)
    return ""


def _warn_of_posterior(active: int, latent_dim: int, config: dict) -> str:
    """Posterior collapse of a variational model."""
    if active >= LEAST_SHARE * latent_dim:
        return ""
    helps = []
    if config.get("scaling") == "as-published":
        helps.append(
            "scaling=normalised (as-published makes the prior weigh as many times more as the input has "
            "numbers)"
        )
    if config.get("beta"):
        helps.append(f"a lower beta (it was {config['beta']:g})")
    if active:
        helps.append(f"fewer latents (latent_dim={max(2, active)})")
    advice = f" Train it again with {_or(helps)}." if helps else ""
    if not active:
        return (
            f"None of the {latent_dim} latents is in use: the posterior has collapsed onto the prior. All "
            "tracks lie at nearly the same "
            "place; maps and clusters blow up what tiny differences are left, and are not to be relied "
            f"on.{advice}"
        )
    return (
        f"Only {active} of {latent_dim} latents {'is' if active == 1 else 'are'} in use: the posterior of "
        "the others has collapsed onto "
        "the prior. Clustering gives every dimension the same weight, so those that carry nothing add "
        f"noise to it.{advice}"
    )


def _warn_of_views(spread: float, rank: float, config: dict) -> str:
    """Collapsed representations of a model that learns from two views."""
    if spread >= LEAST_SPREAD and rank >= LEAST_RANK:
        return ""
    what = (
        "Every track gets nearly the same latents: the model met its aim by calling all clips alike."
        if spread < LEAST_SPREAD
        else f"The latents spread over {rank:.2g} directions only, too few to tell more than a handful of "
        "kinds of music apart."
    )
    helps = [
        "more epochs",
        "a larger batch_size",
        "a lower lr",
        "stronger augmentation (longer masks, more noise, a larger shift)",
    ]
    if "temperature" in config:
        helps.insert(1, f"a lower temperature (it was {config['temperature']:g})")
    return f"{what} Train it again with {_or(helps)}."


def _or(options: list[str]) -> str:
    """Join options: "a, b or c"."""
    return " or ".join(part for part in (", ".join(options[:-1]), options[-1]) if part)
