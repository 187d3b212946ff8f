"""Scripted sessions: they use the real app at once, and what goes wrong in them is counted."""

import asyncio

import pytest

from core.bench.sessions import crowd
from core.bench.sessions.client import Session
from core.bench.temporary_store import temporary_store


@pytest.mark.slow
def test_sessions_at_once_get_their_own_answers_and_leave_no_memory_behind(monkeypatch):
    monkeypatch.setattr(crowd, "PAUSE_S", (0.5, 1.0))
    figures = crowd.run(sessions=3, seconds=20)
    assert figures["errors"] == 0 and figures["actions"] > 20
    assert 0 < figures["median_s"] <= figures["p95_s"] <= figures["slowest_s"]
    assert figures["mb_again"] < figures["mb_after"] + 40


@pytest.mark.slow
def test_errors_of_a_page_and_of_a_session_are_counted(monkeypatch, tmp_path):
    script = tmp_path / "app.py"
    script.write_text("import streamlit as st\nst.button('x', key='x')\nst.error('wrong')\n1 / 0\n")

    async def look(address: str) -> tuple[Session, crowd.Record]:
        record = crowd.Record()
        async with Session(address) as session:
            await session.open()
        await crowd._guard(record, Session("http://127.0.0.1:9").__aenter__())
        return session, record

    with temporary_store(), crowd.start_app(script=script) as (address, _):
        session, record = asyncio.run(look(address))
    assert session.errors[0] == "wrong" and len(session.errors) == 2  # the second is redacted
    assert len(record.errors) == 1
