import os
import signal
import subprocess
import sys
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest

from core.errors import ConfigError, SongscapeError
from core.projection.pca import PCA2
from core.projection.tsne import TSNE
from core.projection.worker import Worker, environment
from tests.waiting import until

pytestmark = pytest.mark.slow

X = np.random.default_rng(0).normal(size=(60, 8)).astype("f4")
PATIENCE_S = 120


@pytest.fixture(scope="module")
def worker():
    worker = Worker(env={"OMP_NUM_THREADS": "1"})  # numba's cache is shared with the other tests
    yield worker
    worker.stop()


def ask(worker, config, **more):
    return worker.submit(X, config, **more).result(PATIENCE_S)


@dataclass(frozen=True)
class Pid:
    """Return the id of its process."""

    def fit(self, X, seed=0, init=None):
        return np.array(
            [os.getpid(), "streamlit" in sys.modules, os.environ.get("NUMBA_CACHE_DIR", "") != ""]
        )


@dataclass(frozen=True)
class Wait:
    """Run until a file exists."""

    path: str

    def fit(self, X, seed=0, init=None):
        while not Path(self.path).exists():
            pass
        return np.zeros((len(X), 2))


@dataclass(frozen=True)
class Die:
    """End its process, the first time or every time."""

    path: str
    always: bool = False

    def fit(self, X, seed=0, init=None):
        if self.always or not Path(self.path).exists():
            Path(self.path).touch()
            os._exit(1)
        return np.zeros((len(X), 2))


def refuse():
    raise TypeError("unreadable")


class Unreadable:
    """Can be pickled, but not unpickled."""

    def __reduce__(self):
        return refuse, ()


def test_the_layout_is_that_of_this_process(worker):
    np.testing.assert_array_equal(ask(worker, PCA2()), PCA2().fit(X))
    short = TSNE(n_iter=50, perplexity=5)
    remote, local = ask(worker, short, seed=3), short.fit(X, seed=3)
    np.testing.assert_allclose(remote, local, atol=1e-4)
    np.testing.assert_allclose(ask(worker, short, init=local), short.fit(X, init=local), atol=1e-4)


def test_requests_share_one_other_process(worker):
    first, second = (int(ask(worker, Pid())[0]) for _ in range(2))
    assert first == second != os.getpid()


def test_errors_are_raised_unchanged(worker):
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


def test_requests_go_before_queued_warm_ups(worker, tmp_path):
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


def test_stopping_cancels_queued_requests_and_a_new_one_restarts(tmp_path):
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


def test_numba_caches_in_the_store(monkeypatch, tmp_path):
    monkeypatch.setenv("SONGSCAPE_CACHE", str(tmp_path))
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    assert Path(environment()["NUMBA_CACHE_DIR"]) == (tmp_path / "derived" / "numba").resolve()


ENDLESS = """
import os
from pathlib import Path

class Endless:
    def fit(self, X, seed, init):
        print("libraries may print")
        Path(__file__).with_name("pid").write_text(str(os.getpid()))
        while True:
            pass
"""
APP = """
import numpy as np
from pathlib import Path
from core.projection.pca import PCA2
from core.projection.worker import Worker
from endless import Endless

print("main", flush=True)
worker = Worker()
print(worker.submit(np.eye(9), PCA2()).result(100).shape, flush=True)
fit = worker.submit(np.eye(9), Endless())
pid = Path(__file__).with_name("pid")
while not (pid.exists() and pid.read_text()):
    pass
"""


def run_app(folder: Path, last_line: str = "") -> subprocess.Popen:
    """Start a program without a main guard that exits, or runs ``last_line``, during a fit."""
    (folder / "endless.py").write_text(ENDLESS)
    (folder / "app.py").write_text(APP + last_line)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), str(folder)])}
    return subprocess.Popen(
        [sys.executable, str(folder / "app.py")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    )


def is_gone(pid: int) -> bool:
    """Return whether a process has ended or is a zombie whose parent can't reap it."""
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_the_main_module_is_not_run_again_and_exiting_does_not_wait(tmp_path):
    app = run_app(tmp_path)
    printed, errors = app.communicate(timeout=PATIENCE_S)
    assert printed.split("\n") == ["main", "(9, 2)", ""], errors
    assert app.returncode == 0
    assert is_gone(int((tmp_path / "pid").read_text()))  # no process remains


def test_a_program_killed_during_a_fit_leaves_no_process(tmp_path):
    app = run_app(tmp_path, "fit.result()")
    pid = tmp_path / "pid"
    until(lambda: pid.exists() and pid.read_text())
    worker = int(pid.read_text())
    assert not is_gone(worker)  # the control
    try:
        app.kill()
        app.wait()
        until(lambda: is_gone(worker), 30)
    finally:
        if not is_gone(worker):
            os.kill(worker, getattr(signal, "SIGKILL", signal.SIGTERM))


def test_an_unreadable_request_is_an_error_and_does_not_end_the_process(worker):
    first = int(ask(worker, Pid())[0])
    with pytest.raises(TypeError, match="unreadable"):
        ask(worker, Unreadable())
    assert int(ask(worker, Pid())[0]) == first
