"""What every test stands on: a store of its own, one thread, no network."""

import os
import sys
from pathlib import Path

os.environ.update(
    OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false"
)
# Two processes that compile the same function at once can leave numba's cache with code that crashes both.
os.environ["NUMBA_CACHE_DIR"] = str(
    Path(sys.prefix) / "numba" / os.environ.get("PYTEST_XDIST_WORKER", "main")
)

import pytest

COMPILED = (
    "tests/features/pretrained/test_musicnn.py",
    "tests/features/spectral/",
    "tests/fusion/test_graph.py",
    "tests/projection/",
)
"""Tests of what numba compiles for a minute (UMAP, PaCMAP, librosa): one process waits for it, not each."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Distribute tests by file, as ``--dist loadfile`` does, and all of ``COMPILED`` to one process."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "compiled" if nodeid.startswith(COMPILED) else super()._split_scope(nodeid)

    return Scheduling(config, log)


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    """Give each test an empty store, and estimates that don't depend on the load of the machine."""
    monkeypatch.setenv("SONGSCAPE_CACHE", str(tmp_path / "store"))
    monkeypatch.setattr("core.store.rates.slowdown", lambda: 1.0)
    return tmp_path / "store"


@pytest.fixture(scope="session")
def derived(tmp_path_factory):
    return tmp_path_factory.mktemp("derived")


@pytest.fixture
def shared_derived(own_store, derived):
    """Share what is derived among tests, so that it is computed once; what is owned stays apart."""
    own_store.mkdir()
    (own_store / "derived").symlink_to(derived)


@pytest.fixture
def without_shipped(tmp_path, monkeypatch):
    """Hide the checkpoints that are shipped with the demo."""
    monkeypatch.setattr("core.checkpoints.catalogue.SHIPPED", tmp_path / "nothing-shipped")
