"""People on a server with sign-in, and collections of theirs."""

from collections.abc import Sequence
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


def add(name: str, ids: Sequence[str] = ("0" * 32, "1" * 32)) -> None:
    """Save a collection of silent tracks."""
    tracks = pd.DataFrame({"track_id": list(ids), "path": ""})
    save(collection.Collection(name, tracks, info={"kind": "folder"}))
