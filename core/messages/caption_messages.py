"""An estimate and a result of captioning in plain words, for terminals and pages."""

from collections import Counter

from core.captioning.caption_collection import estimate_captions, get_captioner
from core.errors import ConfigError


def check_agreed(collection: str, captioner: str, replace: bool, genre: str | None, agreed: bool) -> str:
    """Refuse to send data or spend money before the user has agreed to the estimate.

    Returns
    -------
    str
        What it takes, to be shown before it begins; "" where nothing would be asked of anybody.

    Raises
    ------
    ConfigError
        With the estimate, where it was not agreed to.
    """
    if not get_captioner(captioner).costs:
        return ""
    estimate = estimate_captions(collection, captioner, replace, genre)
    if not estimate["n_to_write"]:
        return ""
    told = " ".join(estimate_in_words(estimate))
    if not agreed:
        raise ConfigError(f"{told} Run it again with --yes to begin.")
    return told


def estimate_in_words(estimate: dict) -> list[str]:
    """Say what would be written, what it takes, what leaves the machine, and which tracks take no part."""
    n = estimate["n_to_write"]
    lines = [
        f"{_tracks(n)} would get a caption by {writer_in_words(estimate['caption_from'])}" + _taking(estimate)
        if n
        else "No caption is left to write"
    ]
    if n and estimate["sends"]:
        lines.append(estimate["sends"])
    if estimate["n_kept"]:
        lines.append(f"{_tracks(estimate['n_kept'])} were answered before and cost nothing")
    if estimate["n_from_source"]:
        lines.append(f"{_tracks(estimate['n_from_source'])} came with a caption, which stays")
    if estimate["n_written_before"]:
        before = f"{_tracks(estimate['n_written_before'])} have a caption that was written here before"
        lines.append(before + (", which gives way where a new one comes" if estimate["replace"] else ""))
    lines += [f"{_tracks(count)} left out: {reason}" for reason, count in estimate["left_out"].items()]
    if n:
        lines.append(estimate["genre"])
    return [line if line.endswith(".") else f"{line}." for line in lines]


def written_in_words(result: dict) -> str:
    """Say what was written and what was not."""
    parts = [f"{_tracks(result['n_written'])} got a caption by {writer_in_words(result['caption_from'])}"]
    if result["n_kept"]:
        parts.append(f"{_tracks(result['n_kept'])} got one that was written before")
    if result.get("prompt_tokens"):
        spent = f"{result['prompt_tokens']:,} tokens were sent and {result['completion_tokens']:,} came back"
        parts.append(spent + (f", about {money(result['cost'])}" if result.get("cost") is not None else ""))
    if result["unheard"]:
        parts.append(f"the sound of {_tracks(len(result['unheard']))} could not be used, only the words")
    parts += [
        f"{_tracks(count)} left out: {reason}"
        for reason, count in Counter(result["left_out"].values()).most_common(5)
    ]
    return "; ".join(parts) + "."


def writer_in_words(caption_from: str) -> str:
    """Name who wrote a caption, as it stands in a sentence."""
    offline, _, means = caption_from.partition(": ")
    return f"the offline captioner ({means})" if offline == "offline" else caption_from


def money(cost: float) -> str:
    """Say an amount in the currency of the prices that were set."""
    return (
        f"{cost:,.2f} in the currency of your prices"
        if cost >= 0.005 or not cost
        else "less than 0.01 in the currency of your prices"
    )


def _taking(estimate: dict) -> str:
    """Say what the writing takes: seconds, or tokens and their cost."""
    if "prompt_tokens" in estimate:
        tokens = (
            f": about {estimate['prompt_tokens']:,} tokens to send and "
            f"{estimate['completion_tokens']:,} to come back"
        )
        cost = estimate["cost"]
        return tokens + (
            f", about {money(cost)}"
            if cost is not None
            else "; set SONGSCAPE_CAPTION_PRICE_IN and _OUT per million tokens to see the cost"
        )
    seconds = estimate["seconds"]
    return f": about {seconds / 60:.0f} minutes" if seconds >= 90 else f": about {max(1, round(seconds))} s"


def _tracks(n: int) -> str:
    """Count tracks."""
    return f"{n:,} track{'' if n == 1 else 's'}"
