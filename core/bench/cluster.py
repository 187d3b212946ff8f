"""Benchmark: two nodes of a Ray cluster against one, on a load that decoding bounds."""

import os
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from core.engine import run_each, using
from core.progress import Progress, silent

N_FILES, SECONDS, SR = 40, 20, 22_050
N_READS = 10
"""How often each file is read in a run, so that it lasts seconds."""
N_RUNS = 3


def measure_cluster(progress: Progress = silent, engine: str = "ray") -> dict[str, float | int]:
    """Return how much faster two nodes with one processor each read files than one.

    Returns
    -------
    dict
        ``ray_efficiency``, the median time on one node by twice that on two (1 is best); ``ray_one_node_s``
        and ``ray_two_nodes_s``, medians of three runs over ``n_files`` readings of FLAC files, of which
        log-mel spectrograms are computed, without the start of the nodes and of their processes.

    Raises
    ------
    ConfigError
        When the engine is unknown or not installed.
    """
    with using(engine):
        pass
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        with TemporaryDirectory() as folder, using(engine, cluster.address):
            files = _write_files(Path(folder))
            progress(0, 2, "one node")
            one = _median_of_runs(files)
            cluster.add_node(num_cpus=1)
            progress(1, 2, "two nodes")
            two = _median_of_runs(files)
    finally:
        ray.shutdown()
        cluster.shutdown()
    return {
        "n_files": len(files),
        "ray_one_node_s": round(one, 3),
        "ray_two_nodes_s": round(two, 3),
        "ray_efficiency": round(one / two / 2, 3),
    }


def _write_files(folder: Path) -> dict[str, str]:
    """Write FLAC files of noise; return the path of each reading by a name."""
    import soundfile

    rng = np.random.default_rng(0)
    paths: dict[str, str] = {}
    for i in range(N_FILES):
        path = folder / f"{i}.flac"
        soundfile.write(path, 0.1 * rng.standard_normal((SECONDS * SR, 2)), SR)
        paths |= {f"{i}-{n}": str(path) for n in range(N_READS)}
    return paths


def _median_of_runs(files: dict[str, str]) -> float:
    """Return the median seconds over the files; a first pass, which imports the libraries, isn't timed."""
    from core.features import get_extractor

    extractor: Any = get_extractor("mel")
    seconds = []
    for _ in range(N_RUNS + 1):
        began = time.perf_counter()
        for _ in run_each(extractor.extract, files, per_task=4):
            pass
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[1:])
