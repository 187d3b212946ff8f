"""Run a command and watch how long it takes and how much memory it and its children need."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
POLL_S = 0.05


@dataclass(frozen=True)
class Outcome:
    """How a command ended.

    Attributes
    ----------
    status : int or None
        Exit status, negative for a signal; None where it was ended after its time limit.
    seconds : float
    peak_bytes : int
        Largest resident memory, children included.
    output : str
        Standard output.
    errors : str
        Standard error.
    """

    status: int | None
    seconds: float
    peak_bytes: int
    output: str
    errors: str

    @property
    def answer(self) -> dict[str, Any]:
        """The JSON object on standard output, {} where there is none."""
        try:
            return json.loads(self.output)
        except ValueError:
            return {}

    @property
    def has_crashed(self) -> bool:
        """Whether it ended by a signal, or with a traceback."""
        return self.status is None or self.status < 0 or "Traceback" in self.errors


def run_watched(
    arguments: Sequence[str], *, env: Mapping[str, str], limit_s: float, module: str = "core"
) -> Outcome:
    """Run ``python -m core ARGUMENTS`` and watch it.

    Parameters
    ----------
    env : mapping
        All environment variables.
    limit_s : float
        After which it is killed.
    module : str
        Run instead of ``core``.
    """
    import psutil

    began, peak, status = time.monotonic(), 0, None
    with TemporaryFile("w+") as out, TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=errors,
            text=True,
        )
        watched = psutil.Process(process.pid)
        while (status := process.poll()) is None and time.monotonic() - began < limit_s:
            peak = max(peak, _resident(watched))
            time.sleep(POLL_S)
        if status is None:
            for child in _family(watched):
                child.kill()
            process.wait()
        seconds = time.monotonic() - began
        out.seek(0)
        errors.seek(0)
        return Outcome(status, seconds, peak, out.read(), errors.read())


def _family(process: Any) -> list[Any]:
    """Return a process and its children, none where it has ended."""
    import psutil

    try:
        return [*process.children(recursive=True), process]
    except psutil.Error:
        return []


def _resident(process: Any) -> int:
    """Return the resident memory of a process and its children in bytes."""
    import psutil

    total = 0
    for one in _family(process):
        try:
            total += one.memory_info().rss
        except psutil.Error:
            continue
    return total
