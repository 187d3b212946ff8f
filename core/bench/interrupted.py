"""Benchmark: an extraction that is interrupted again and again by kill -9.

The command ``python -m core.bench.interrupted LOG`` extracts, and notes each track that it begins in the log.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from core.bench.temporary_store import temporary_store
from core.progress import Progress, silent

N_FILES, N_KILLS = 20_000, 10
SR, SECONDS = 8_000, 0.25
NAME, EXTRACTOR = "interrupted", "mfcc"
ROOT = Path(__file__).resolve().parents[2]
POLL_S, LIMIT_S = 0.005, 900.0


def measure_interruptions(
    progress: Progress = silent, n_files: int | None = None, n_kills: int | None = None, seed: int = 0
) -> dict[str, int]:
    """Return what kills of an extraction cost.

    Parameters
    ----------
    n_files, n_kills : int, optional
        By default :data:`N_FILES` short files and :data:`N_KILLS`, at random moments over the whole of them.

    Returns
    -------
    dict
        ``interrupted_files`` and ``interrupted_kills``; ``interrupted_lost``, rows that were there after a
        kill and not at the end, and tracks without a row at the end (0 is best); ``interrupted_repeats``, the
        most tracks that were read again after one kill; ``interrupted_batch``, how many rows are stored at
        once.
    """
    from core import collection as collections
    from core.features import get_extractor, present_rows
    from core.features.extraction.extract_rows import BATCH

    n_files, n_kills = n_files or N_FILES, n_kills or N_KILLS
    rng = random.Random(seed)
    with temporary_store(), TemporaryDirectory() as folder:
        audio, log = Path(folder) / "audio", Path(folder) / "begun"
        _write_files(audio, n_files)
        log.touch()
        progress(0, n_kills + 1, f"adding {n_files:,} files")
        ids = set(collections.add(audio, NAME).tracks["track_id"])
        rows = present_rows(get_extractor(EXTRACTOR))
        kept: set[str] = set()
        repeats = [0]
        for kill in range(n_kills):
            progress(kill, n_kills + 1, "extracting, until it is killed")
            target = int(n_files * (kill + rng.uniform(0.2, 0.8)) / n_kills)
            begun = Counter(log.read_text().split())
            _extract(log, kill_at=target)
            repeats.append(_count_repeats(log, begun))
            kept |= rows.ids()
        progress(n_kills, n_kills + 1, "extracting the rest")
        begun = Counter(log.read_text().split())
        _extract(log)
        repeats.append(_count_repeats(log, begun))
        return {
            "interrupted_files": n_files,
            "interrupted_kills": n_kills,
            "interrupted_lost": len((kept | ids) - rows.ids()),
            "interrupted_repeats": max(repeats),
            "interrupted_batch": BATCH,
        }


def _count_repeats(log: Path, before: Counter) -> int:
    """Return how many tracks were begun again since ``before``."""
    since = Counter(log.read_text().split()) - before
    return sum(count - (track not in before) for track, count in since.items())


def _write_files(folder: Path, n: int) -> None:
    """Write short files that all differ, a thousand in a folder."""
    import soundfile

    rng = np.random.default_rng(0)
    for i in range(n):
        path = folder / f"{i // 1000:03}" / f"{i:05}.wav"
        if not i % 1000:
            path.parent.mkdir(parents=True)
        soundfile.write(path, 0.1 * rng.standard_normal(int(SR * SECONDS)), SR)


def _extract(log: Path, kill_at: int | None = None) -> None:
    """Extract in a process; kill it once so many tracks are in the log.

    Raises
    ------
    RuntimeError
        When it fails, or ends before it was killed.
    """
    process = subprocess.Popen([sys.executable, "-m", __name__, str(log)], cwd=ROOT)
    ends_at = time.monotonic() + LIMIT_S
    try:
        while process.poll() is None and time.monotonic() < ends_at:
            if kill_at is not None and log.stat().st_size >= kill_at * LINE_BYTES:
                break
            time.sleep(POLL_S)
    finally:
        process.kill()
        status = process.wait()
    if status != (0 if kill_at is None else -9):
        raise RuntimeError(f"the extraction ended with status {status}")


LINE_BYTES = 33
"""A track's id and the end of the line."""


def _extract_here(log: str) -> None:
    """Extract, and note each track in the log when it is begun."""
    from core import collection as collections
    from core.features import extract_features, get_extractor
    from core.features.extractors import extractor_spec

    collection = collections.load(NAME)
    id_of = dict(zip(collection.audio_paths(), collection.tracks["track_id"]))
    kind: Any = extractor_spec(EXTRACTOR).load()
    extract = kind.extract
    file = os.open(log, os.O_WRONLY | os.O_APPEND)

    def extract_and_note(self, path):
        os.write(file, f"{id_of[path]}\n".encode())
        return extract(self, path)

    kind.extract = extract_and_note
    extract_features(collection, get_extractor(EXTRACTOR))


if __name__ == "__main__":
    _extract_here(sys.argv[1])
