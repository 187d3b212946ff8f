"""Songscape's server: ``streamlit run app.py``.

An ASGI app: Streamlit's own routes, the sound of registered tracks, and the script that sets up the pages.
"""

import importlib
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from core.server.audio_routes import audio_routes, library_routes
from core.ui.shared.access import base_path, close_doors
from core.ui.shared.frame import ROOT, show_defect


@asynccontextmanager
async def read_ahead(app: st.App) -> AsyncIterator[dict]:
    """Import what the first page needs while the browser is still loading its own part."""
    threading.Thread(
        target=importlib.import_module, args=("core.ui.explore.page",), name="read-ahead", daemon=True
    ).start()
    yield {}


app = st.App(
    ROOT / "core" / "ui" / "shared" / "navigation.py",
    routes=audio_routes(close_doors(), base=base_path()) + library_routes(base=base_path()),
    lifespan=read_ahead,
    on_script_error=show_defect,
)
