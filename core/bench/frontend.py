"""Benchmark: throughput of the log-mel extractor against librosa, and the difference of their outputs.

Seeded stereo signals of 30 s at 44.1 and 48 kHz, as WAV, FLAC, OGG and MP3; one centre crop of 256 frames
each:

- *plain*: librosa.load of the whole file, melspectrogram, power_to_db, then the crop;
- *crop*: librosa.load with ``offset`` and ``duration`` of the crop, then the same;
- *ours*: :meth:`core.features.spectral.mel.Mel.log_mels` with ``n_crops=1``.

All three run on one thread, alternately, several times; a figure is the median CPU time of the thread, which
other load on the machine affects little. Workers are timed by the wall clock, with one thread and two
alternately, and need two idle cores.
"""

import gc
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from core.features.spectral.mel import Mel
from core.progress import Progress, silent

RATES, FORMATS, DURATION_S, REPEATS, SEED = (44_100, 48_000), ("wav", "flac", "ogg", "mp3"), 30, 7, 0
N_ROUNDS, TRACKS_PER_ROUND = 15, 24
TOP_DB = 60


def run(progress: Progress = silent) -> dict[str, float]:
    """Measure the front end.

    Returns
    -------
    dict
        ``geomean_ratio``: plain time over ours, geometric mean over formats and rates (target 8, at least 6);
        ``crop_ratio``: crop time over ours (at least 1.6); ``max_abs_db``: largest difference from plain
        in bins within 60 dB of the peak (at most 0.01); ``workers_ratio``: tracks per second of two threads
        over one (at least 1.7); ``tracks_per_s`` and, for each format and rate, ``FORMAT_RATE_tracks_per_s``,
        ``…_ratio`` and ``…_crop_ratio``.
    """
    import torch
    from threadpoolctl import threadpool_limits

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with tempfile.TemporaryDirectory() as folder, threadpool_limits(1):
            return _measure(make_signals(Path(folder)), progress)
    finally:
        torch.set_num_threads(threads)


def make_signals(folder: Path) -> list[Path]:
    """Write seeded stereo test signals (glides, beats, noise), one file per format and rate."""
    import soundfile as sf

    paths = []
    for sr in RATES:
        random = np.random.default_rng(SEED)
        t = np.arange(DURATION_S * sr) / sr
        pitches = (82, 147, 220, 330, 523, 880, 2093, 4186)
        glides = sum(np.sin(2 * np.pi * f * t * (1 + 0.01 * t)) / i for i, f in enumerate(pitches, start=1))
        beats = random.standard_normal(len(t)) * np.exp(-12 * (t % 0.5))
        y = np.stack([glides + beats, 0.7 * glides - 0.5 * beats], axis=1) + 0.02 * random.standard_normal(
            (len(t), 2)
        )
        y *= 0.5 / np.abs(y).max()
        for ending in FORMATS:
            paths.append(folder / f"{ending}_{sr}.{ending}")
            sf.write(paths[-1], y, sr)
    return paths


def _measure(paths: list[Path], progress: Progress) -> dict[str, float]:
    """Time the three methods on each file, and two workers on all files."""
    mel = Mel(n_crops=1)
    methods: dict[str, Callable[[Path], np.ndarray]] = {
        "plain": lambda path: plain_log_mel(path, mel),
        "crop": lambda path: librosa_crop(path, mel),
        "ours": lambda path: mel.log_mels(path)[0],
    }
    figures: dict[str, float] = {}
    ratios, crop_ratios, ours, differences = [], [], [], []
    for done, path in enumerate(paths):
        progress(done, len(paths) + 1, f"timing {path.stem.replace('_', ' at ')} Hz")
        differences.append(largest_difference(methods["ours"](path), methods["plain"](path)))
        seconds = _median_seconds(methods, path)
        ratios.append(seconds["plain"] / seconds["ours"])
        crop_ratios.append(seconds["crop"] / seconds["ours"])
        ours.append(seconds["ours"])
        figures |= {
            f"{path.stem}_tracks_per_s": 1 / seconds["ours"],
            f"{path.stem}_ratio": ratios[-1],
            f"{path.stem}_crop_ratio": crop_ratios[-1],
        }
    progress(len(paths), len(paths) + 1, "timing two workers against one")
    return {
        "geomean_ratio": statistics.geometric_mean(ratios),
        "crop_ratio": statistics.geometric_mean(crop_ratios),
        "max_abs_db": max(differences),
        "workers_ratio": _workers_ratio(mel, paths),
        "tracks_per_s": 1 / statistics.geometric_mean(ours),
    } | figures


def plain_log_mel(path: Path, mel: Mel) -> np.ndarray:
    """Compute the centre crop with librosa from the spectrogram of the whole file."""
    import librosa

    y, _ = librosa.load(path, sr=mel.sr)
    S = _librosa_db(y, mel)
    start = (S.shape[1] - mel.n_frames) // 2
    return S[:, start : start + mel.n_frames]


def librosa_crop(path: Path, mel: Mel) -> np.ndarray:
    """Compute the centre crop with librosa, decoding only the crop."""
    import librosa

    n_samples = (mel.n_frames - 1) * mel.hop_length
    offset = (librosa.get_duration(path=path) - n_samples / mel.sr) / 2
    y, _ = librosa.load(path, sr=mel.sr, offset=offset, duration=n_samples / mel.sr)
    return _librosa_db(y, mel)[:, : mel.n_frames]


def largest_difference(ours: np.ndarray, reference: np.ndarray) -> float:
    """Return the largest difference in dB among bins within 60 dB of the peak."""
    return float(np.abs(ours - reference)[reference > reference.max() - TOP_DB].max())


def _librosa_db(y: np.ndarray, mel: Mel) -> np.ndarray:
    """Return librosa's log-mel spectrogram in dB relative to 1, without top_db."""
    import librosa

    S = librosa.feature.melspectrogram(
        y=y, sr=mel.sr, n_fft=mel.n_fft, hop_length=mel.hop_length, n_mels=mel.n_mels
    )
    return librosa.power_to_db(S, ref=1, top_db=None)


def _median_seconds(methods: dict[str, Callable[[Path], np.ndarray]], path: Path) -> dict[str, float]:
    """Return the median CPU seconds of each method, run alternately under the same load."""
    times: dict[str, list[float]] = {name: [] for name in methods}
    gc.collect()
    for turn in range(REPEATS + 1):
        for name, method in methods.items():
            start = time.thread_time()
            method(path)
            if turn:  # the first is a warm-up
                times[name].append(time.thread_time() - start)
    return {name: statistics.median(each) for name, each in times.items()}


def _workers_ratio(mel: Mel, paths: list[Path]) -> float:
    """Return the throughput of two threads over that of one, each the best of several rounds.

    Wall-clock time includes other load on the machine, which the best round reduces.
    """
    jobs = (paths * TRACKS_PER_ROUND)[:TRACKS_PER_ROUND]
    best = {1: float("inf"), 2: float("inf")}
    for _ in range(N_ROUNDS):
        for workers in (1, 2):
            with ThreadPoolExecutor(workers) as pool:
                start = time.perf_counter()
                list(pool.map(mel.log_mels, jobs))
                best[workers] = min(best[workers], time.perf_counter() - start)
    return best[1] / best[2]
