"""Sentences about how much of a model's latent space is in use."""

from core.models.collapse import LEAST_SPREAD, find_collapse


def describe_latent_use(figures: dict) -> str:
    """Describe how much of the latent space is in use; "" where that is unknown."""
    if "active_units" in figures:
        used = f"{figures['active_units']} of {figures['latent_dim']} latents in use"
        rank = figures.get("effective_rank")
        return used if rank is None else f"{used}, effective rank {rank:.3g}"
    if figures.get("effective_rank") is not None:
        return f"effective rank of the latents {figures['effective_rank']:.3g}"
    return ""


def describe_collapse(figures: dict, config: dict) -> str:
    """Describe collapsed latents, their consequence and the settings that help; "" where nothing collapsed.

    Parameters
    ----------
    figures : dict
        The ``figures`` of a checkpoint; {} where a model has none.
    config : dict
        The model's settings, to which the advice refers.
    """
    kind = find_collapse(figures)
    if kind == "posterior":
        return _describe_posterior(figures["active_units"], figures["latent_dim"], config)
    if kind == "rank":
        return _describe_rank(figures, config)
    if kind == "views":
        return _describe_views(figures["spread"], figures["effective_rank"], config)
    return ""


def _describe_posterior(active: int, latent_dim: int, config: dict) -> str:
    """Describe the posterior collapse of a variational model."""
    helps = [
        "scaling=normalised (as-published multiplies the weight of the KL term by the input's size)"
        if config.get("scaling") == "as-published"
        else "",
        f"a lower beta (it was {config['beta']:g})" if config.get("beta") else "",
        f"fewer latents (latent_dim={max(2, active)})" if active else "",
    ]
    helps = [text for text in helps if text]
    advice = f" Train it again with {_or(helps)}." if helps else ""
    if not active:
        return (
            f"None of the {latent_dim} latents is in use: the posterior has collapsed onto the prior. All "
            "tracks have nearly the same latents; maps and clusters of them show noise and are not "
            f"reliable.{advice}"
        )
    return (
        f"Only {active} of {latent_dim} latents {'is' if active == 1 else 'are'} in use: the posterior of "
        "the others has collapsed onto the prior. Clustering weights all dimensions equally, so unused ones "
        f"add noise.{advice}"
    )


def _describe_rank(figures: dict, config: dict) -> str:
    """Describe latents that all vary, but together."""
    helps = ["more epochs", *([f"a lower beta (it was {config['beta']:g})"] if config.get("beta") else [])]
    return (
        f"{figures['active_units']} of {figures['latent_dim']} latents vary, but together: the effective "
        f"rank is only {figures['effective_rank']:.2g}. The representation has collapsed: nearly all "
        "variance is along one direction, and maps and clusters show little else. Train it again with "
        f"{_or(helps)}."
    )


def _describe_views(spread: float, rank: float, config: dict) -> str:
    """Describe the collapsed representations of a self-supervised model of two views."""
    what = (
        "All tracks have nearly the same latents: the representation has collapsed."
        if spread < LEAST_SPREAD
        else f"The effective rank of the latents is only {rank:.2g}: too few dimensions vary to separate "
        "more than a handful of styles."
    )
    helps = [
        "more epochs",
        *([f"a lower temperature (it was {config['temperature']:g})"] if "temperature" in config else []),
        "a larger batch_size",
        "a lower lr",
        "stronger augmentation (longer masks, more noise, a larger shift)",
    ]
    return f"{what} Train it again with {_or(helps)}."


def _or(options: list[str]) -> str:
    """Join options: "a, b or c"."""
    return " or ".join(part for part in (", ".join(options[:-1]), options[-1]) if part)
