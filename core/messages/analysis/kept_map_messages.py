"""Sentences about a kept map: its version, how much of it was placed, and whether a new fit is due."""


def describe_kept(status: dict, by: str = "--fit-anew") -> str:
    """Describe the status of :class:`core.pipeline.kept_map.KeptMap`; ``by`` names what fits it anew.

    >>> status = {"version": 2, "n_fitted": 90, "n_placed": 10, "n_gone": 0, "share_placed": 0.1, "due": ""}
    >>> describe_kept(status)
    'Map version 2: 10 of 100 tracks (10 %) were placed since its fit.'
    """
    n = status["n_fitted"] + status["n_placed"]
    placed = (
        f"{status['n_placed']:,} of {n:,} tracks ({100 * status['share_placed']:.0f} %) were placed since "
        "its fit"
        if status["n_placed"]
        else "all tracks were fitted"
    )
    gone = f"; {status['n_gone']:,} fitted tracks are no longer there" if status["n_gone"] else ""
    return f"Map version {status['version']}: {placed}{gone}.{_describe_due(status, by)}"


def _describe_due(status: dict, by: str) -> str:
    """Say why a new fit is due, "" if it isn't."""
    if status["due"] == "placed":
        return f" A new fit is due ({by}): more than a fifth of the tracks were placed."
    if status["due"] == "trust":
        return (
            f" A new fit is due ({by}): trustworthiness fell from {status['trust_at_fit']:.3f} to "
            f"{status['trust']:.3f}."
        )
    return ""
