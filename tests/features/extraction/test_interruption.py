"""An extraction that is killed again and again: nothing is lost, and little is done twice."""

import os
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from core import collection as collections
from core.engine.local_threads import AHEAD
from core.features import count_missing, extract_features, get_extractor
from core.features.extraction.extract_rows import BATCH

N_FILES, N_KILLS = 240, 5
PROGRAM = """
import sys
from core import collection as collections
from core.features import extract_features, get_extractor
extractor = get_extractor("mfcc")
real = type(extractor).extract

def extract(self, path):
    row = real(self, path)
    sys.stdout.write(path + "\\n")  # as a whole, by several threads
    sys.stdout.flush()
    return row

type(extractor).extract = extract
extract_features(collections.load("songs"), extractor)
"""


def run_until(n_read: int | None) -> list[str]:
    """Extract in a process that is killed after so many files; return the files that it has read."""
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    read = []
    for line in process.stdout:
        read.append(line.strip())
        if len(read) == n_read:
            process.kill()
    assert process.wait() == 0 or n_read is not None
    return read


@pytest.mark.slow
def test_kills_lose_nothing_and_repeat_at_most_a_batch(tmp_path):
    rng = np.random.default_rng(0)
    (tmp_path / "songs").mkdir()
    for i in range(N_FILES):
        soundfile.write(tmp_path / "songs" / f"{i}.wav", 0.1 * rng.standard_normal(8000), 8000)
    songs = collections.add(tmp_path / "songs", "songs")
    extractor = get_extractor("mfcc")
    assert count_missing(songs, extractor) == N_FILES
    read = []
    for _ in range(N_KILLS):
        missing = count_missing(songs, extractor)
        read += run_until(int(rng.integers(20, 60)))
        assert count_missing(songs, extractor) <= missing
    assert 0 < count_missing(songs, extractor) < N_FILES  # it was killed midway, and had kept a part
    read += run_until(None)
    assert count_missing(songs, extractor) == 0 and set(read) == {p for p in songs.audio_paths() if p}
    in_progress = AHEAD * (os.cpu_count() or 1)
    assert len(read) - N_FILES <= N_KILLS * (BATCH + in_progress)
    features = extract_features(songs, extractor)
    assert features.present.all() and np.isfinite(features.X).all()
