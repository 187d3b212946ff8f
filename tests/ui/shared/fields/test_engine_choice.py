"""The setting *Engine*: offered where Ray is installed; a cluster's address is typed on a local server."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from core.ui.shared.fields import engine_choice

SCRIPT = """
import streamlit as st
from core.ui.shared.fields.engine_choice import choose_engine
from core.ui.shared.url_state import read_address
read_address("library")
st.session_state["chosen"] = choose_engine("Reading files")
"""


@pytest.fixture
def server(monkeypatch):
    """Ray is installed, and the server's users are those of this machine."""
    facts = SimpleNamespace(has_ray=True, signed=False)
    monkeypatch.setattr(engine_choice, "is_installed", lambda name: facts.has_ray)
    monkeypatch.setattr(engine_choice, "server_access", lambda: facts)
    return facts


def open_script(**address: str) -> AppTest:
    at = AppTest.from_string(SCRIPT)
    at.query_params.update(address)
    at.run()
    assert not at.exception
    return at


def test_without_ray_there_is_no_choice(server):
    server.has_ray = False
    at = open_script(engine="ray")
    assert not at.selectbox and at.session_state["chosen"] == {}


def test_a_cluster_has_an_address(server):
    at = open_script()
    assert at.session_state["chosen"] == {} and not at.text_input
    at.selectbox(key="engine").set_value("ray").run()
    assert at.session_state["chosen"] == {"engine": {"name": "ray", "address": "auto"}}
    at.text_input(key="engine-address").set_value(" first:6379 ").run()
    assert at.session_state["chosen"]["engine"]["address"] == "first:6379"


def test_no_link_sets_the_address(server):
    at = open_script(engine="ray", address="10.0.0.1:6379", **{"engine-address": "10.0.0.1:6379"})
    assert at.session_state["chosen"]["engine"] == {"name": "ray", "address": "auto"}


def test_on_a_server_for_others_the_operator_chooses_the_cluster(server):
    server.signed = True
    at = open_script(engine="ray")
    assert at.session_state["chosen"]["engine"] == {"name": "ray", "address": "auto"} and not at.text_input
