"""The engine on a local cluster of two nodes with one processor each."""

import functools
import os
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from core import collection as collections
from core.engine import Failed, run_each, using
from core.engine.ray_tasks import DIED, describe_cluster
from core.errors import AudioError, ConfigError
from core.jobs import job as jobs
from tests.waiting import ended, until

pytestmark = pytest.mark.slow
ray = pytest.importorskip("ray", reason="the extra [ray] is not installed")


@pytest.fixture(scope="module")
def cluster():
    from ray.cluster_utils import Cluster

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    nodes.add_node(num_cpus=1)
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers can't import tests
    yield nodes
    ray.shutdown()
    nodes.shutdown()


@pytest.fixture
def on_cluster(cluster):
    with using("ray", cluster.address):
        yield cluster


@pytest.fixture
def sounds(tmp_path) -> Path:
    """A folder of short files."""
    import soundfile

    rng = np.random.default_rng(0)
    for i in range(12):
        soundfile.write(tmp_path / f"{i}.wav", 0.1 * rng.standard_normal(8000), 8000)
    return tmp_path


N = 400
"""Items that take both nodes ten seconds: a new node's first process starts meanwhile."""


def crash_on(path: str, bad: str = "") -> str:
    """Kill the process for one item, and note each try; the node and process otherwise."""
    if path == bad:
        with open(bad, "a") as file:
            file.write("x")
        os.kill(os.getpid(), signal.SIGKILL)
    if path == "refused":
        raise AudioError("no good")
    return str(os.getpid())


def crash_once(item: int, marker: str = "") -> int:
    """Kill the process at the first try of one item."""
    if item == 20 and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item


def slow(item: int, log: str = "") -> tuple[int, str]:
    node = ray.get_runtime_context().get_node_id()
    if log:
        with open(log, "a") as file:
            file.write(f"{item} {node} {os.getpid()}\n")
    time.sleep(0.05)  # on a worker: long enough that both nodes take part
    return item, node


def test_both_nodes_work(on_cluster):
    assert describe_cluster(on_cluster.address) == {"nodes": 2, "cpus": 2}
    found = dict(run_each(slow, {str(i): i for i in range(80)}))
    assert [found[str(i)][0] for i in range(80)] == list(range(80))
    assert len({node for _, node in found.values()}) == 2


def test_a_worker_that_is_killed_loses_nothing(on_cluster, tmp_path):
    work = functools.partial(crash_once, marker=str(tmp_path / "killed"))
    found = dict(run_each(work, {str(i): i for i in range(60)}))
    assert (tmp_path / "killed").exists()  # the control: it was killed
    assert found == {str(i): i * i for i in range(60)}


def test_a_file_that_crashes_its_worker_fails_alone_after_two_tries(on_cluster, tmp_path):
    bad = str(tmp_path / "bad")
    items = {name: name for name in [*map(str, range(12)), bad, "refused"]}
    found = dict(run_each(functools.partial(crash_on, bad=bad), items, (AudioError,)))
    assert found[bad] == Failed(DIED) and Path(bad).read_text() == "xx"
    assert found["refused"] == Failed("no good")
    assert all(isinstance(found[str(i)], str) for i in range(12))


def test_a_node_that_is_killed_loses_nothing(cluster, tmp_path):
    extra = cluster.add_node(num_cpus=1)
    log = tmp_path / "begun"
    log.touch()

    def tries() -> list[list[str]]:
        return [line.split() for line in log.read_text().splitlines()]

    def kill_at_work() -> None:
        until(lambda: any(node == extra.node_id for _, node, _ in tries()))
        pid = next(int(pid) for _, node, pid in tries() if node == extra.node_id)
        os.kill(pid, signal.SIGKILL)  # else it would end the task that it is at
        cluster.remove_node(extra, allow_graceful=False)

    killer = threading.Thread(target=kill_at_work)
    killer.start()
    with using("ray", cluster.address):
        found = list(run_each(functools.partial(slow, log=str(log)), {str(i): i for i in range(N)}))
        killer.join()
        until(lambda: describe_cluster(cluster.address)["nodes"] == 2)
    begun = [item for item, _, _ in tries()]
    assert N < len(begun) <= N + 8  # the control: the task that it was at is done again, and no other
    assert sorted(int(name) for name, _ in found) == list(range(N))
    assert all(result[0] == int(name) for name, result in found)


def test_rows_equal_those_of_one_machine(cluster, tmp_path, monkeypatch):
    import soundfile

    from core.features import extract_features, get_extractor

    rng = np.random.default_rng(0)
    folder = tmp_path / "songs"
    folder.mkdir()
    for i in range(20):
        soundfile.write(folder / f"{i}.wav", 0.1 * rng.standard_normal(22050), 22050)
    (folder / "broken.wav").write_bytes(b"no audio" * 200)

    def extract(where: str) -> tuple:
        monkeypatch.setenv("SONGSCAPE_CACHE", str(tmp_path / where))
        added = collections.add(folder, "songs")
        features = extract_features(added, get_extractor("mfcc"))
        return added, features.X, features.present

    here = extract("here")
    with using("ray", cluster.address):
        there = extract("there")
    assert there[0].n_tracks == 20 and len(there[0].problems) == 1
    assert there[0].tracks.equals(here[0].tracks)
    np.testing.assert_allclose(there[1], here[1], atol=1e-5)
    assert np.array_equal(there[2], here[2])


def test_a_job_works_on_the_cluster_and_says_how_large_it_is(cluster, sounds):
    job = jobs.start(
        "add",
        "Add sounds",
        source=str(sounds),
        name="sounds",
        engine={"name": "ray", "address": cluster.address},
    )
    status = ended(job)
    assert (status.state, status.error) == ("done", None)
    assert status.result["n_tracks"] == 12
    assert status.engine == {"name": "ray", "nodes": 2, "cpus": 2}


def test_a_job_without_a_cluster_says_so(sounds):
    job = jobs.start(
        "add",
        "Add sounds",
        source=str(sounds),
        name="sounds",
        engine={"name": "ray", "address": "127.0.0.1:1"},
    )
    status = ended(job)
    assert status.state == "failed" and "no Ray cluster answers" in status.error


def test_an_address_without_a_cluster_is_refused():
    ray.shutdown()
    with pytest.raises(ConfigError, match="no Ray cluster answers"), using("ray", "127.0.0.1:1"):
        dict(run_each(len, {"a": "b"}))
