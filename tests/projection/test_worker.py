import os
import signal
import subprocess
import sys
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from core.errors import ConfigError, SongscapeError
from core.projection.pca import PCA2
from core.projection.tsne import TSNE
from core.projection.worker import Worker, environment

X = np.random.default_rng(0).normal(size=(60, 8)).astype("f4")
PATIENCE_S = 120


@pytest.fixture(scope="module")
def worker():
    worker = Worker(env={"OMP_NUM_THREADS": "1"})  # numba's cache stays where the other tests have filled it
    yield worker
    worker.stop()


def ask(worker, config, **more):
    return worker.submit(X, config, **more).result(PATIENCE_S)


@dataclass(frozen=True)
class Pid:
    """Answers with the process it runs in."""

    def fit(self, X, seed=0, init=None):
        return np.array([os.getpid(), "streamlit" in sys.modules, os.environ.get("NUMBA_CACHE_DIR", "") != ""])


@dataclass(frozen=True)
class Wait:
    """Runs until a file is there."""

    path: str

    def fit(self, X, seed=0, init=None):
        while not Path(self.path).exists():
            pass
        return np.zeros((len(X), 2))


@dataclass(frozen=True)
class Die:
    """Ends its process, the first time or every time."""

    path: str
    always: bool = False

    def fit(self, X, seed=0, init=None):
        if self.always or not Path(self.path).exists():
            Path(self.path).touch()
            os._exit(1)
        return np.zeros((len(X), 2))


def test_the_layout_is_that_of_this_process(worker):
    np.testing.assert_array_equal(ask(worker, PCA2()), PCA2().fit(X))
    short = TSNE(n_iter=50, perplexity=5)
    there, here = ask(worker, short, seed=3), short.fit(X, seed=3)
    np.testing.assert_allclose(there, here, atol=1e-4)
    np.testing.assert_allclose(ask(worker, short, init=here), short.fit(X, init=here), atol=1e-4)


def test_it_is_another_process_and_stays_the_same_one(worker):
    first, second = (int(ask(worker, Pid())[0]) for _ in range(2))
    assert first == second != os.getpid()


def test_errors_come_back_as_they_are(worker):
    with pytest.raises(ConfigError, match="NaN"):
        worker.submit(X * np.nan, PCA2()).result(PATIENCE_S)
    assert ask(worker, PCA2()).shape == (60, 2)


def test_a_killed_process_is_replaced_between_requests(worker):
    old = int(ask(worker, Pid())[0])
    os.kill(old, getattr(signal, "SIGKILL", signal.SIGTERM))
    assert int(ask(worker, Pid())[0]) not in (old, os.getpid())


def test_a_process_that_dies_over_a_request_is_restarted_once(worker, tmp_path):
    assert ask(worker, Die(str(tmp_path / "once"))).shape == (60, 2)
    with pytest.raises(SongscapeError, match="twice"):
        ask(worker, Die(str(tmp_path / "always"), always=True))
    assert ask(worker, PCA2()).shape == (60, 2)


def _until(condition):
    while not condition():
        pass


def test_requests_go_before_waiting_warm_ups(worker, tmp_path):
    gate = tmp_path / "gate"
    running = worker.submit(X, Wait(str(gate)))
    worker.warm(["pca", "pca", "tsne"])
    assert worker._warm_ups == ["pca", "tsne"]
    request = worker.submit(X, PCA2())
    request.add_done_callback(lambda _: waiting.append(list(worker._warm_ups)))
    waiting = []
    gate.touch()
    assert running.result(PATIENCE_S) is not None and request.result(PATIENCE_S) is not None
    _until(lambda: waiting)
    assert waiting[0] == ["pca", "tsne"]


def test_stopping_cancels_what_waits_and_a_new_request_starts_anew(tmp_path):
    worker = Worker(env={"OMP_NUM_THREADS": "1"})
    running, waiting = worker.submit(X, Wait(str(tmp_path / "never"))), worker.submit(X, PCA2())
    _until(running.running)
    _until(lambda: worker._process is not None)
    worker.stop()
    with pytest.raises(CancelledError):
        waiting.result(PATIENCE_S)
    with pytest.raises(CancelledError):
        running.result(PATIENCE_S)
    assert ask(worker, PCA2()).shape == (60, 2)
    worker.stop()


def test_numba_keeps_its_cache_in_the_store(monkeypatch, tmp_path):
    monkeypatch.setenv("SONGSCAPE_CACHE", str(tmp_path))
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    assert Path(environment()["NUMBA_CACHE_DIR"]) == (tmp_path / "numba").resolve()


def test_the_main_module_is_not_run_again_and_leaving_does_not_wait(tmp_path):
    """A script without the usual guard, that leaves while a fit is running."""
    (tmp_path / "endless.py").write_text(
        "import os, sys\n"
        "from pathlib import Path\n"
        "class Endless:\n"
        "    def fit(self, X, seed, init):\n"
        "        print('libraries may print')\n"
        "        Path(__file__).with_name('pid').write_text(str(os.getpid()))\n"
        "        while True: pass\n"
    )
    script, pid = tmp_path / "app.py", tmp_path / "pid"
    script.write_text(
        "import numpy as np\n"
        "from pathlib import Path\n"
        "from core.projection.pca import PCA2\n"
        "from core.projection.worker import Worker\n"
        "from endless import Endless\n"
        "print('main', flush=True)\n"
        "worker = Worker()\n"
        "print(worker.submit(np.eye(9), PCA2()).result(100).shape, flush=True)\n"
        "worker.submit(np.eye(9), Endless())\n"
        f"while not Path({str(pid)!r}).exists() or not Path({str(pid)!r}).read_text(): pass\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), str(tmp_path)])}
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=PATIENCE_S, env=env)
    assert done.stdout.split("\n") == ["main", "(9, 2)", ""], done.stderr
    assert done.returncode == 0
    if os.name == "posix":
        with pytest.raises(OSError):  # nothing is left behind
            os.kill(int(pid.read_text()), 0)
