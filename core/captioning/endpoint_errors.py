"""What an endpoint's refusal means: try again after a pause, leave this track, or stop the whole."""

from core.errors import CaptionError, ConfigError, SongscapeError

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
PASSING = (408, 409, 429)
"""Statuses, besides 5xx, that another try may not meet again."""


def stopping_reason(error: Exception, endpoint, is_last: bool) -> SongscapeError | None:
    """Return the error that stops everything, None where the refusal concerns one track or one moment.

    Parameters
    ----------
    is_last : bool
        Whether no other try follows; then even a connection that could not be made stops the whole.
    """
    import openai

    host, status, code = (
        endpoint.host,
        getattr(error, "status_code", None),
        str(getattr(error, "code", "") or ""),
    )
    if isinstance(error, openai.APIConnectionError):
        if not is_last or isinstance(error, openai.APITimeoutError):
            return None
        return CaptionError(
            f"{host} can't be reached; is OPENAI_BASE_URL={endpoint.base_url!r} right, and does the server "
            "run?"
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
            f"{host} knows no model {endpoint.model!r}, or its address is another one (status {status}); "
            "look at SONGSCAPE_CAPTION_MODEL, and at "
            f"OPENAI_BASE_URL={endpoint.base_url!r}, which usually ends in /v1"
        )
    if status == 402 or code == "insufficient_quota":
        return CaptionError(f"the account at {host} is out of credit; what was written so far is kept")
    return None


def passing_pause(error: Exception, attempt: int) -> float | None:
    """Return the seconds to wait before the next try, None where another try would meet the same refusal.

    The server's own word (the header retry-after) goes first; else the pause doubles from half a second.
    """
    import openai

    status = getattr(error, "status_code", None)
    if not isinstance(error, openai.APIConnectionError) and not (status in PASSING or (status or 0) >= 500):
        return None
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:  # not said, or said as a date
        return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempt)


def server_words(error: Exception, secret: str) -> str:
    """Return what a server says against a request, on one line and without the key, which some repeat."""
    said = " ".join(str(error).split())
    return (said.replace(secret, "…") if len(secret) > 4 else said)[:200]
