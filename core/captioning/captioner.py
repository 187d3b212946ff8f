"""The contract of a captioner."""

from collections.abc import Callable
from typing import Protocol

from core.captioning.caption_input import Song
from core.collection import Collection
from core.progress import Progress, silent

OnCaption = Callable[..., None]
"""``on_caption(song, caption=… or reason=…, tokens=(prompt, completion))``, called by several threads."""


class Captioner(Protocol):
    """Writes captions."""

    @property
    def name(self) -> str:
        """Name in the registry."""

    @property
    def caption_from(self) -> str:
        """Source recorded with its captions."""

    @property
    def sends_to(self) -> str:
        """Host that lyrics and genres are sent to; "" where nothing is sent."""

    @property
    def costs(self) -> bool:
        """Whether it may cost money and therefore needs consent."""

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
