"""Measured speed of long work on this machine, from which durations are estimated.

Speeds are relative to a reference machine, two idle cores: :func:`slowdown` measures how this machine
compares at the moment (slower cores, a quota, other processes). Seconds per unit of work (a track, a
training example) are saved divided by it, and multiplied by it again in an estimate.
"""

import os
import platform
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from core.store.files import read_json, write_json
from core.store.hashing.keys import key_of
from core.store.places import path_of

CALIBRATION_S = 0.2
VALID_S = 600.0
"""A calibration older than this is repeated."""
REFERENCE_UNITS_PER_S = 2000.0
"""Units of :func:`_work_until` per second on the reference machine."""
MAX_SLOWDOWN = 4.0
"""A busy moment longer than this is not expected to last as long as the work."""
MIN_UNITS, MIN_SECONDS = 16, 1.0
"""Work below either is dominated by fixed costs and not recorded."""

_FRAMES = np.random.default_rng(0).standard_normal((64, 1024)).astype(np.float32)
_calibrating = threading.Lock()
_last: tuple[float, float] | None = None


def slowdown() -> float:
    """Return how many times slower than the reference this machine is at present; 0.2 s every ten minutes."""
    global _last
    with _calibrating:
        if _last is None or time.monotonic() - _last[0] > VALID_S:
            _last = time.monotonic(), min(REFERENCE_UNITS_PER_S / _measure(), MAX_SLOWDOWN)
        return _last[1]


def _measure() -> float:
    """Return the units of work per second that all cores do together."""
    workers = os.cpu_count() or 1
    start = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        n_units = sum(pool.map(_work_until, [start + CALIBRATION_S] * workers))
    return n_units / (time.perf_counter() - start)


def _work_until(end: float) -> int:
    """Do units of work until a time; return their number."""
    n_units = 0
    while n_units == 0 or time.perf_counter() < end:
        np.log1p(np.abs(np.fft.rfft(_FRAMES)))
        n_units += 1
    return n_units


def record_rate(task: str, n_units: int, seconds: float) -> None:
    """Save the seconds per unit that a task just took on this machine."""
    if n_units >= MIN_UNITS and seconds >= MIN_SECONDS:
        write_json(_path(task), {"task": task, "seconds_per_unit": seconds / n_units / slowdown()})


def seconds_per_unit(task: str, reference: float) -> float:
    """Return the seconds per unit of a task to expect on this machine at present.

    Parameters
    ----------
    task : str
        As :func:`record_rate` got it.
    reference : float
        Seconds per unit on the reference machine, for a task that was never measured here.
    """
    measured = (read_json(_path(task)) or {}).get("seconds_per_unit", reference)
    return measured * slowdown() if measured else 0.0


def _path(task: str):
    """Return the file of a task's rate on this machine."""
    return path_of("known", "rates", f"{key_of(task, platform.node(), os.cpu_count())}.json")
