"""Songscape's server: ``streamlit run app.py``.

An ASGI app: Streamlit's own routes, the sound of registered tracks, and the script that sets up the pages.
"""

import streamlit as st

from core.serve import audio_routes, library_routes
from core.ui.access import base_path, close_doors
from core.ui.frame import ROOT, show_defect

app = st.App(
    ROOT / "core" / "ui" / "navigation.py",
    routes=audio_routes(close_doors(), base=base_path()) + library_routes(base=base_path()),
    on_script_error=show_defect,
)
