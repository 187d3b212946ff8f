"""Errors of a chat completions endpoint: transient, of one track, or fatal."""

from core.captioning.endpoint_settings import EndpointSettings
from core.errors import CaptionError, ConfigError, SongscapeError

FIRST_DELAY_S, MAX_BACKOFF_S = 0.5, 30.0
TRANSIENT = (408, 409, 429)
"""Status codes, besides 5xx, that are retried."""


def fatal_error(error: Exception, endpoint: EndpointSettings, is_last: bool) -> SongscapeError | None:
    """Return the error that aborts the run; None for errors of one track or transient ones.

    Parameters
    ----------
    is_last : bool
        Whether this is the last attempt; then a failed connection is fatal.
    """
    import openai

    host, status = endpoint.host, getattr(error, "status_code", None)
    code = str(getattr(error, "code", "") or "")
    if isinstance(error, openai.APIConnectionError):
        if not is_last or isinstance(error, openai.APITimeoutError):
            return None
        return CaptionError(
            f"{host} can't be reached; is OPENAI_BASE_URL={endpoint.base_url!r} right, and is the server "
            "running?"
        )
    if status in (401, 403):
        return ConfigError(
            f"{host} refuses the key (status {status}); set OPENAI_API_KEY to one that may use "
            f"{endpoint.model!r}"
        )
    if status == 404 or (
        status == 400
        and (code in ("model_not_found", "invalid_model") or getattr(error, "param", None) == "model")
    ):
        return ConfigError(
            f"{host} knows no model {endpoint.model!r}, or its address is wrong (status {status}); check "
            f"SONGSCAPE_CAPTION_MODEL and OPENAI_BASE_URL={endpoint.base_url!r}, which usually ends in /v1"
        )
    if status == 402 or code == "insufficient_quota":
        return CaptionError(f"the account at {host} is out of credit; captions written so far are saved")
    return None


def retry_delay(error: Exception, attempt: int) -> float | None:
    """Return the seconds before the next attempt, None where a retry is pointless.

    The retry-after header takes precedence; else exponential backoff from half a second.
    """
    import openai

    status = getattr(error, "status_code", None)
    if not isinstance(error, openai.APIConnectionError) and not (status in TRANSIENT or (status or 0) >= 500):
        return None
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:  # absent, or a date
        return min(MAX_BACKOFF_S, FIRST_DELAY_S * 2**attempt)


def error_message(error: Exception, secret: str) -> str:
    """Return a server's error message on one line, with the key masked, which some servers echo."""
    message = " ".join(str(error).split())
    return (message.replace(secret, "…") if len(secret) > 4 else message)[:200]
