"""Benchmark: many people at once, as scripted sessions that speak Streamlit's WebSocket protocol."""

from core.bench.sessions.crowd import run

__all__ = ["run"]
