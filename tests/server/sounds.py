"""Tones that a collection holds, and a client that asks for them."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile as sf
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import collection
from core.collection.saved import save
from core.server.access import Access
from core.server.audio_routes import audio_routes, library_routes

SR = 22_050
LOCAL = Access()


def write_sound(path: Path, seconds: float = 2.0, **how) -> str:
    """Write a tone and return its track id."""
    sf.write(path, 0.2 * np.sin(np.arange(int(SR * seconds)) / 20), SR, **how)
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()


def register(name: str, paths: dict[str, Path | str]) -> None:
    rows = [
        {"track_id": track_id, "path": str(path), "title": track_id[:4]} for track_id, path in paths.items()
    ]
    save(collection.Collection(name, pd.DataFrame(rows), info={"kind": "folder"}))


def client_of(access: Access = LOCAL, base: str = "") -> TestClient:
    app = Starlette(routes=audio_routes(access, base=base) + library_routes(base=base))
    return TestClient(app, base_url="http://localhost:8501")
