"""The map as one HTML file that opens from disk, without Songscape and without a network."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from core.audio.excerpt_clip import clip_bytes, make_clip
from core.config import Config, setting
from core.errors import AudioError
from core.export.page.assemble import STYLES, page_script, write_page
from core.export.page.page_data import page_data
from core.export.taken import Taken
from core.pipeline.layouts import chain_weights
from core.progress import Progress

BASE64 = 4 / 3
PER_TRACK = 40
"""Bytes of a track beside its texts, its positions and its excerpt."""


@dataclass(frozen=True)
class HtmlMap(Config):
    """The map with its tracks, clusters, scores and excerpts in one HTML file."""

    seconds: float = setting(
        6.0,
        title="Seconds",
        help="Length of the excerpts, from the middle of each track; 0 for a map without sound.",
        low=0,
        high=30,
    )

    def estimate(self, taken: Taken) -> int:
        """Return about how many bytes the file has."""
        tracks = taken.tracks
        n = len(tracks)
        steps = len(chain_weights(len(taken.labels))) if taken.has_weights else 0
        texts = sum(int(tracks[name].str.len().sum()) for name in ("title", "artist", "label"))
        durations = tracks["duration_s"][tracks["path"] != ""] if self.seconds else []
        clips = sum(clip_bytes(duration, self.seconds) * BASE64 + 60 for duration in durations)
        fixed = len(page_script()) + sum(file.stat().st_size for file in STYLES) + 12_000
        return round(fixed + texts + n * (PER_TRACK + 8 * BASE64 * (steps + 1)) + clips)

    def write(self, taken: Taken, out: Path, progress: Progress) -> list[str]:
        """Write the page; a track whose audio can't be read stays on the map, without an excerpt."""
        paths = taken.tracks["path"].tolist()
        with_audio = [number for number, path in enumerate(paths) if path and self.seconds]
        data = page_data(taken, progress, has_clips=bool(with_audio))
        write_page(out, data, self._clips(paths, with_audio, progress))
        return []

    def _clips(
        self, paths: list[str], with_audio: list[int], progress: Progress
    ) -> Iterator[tuple[int, bytes]]:
        """Yield the excerpts of the tracks that can be read; threads decode, which releases the GIL."""

        def make(number: int) -> bytes | None:
            try:
                return make_clip(paths[number], self.seconds).read_bytes()
            except AudioError:
                return None

        with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as threads:
            try:
                for done, (number, clip) in enumerate(zip(with_audio, threads.map(make, with_audio))):
                    progress(done, len(with_audio), "cutting excerpts")
                    if clip is not None:
                        yield number, clip
            finally:
                threads.shutdown(wait=True, cancel_futures=True)
