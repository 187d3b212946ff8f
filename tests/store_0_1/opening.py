"""Opening the store of version 0.1.0: names that are not public are used here alone.

The files beside this one hold one of everything and stay as they are: ``make.py`` of commit f6b2609 wrote
them with the code of commit 9a19bab. It used that code's own names, so no later code can run it.

- ``music/``: the source folder of the collection ``songs``; two labels, a broken file, a duplicate.
- ``store/``: the store. Locks, compiled code and large features are left out.
- ``expected.json``, ``vectors.npz``: what that version said of this store.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
ROOT = "/tmp/songscape-0.1.0"
"""The folder that the absolute paths of the fixture begin with."""
SCORES = {
    "numbers": "--audio mlp-vae --text tfidf --text-weight 0.3 --n-clusters 2 --seeds 2",
    "songs": "--audio mfcc --n-clusters 2 --seeds 1",
}
"""Collections, and the options with which they were scored."""


def copy_store(folder: Path) -> Path:
    """Copy source folder and store below ``folder``, with the paths as if made there; return the store."""
    for name in ("music", "store"):
        shutil.copytree(HERE / name, folder / name)
    for path in sorted((folder / "store").rglob("*.*")):
        if path.suffix in (".json", ".jsonl") and path.is_file():
            path.write_bytes(path.read_bytes().replace(ROOT.encode(), folder.as_posix().encode()))
        elif path.suffix == ".parquet":
            table = pd.read_parquet(path)
            texts = table.select_dtypes(exclude="number")
            moved = {name: [_move(cell, folder) for cell in texts[name]] for name in texts}
            table.assign(**moved).to_parquet(path, index=False)
        elif path.suffix == ".safetensors":
            path.write_bytes(_move_header(path.read_bytes(), folder))
    return folder / "store"


def _move(cell, folder: Path):
    """Put a path below another folder; what is no text stays."""
    return cell.replace(ROOT, folder.as_posix()) if isinstance(cell, str) else cell


def _move_header(data: bytes, folder: Path) -> bytes:
    """Put the paths in a checkpoint's header below another folder; 8 bytes before it hold its length."""
    end = 8 + int.from_bytes(data[:8], "little")
    head = data[8:end].replace(ROOT.encode(), folder.as_posix().encode())
    return len(head).to_bytes(8, "little") + head + data[end:]


def run(*words: str) -> dict:
    """Run ``python -m core … --json`` in this process."""
    from typer.testing import CliRunner

    from core.cli import app as cli

    result = CliRunner().invoke(cli.app, [*words, "--json"])
    assert result.exit_code == 0, (words, result.output, result.exception)
    return json.loads(result.stdout)


def free_space() -> None:
    """Delete what can be made again, as the button on the Library page does."""
    from core import store

    store.clear_derived()


def get_audio(track_id: str):
    """Return the answer of the app's server to the link that a page of this machine has for a track."""
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    from core.server.access import Access
    from core.server.audio_routes import audio_routes

    app = Starlette(routes=audio_routes(Access()))
    return TestClient(app, base_url="http://localhost:8501").get(f"/audio/{track_id}")


def read_rows(store: Path, extractor: str) -> dict[str, np.ndarray]:
    """Return the rows that an extractor wrote, by id, read as they are when it asks for them."""
    from core.store import path_of
    from core.store.row_tables.rows import Rows

    (path,) = path_of("rows").glob(f"{extractor}-*.lance")
    rows = Rows(*path.stem.rsplit("-", 1))
    assert rows.uri == path
    return rows.read(sorted(rows.ids()))


def read_address(query: dict[str, str]) -> dict:
    """Return the choice, the selected tracks and the track to hear that an address of Explore stands for."""
    from streamlit.testing.v1 import AppTest

    at = AppTest.from_function(_controls, default_timeout=300)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception, at.exception
    return {name: at.session_state[name] for name in ("choice", "selected", "track")}


def _controls() -> None:
    """A page of Explore's controls alone."""
    from dataclasses import asdict

    import streamlit as st

    from core import collection as collections
    from core.pipeline.space import build_space
    from core.ui.explore import selection
    from core.ui.explore.controls import choose, choose_collection
    from core.ui.shared.url_state import read_address

    read_address("explore")
    collection = collections.load(choose_collection(collections.names()))
    choice, view = choose(collection)
    space = build_space(collection, choice)
    ids = collection.tracks["track_id"].to_numpy(str)[space.rows]
    places, current = selection.selected_tracks(collection, space), selection.current_track(collection, space)
    st.session_state["choice"] = {
        **asdict(choice),
        "colour_by": view.colour_by,
        "genre": view.genre,
        "collection": collection.name,
    }
    st.session_state["selected"] = [] if places is None else ids[places].tolist()
    st.session_state["track"] = "" if current is None else str(ids[current])
