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


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    """Give each test an empty store, and estimates that don't depend on the load of the machine."""
    monkeypatch.setenv("SONGSCAPE_CACHE", str(tmp_path / "store"))
    monkeypatch.setattr("core.store.rates.slowdown", lambda: 1.0)
    return tmp_path / "store"


@pytest.fixture
def without_shipped(tmp_path, monkeypatch):
    """Hide the checkpoints that are shipped with the demo."""
    monkeypatch.setattr("core.checkpoints.catalogue.SHIPPED", tmp_path / "nothing-shipped")
