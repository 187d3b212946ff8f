"""Songscape's server: ``streamlit run app.py``.

An ASGI app: Streamlit's own routes, the audio of registered tracks, and the script that sets up the pages.
"""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from core.server.audio_routes import audio_routes, library_routes
from core.server.foreign_requests import RefuseForeign
from core.server.map_arrays import ARRAYS
from core.server.map_routes import map_routes
from core.server.preloaded_scripts import PreloadScripts
from core.server.relative_redirects import RelativeRedirects
from core.ui.shared import first_page
from core.ui.shared.frame import ROOT, show_defect
from core.ui.shared.server_access import base_path, restrict_hosts
from core.ui.sign_in_start import start_sign_in


@asynccontextmanager
async def preload(app: st.App) -> AsyncIterator[dict]:
    """Make the first page ready while the browser loads Streamlit's frontend."""
    ARRAYS.expect_first_map()
    threading.Thread(target=first_page.preload, name="preload", daemon=True).start()
    yield {}


start_sign_in()
access = restrict_hosts()
app = st.App(
    ROOT / "core" / "ui" / "navigation.py",
    routes=[
        *audio_routes(access, base=base_path()),
        *map_routes(access, base=base_path()),
        *library_routes(base=base_path()),
    ],
    middleware=[
        Middleware(RefuseForeign, access=access),
        Middleware(PreloadScripts, base=base_path()),
        Middleware(RelativeRedirects),
    ],
    lifespan=preload,
    on_script_error=show_defect,
)
