"""A server that answers, and collections to caption."""

import pandas as pd
import pytest

from core import collection as collections
from tests.captioning.chat_server import ChatServer


@pytest.fixture
def server(monkeypatch):
    """A server that runs, and an environment that names it."""
    running = ChatServer()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "SONGSCAPE_CAPTION_CONCURRENCY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_BASE_URL", running.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("SONGSCAPE_CAPTION_MODEL", "small")
    yield running
    running.close()


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that were asked for; none is waited."""
    asked: list[float] = []
    monkeypatch.setattr("core.captioning.endpoint.pause", lambda stop, seconds: asked.append(seconds))
    return asked


@pytest.fixture
def make_songs(tmp_path):
    """Return a function that adds a collection of rows with lyrics."""

    def make(lyrics: list[str], name: str = "songs", **columns) -> str:
        n = len(lyrics)
        frame = pd.DataFrame(
            {"title": [f"t{i}" for i in range(n)], "lyrics": lyrics, "tempo": range(n), **columns}
        )
        path = tmp_path / f"{name}.csv"
        frame.to_csv(path, index=False)
        collections.add(path, name)
        return name

    return make
