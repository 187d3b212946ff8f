"""What the first page needs, made ready while the browser loads Streamlit's frontend."""

import gc
import importlib
import threading
from collections.abc import Sequence
from pathlib import Path

from core.access.viewer import SERVER, acting_for
from core.errors import SongscapeError

DEMO = Path(__file__).resolve().parents[3] / "assets" / "demo" / "tracks.csv"
_ADDING = threading.Lock()


def first_of(names: Sequence[str]) -> str:
    """Return the collection that pages open with: the demo, else the first of at least one."""
    return "demo" if "demo" in names else names[0]


def add_demo() -> None:
    """Add the demo to an empty library."""
    from core import collection

    with _ADDING, acting_for(SERVER):  # the demo has no owner
        if DEMO.is_file() and not collection.names():
            collection.add("demo", "demo")


def preload() -> None:
    """Import what Explore needs, add the demo to an empty library, and read what the first map stands on.

    Nothing is computed, and no error of the store or a collection is raised: the page computes what is
    missing and shows what went wrong.
    """
    gc.disable()  # what is imported stays, and looking for garbage meanwhile would take a sixth of the time
    try:
        _preload()
    finally:
        gc.freeze()  # nor is it looked through later
        gc.enable()


def _preload() -> None:
    """Import, add and read."""
    importlib.import_module("core.ui.explore.explore_body")
    from core import collection, store
    from core.pipeline.first_choice import default_choice
    from core.pipeline.space import build_space
    from core.pipeline.stages import find_clusters

    try:
        add_demo()
        with acting_for(SERVER):
            names = collection.names()
            if not names:
                return
            first = collection.load(first_of(names))
            choice = default_choice(first)
            with store.cached_only():
                find_clusters(build_space(first, choice), choice)
    except (SongscapeError, OSError, store.NotCached):
        return
