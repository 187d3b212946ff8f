"""The setting *Engine*: where single tracks are worked on, this machine or a Ray cluster."""

import os

import streamlit as st

from core.engine import is_installed
from core.jobs.job_access import AUTO
from core.ui.shared.server_access import server_access
from core.ui.shared.url_state import choose_option

TITLES = {"local": "This machine", "ray": "Ray cluster"}


def choose_engine(what: str, name: str = "engine") -> dict[str, dict]:
    """Choose the engine of a job; return the job's argument, {} for this machine.

    Only where Ray is installed, there is a choice. A cluster's answers are trusted as this machine's code is,
    so that its address is typed by the user of a local server, and never taken from a link; on a server for
    others it is the operator's.

    Parameters
    ----------
    what : str
        What the engine does: "Reading files".
    name : str
        In the address.
    """
    if not is_installed("ray"):
        return {}
    engine = choose_option(
        name,
        "Engine",
        list(TITLES),
        "local",
        omit_default=True,
        format_func=TITLES.get,
        help=f"{what}: on the {os.cpu_count()} processors of this machine, or on those of all machines of a "
        "Ray cluster, which need the project at the same version and the music at the same path; *Large "
        "collections* on Help says how to start one.",
    )
    if engine == "local":
        return {}
    address = AUTO
    if not server_access().signed:
        address = st.text_input(
            "Address",
            value=AUTO,
            key=f"{name}-address",
            help="**auto**: the cluster that runs on this machine, or the one that RAY_ADDRESS names; else "
            "host:port.",
        ).strip()
    return {"engine": {"name": engine, "address": address or AUTO}}
