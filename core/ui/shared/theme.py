"""The palette of the visitor's theme."""

import streamlit as st

from core.drawing.palette import DARK, LIGHT, Palette


def current_palette() -> Palette:
    """Return the palette of the visitor's theme."""
    return DARK if st.context.theme.type == "dark" else LIGHT
