"""The contract of a captioner, and the registry of captioners."""

from collections.abc import Callable
from typing import Protocol

from core.captioning.caption_input import Song
from core.collection import Collection
from core.errors import ConfigError
from core.progress import Progress, silent

OnCaption = Callable[..., None]
"""``on_caption(song, caption=… or reason=…, tokens=(prompt, completion))``, called by several threads."""


class Captioner(Protocol):
    """Writes captions.

    Attributes
    ----------
    name : str
    caption_from : str
        Recorded as the source of its captions.
    sends : str
        Sentence that names the data sent to other machines; "" where nothing is sent.
    costs : bool
        Whether it may cost money and therefore needs consent.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def caption_from(self) -> str: ...  # noqa: D102
    @property
    def sends(self) -> str: ...  # noqa: D102
    @property
    def costs(self) -> bool: ...  # noqa: D102

    def key(self, song: Song) -> str:
        """Return the key that a song's caption is cached under."""

    def missing_reason(self, song: Song, has_audio: bool) -> str:
        """Return the reason why a song can't be captioned, "" where it can."""

    def estimate(self, collection: Collection, songs: list[Song]) -> dict:
        """Estimate the time, or the tokens and cost, of captioning songs."""

    def prepare(
        self, collection: Collection, songs: list[Song], progress: Progress = silent
    ) -> tuple[list[Song], dict[str, str]]:
        """Complete the songs; return them and the reason by track id for unusable audio."""

    def write(self, songs: list[Song], on_caption: OnCaption, progress: Progress = silent) -> None:
        """Write captions and report each to ``on_caption``."""

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """Return the cost of tokens, None where no prices are set."""


def _offline() -> Captioner:
    from core.captioning.offline import Offline

    return Offline()


def _endpoint() -> Captioner:
    from core.captioning.endpoint import Endpoint

    return Endpoint.from_environment()


CAPTIONERS: dict[str, Callable[[], Captioner]] = {"offline": _offline, "endpoint": _endpoint}
"""Captioners by name; the endpoint is configured by environment variables."""


def get_captioner(name: str) -> Captioner:
    """Return a captioner.

    Raises
    ------
    ConfigError
        When there is none of that name, or environment variables that it needs are not set.
    """
    if name not in CAPTIONERS:
        raise ConfigError(f"there is no captioner {name!r}; choose from {', '.join(CAPTIONERS)}")
    return CAPTIONERS[name]()
