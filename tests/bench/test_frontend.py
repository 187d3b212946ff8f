"""The front-end bench measures what it says, on one small file."""

import numpy as np
import pytest

from core.bench import BENCHES, frontend, get_bench


@pytest.mark.slow
def test_figures(monkeypatch):
    small = {
        "RATES": (48_000,),
        "FORMATS": ("wav",),
        "DURATION_S": 12,
        "REPEATS": 1,
        "N_ROUNDS": 1,
        "TRACKS_PER_ROUND": 2,
    }
    for name, value in small.items():
        monkeypatch.setattr(frontend, name, value)
    steps = []
    figures = get_bench("frontend")(lambda done, total, note="", **more: steps.append((done, total)))
    assert {"geomean_ratio", "crop_ratio", "max_abs_db", "workers_ratio", "wav_48000_tracks_per_s"} <= set(
        figures
    )
    assert figures["max_abs_db"] < 0.01 and all(
        np.isfinite(value) and value >= 0 for value in figures.values()
    )
    assert steps == [(0, 2), (1, 2)]


def test_the_difference_counts_loud_bins_only():
    theirs = np.array([[0.0, -30, -61]])
    assert frontend.largest_difference(theirs + [[0.25, -0.5, 20]], theirs) == 0.5


def test_benches_exist():
    assert all(callable(get_bench(name)) for name in BENCHES)
