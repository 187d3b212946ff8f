"""Settings of the endpoint captioner, from environment variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from core.errors import ConfigError

OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True)
class EndpointSettings:
    """Address, model and limits of a server with OpenAI's chat completions API.

    Attributes
    ----------
    model : str
    base_url : str
        Address of the API, which usually ends in /v1.
    api_key : str
        Never stored; local servers accept any.
    concurrency : int
        Concurrent requests.
    price_in, price_out : float or None
        Per million prompt and completion tokens, in any currency.
    attempts : int
        Maximum requests per track.
    """

    model: str
    base_url: str = OPENAI
    api_key: str = field(default="none", repr=False)
    concurrency: int = 4
    price_in: float | None = None
    price_out: float | None = None
    attempts: int = 6

    def __post_init__(self):
        if urlsplit(self.base_url).scheme not in ("http", "https") or not urlsplit(self.base_url).hostname:
            raise ConfigError(
                f"OPENAI_BASE_URL={self.base_url!r} must be an address such as http://127.0.0.1:8000/v1"
            )
        if not 1 <= self.concurrency <= 64:
            raise ConfigError(f"SONGSCAPE_CAPTION_CONCURRENCY={self.concurrency} must lie between 1 and 64")
        for name, price in (("IN", self.price_in), ("OUT", self.price_out)):
            if price is not None and not 0 <= price < float("inf"):
                raise ConfigError(
                    f"SONGSCAPE_CAPTION_PRICE_{name}={price} must be 0 or more, per million tokens"
                )
        if (self.price_in is None) != (self.price_out is None):
            raise ConfigError(
                "set both SONGSCAPE_CAPTION_PRICE_IN and SONGSCAPE_CAPTION_PRICE_OUT, per million tokens, "
                "or neither"
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read address, key, model, concurrency and prices.

        Raises
        ------
        ConfigError
            When the model, or both key and address, are not set, or a number is invalid.
        """
        base_url, api_key, model = (
            environment.get(name, "").strip()
            for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "SONGSCAPE_CAPTION_MODEL")
        )
        missing = [] if model else ["SONGSCAPE_CAPTION_MODEL (the model's name)"]
        if not (api_key or base_url):
            missing.append(
                "OPENAI_API_KEY (for OpenAI) or OPENAI_BASE_URL (any other server with its chat completions "
                "API)"
            )
        if missing:
            raise ConfigError(
                f"no language model is configured to write captions; set {' and '.join(missing)} before you "
                "start Songscape"
            )
        return cls(
            model=model,
            base_url=base_url or OPENAI,
            api_key=api_key or "none",
            concurrency=_read_number(environment, "SONGSCAPE_CAPTION_CONCURRENCY", int, cls.concurrency),
            price_in=_read_number(environment, "SONGSCAPE_CAPTION_PRICE_IN", float),
            price_out=_read_number(environment, "SONGSCAPE_CAPTION_PRICE_OUT", float),
        )

    @property
    def host(self) -> str:
        """Host and port of the server, without credentials in its address."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2]

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """Return the cost of tokens, None where no prices are set."""
        if self.price_in is None or self.price_out is None:
            return None
        return (prompt_tokens * self.price_in + completion_tokens * self.price_out) / 1e6


def _read_number(environment: Mapping[str, str], name: str, kind: type, default=None):
    """Read a number, the default where it is not set."""
    text = environment.get(name, "").strip()
    try:
        return kind(text) if text else default
    except ValueError:
        raise ConfigError(f"{name}={text!r} must be a number") from None
