"""Consent before captioning sends data to another machine or costs money."""

from core.captioning import estimate_captions, get_captioner
from core.errors import ConfigError
from core.messages.caption_messages import describe_estimate


def check_consent(
    collection: str, captioner: str, *, replace: bool, genre: str | None, has_consent: bool
) -> str:
    """Return the estimate to show before a run that sends data or costs money, "" where none is needed.

    Raises
    ------
    ConfigError
        With the estimate, without consent.
    """
    if not get_captioner(captioner).costs:
        return ""
    estimate = estimate_captions(collection, captioner, replace, genre)
    if not estimate["n_to_write"]:
        return ""
    description = " ".join(describe_estimate(estimate))
    if not has_consent:
        raise ConfigError(f"{description} Run it again with --yes to begin.")
    return description
