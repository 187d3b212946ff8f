"""People on a server with sign-in, and collections of theirs."""

from contextlib import contextmanager

import pandas as pd
import pytest

from core import collection
from core.access.viewer import NOBODY, Viewer, acting_for, enforce
from core.collection.saved import save


@pytest.fixture
def team(monkeypatch):
    """Turn sign-in on: whoever isn't named is nobody."""
    monkeypatch.delenv("SONGSCAPE_ADMINS", raising=False)
    monkeypatch.delenv("SONGSCAPE_USERS", raising=False)
    enforce(lambda: NOBODY)
    yield
    enforce(None)


@contextmanager
def acting(name: str):
    """Act for anna, ben, …"""
    with acting_for(Viewer(email=f"{name}@example.org")):
        yield


def add(name: str, n_tracks: int = 2) -> None:
    """Save a collection."""
    ids = [f"{number:032x}" for number in range(n_tracks)]
    save(
        collection.Collection(
            name, pd.DataFrame({"track_id": ids, "path": [""] * n_tracks}), info={"kind": "folder"}
        )
    )
