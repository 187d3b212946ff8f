"""The app's shell: what starts, what a visit shows first, what is closed, and that it can be read."""

import json
import subprocess
import sys
import threading
import tomllib
import types
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import collection
from core.errors import CollectionError
from core.ui.shared import first_page, frame

ROOT = Path(__file__).resolve().parents[1]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())


# Starting


@pytest.fixture
def start():
    """Import ``app.py`` as the server does, in a process of its own, and tell what came of it."""

    def run(**settings: str) -> dict:
        look = (
            "import sys, json; from streamlit import config\n"
            f"for name, value in {settings!r}.items(): config.set_option('server.' + name, value)\n"
            "import app; print(json.dumps({"
            "'routes': [route.path for route in app.app._user_routes], 'modules': sorted(sys.modules), "
            "'hosts': config.get_option('server.allowedHosts')}))"
        )
        ran = subprocess.run(
            [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return json.loads(ran.stdout)

    return run


ROUTES = [
    "/audio/{track_id}",
    "/audio/{track_id}/loudness",
    "/map/{key}",
    "/titles/{key}/{page:int}",
    "/map-scripts/{version}/{file:path}",
    "/plotly.min.js",
]


def test_server_has_the_routes_and_imports_nothing_heavy(start):
    started = start()
    assert started["routes"] == ROUTES
    heavy = {
        "torch",
        "pandas",
        "sklearn",
        "librosa",
        "numba",
        "umap",
        "transformers",
        "lance",
        "soundfile",
        "av",
    }
    assert not heavy & set(started["modules"])


def test_server_closes_its_doors_to_foreign_names_on_loopback(start):
    assert set(start()["hosts"]) == {"localhost", "127.0.0.1", "::1"}
    assert start(address="0.0.0.0")["hosts"] == []


def test_routes_lie_below_the_base_path(start):
    assert start(baseUrlPath="/music/")["routes"] == [f"/music{route}" for route in ROUTES]


def test_only_this_machine_reaches_it_and_nothing_is_reported():
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert "port" not in CONFIG["server"]  # Streamlit's own is 8501, and it moves on where that is taken
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"


# The first visit


class Now(threading.Timer):
    """A timer that doesn't wait."""

    def __init__(self, interval, function):
        super().__init__(0, function)


@pytest.fixture
def house(tmp_path, monkeypatch):
    """Give the navigation pages of one line, a demo that notes that it was opened, and an idle worker."""
    told = types.SimpleNamespace(added=[], warmed=[], root=tmp_path)
    (tmp_path / "pages").mkdir()
    for name in ("explore", "compare", "library", "models", "papers", "help"):
        (tmp_path / "pages" / f"{name}.py").write_text(f"import streamlit as st; st.text('this is {name}')")
    (tmp_path / "assets" / "demo").mkdir(parents=True)
    (tmp_path / "assets" / "demo" / "tracks.csv").touch()
    for name in ("mark.svg", "wordmark.svg", "style.css"):
        (tmp_path / "assets" / name).write_bytes((ROOT / "assets" / name).read_bytes())
    monkeypatch.setattr(frame, "ROOT", tmp_path)
    monkeypatch.setattr(frame, "ASSETS", tmp_path / "assets")
    monkeypatch.setattr(first_page, "DEMO", tmp_path / "assets" / "demo" / "tracks.csv")
    monkeypatch.setattr(collection, "add", lambda source, name: told.added.append((source, name)))
    worker = types.ModuleType("core.projection.worker")
    worker.warm = lambda: told.warmed.append(True)
    monkeypatch.setitem(sys.modules, "core.projection.worker", worker)
    monkeypatch.setattr(threading, "Timer", Now)
    st.cache_resource.clear()
    yield told
    st.cache_resource.clear()


def visit() -> AppTest:
    at = AppTest.from_file(str(ROOT / "core" / "ui" / "navigation.py"), default_timeout=20).run()
    for thread in threading.enumerate():
        if thread.name == "warm-up":
            thread.join(10)
    return at


def test_first_visit_opens_the_demo_and_shows_explore(house):
    at = visit()
    assert house.added == [("demo", "demo")]
    assert [text.value for text in at.text] == ["this is explore"]


def test_a_store_that_holds_something_is_left_alone(house, monkeypatch):
    monkeypatch.setattr(collection, "names", lambda: ["mine"])
    visit()
    assert house.added == []


def test_without_a_demo_the_page_still_shows(house):
    (house.root / "assets" / "demo" / "tracks.csv").unlink()
    at = visit()
    assert house.added == []
    assert at.text[0].value == "this is explore"


def test_a_demo_that_can_not_be_read_is_said_and_the_page_still_shows(house, monkeypatch):
    def fail(source, name):
        raise CollectionError("the demo is missing")

    monkeypatch.setattr(collection, "add", fail)
    at = visit()
    assert at.error[0].value == "the demo is missing"
    assert at.text[0].value == "this is explore"


def test_map_worker_is_warmed_once_whatever_happens_to_it(house, monkeypatch):
    at = visit()
    assert house.warmed == [True]
    at.run()
    assert house.warmed == [True]
    st.cache_resource.clear()
    monkeypatch.setattr(sys.modules["core.projection.worker"], "warm", lambda: 1 / 0)
    assert not visit().exception


# The frame


def framed(error):
    import streamlit as st

    from core.ui.shared.frame import next_step, page

    with page("Library", "Where your music comes from"):
        st.text("before")
        next_step("You have *3* collections.", "Explore them", to="explore")
        if error:
            raise error
        st.text("after")


def run_framed(error=None) -> AppTest:
    return AppTest.from_function(framed, kwargs={"error": error}, default_timeout=20).run()


def test_frame_shows_head_body_and_next_step():
    at = run_framed()
    assert at.title[0].value == "Library"
    assert at.caption[0].value == "Where your music comes from"
    assert [text.value for text in at.text] == ["before", "after"]
    assert [mark.value for mark in at.markdown] == ["You have \\*3\\* collections\\.", "**Explore them**"]


def test_error_that_the_user_can_mend_is_shown_in_words_without_its_names_becoming_markup():
    at = run_framed(CollectionError("there is no 'a_b_c' <img onerror=x>"))
    assert not at.exception
    assert at.error[0].value == "there is no 'a\\_b\\_c' &lt;img onerror=x&gt;"
    assert [text.value for text in at.text] == ["before"]


def test_a_defect_stays_loud():
    at = run_framed(ZeroDivisionError("division"))
    assert len(at.exception) == 1
    assert not at.error


def test_a_defect_is_told_in_words_on_the_page():
    def page():
        from core.ui.shared.frame import show_defect

        assert show_defect(ZeroDivisionError("secret detail"))

    at = AppTest.from_function(page).run()
    assert "ZeroDivisionError" in at.error[0].value
    assert "secret detail" not in at.error[0].value


@pytest.mark.parametrize(
    "text", ["*a*", "# x", "[a](b)", ":material/x:", "$x$", "a\\b", "`c`", "~~d~~", ":red[e]", "1. f"]
)
def test_plain_markdown_leaves_no_mark_alive(text):
    escaped = frame.plain_markdown(text)
    assert escaped.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == text
    assert all(escaped[i - 1] == "\\" for i, mark in enumerate(escaped) if mark in "*#[]`$~:" and i >= 0)


# The look


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_right():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_both_shades_can_be_read(shade):
    theme = CONFIG["theme"][shade]
    for ground in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(theme["textColor"], ground) >= 7
        assert contrast(theme["primaryColor"], ground) >= 4.5
        assert contrast(theme["linkColor"], ground) >= 4.5


def test_letters_on_the_accent_can_be_read():
    assert contrast("#ffffff", CONFIG["theme"]["light"]["primaryColor"]) >= 4.5
    assert contrast("#0a2322", CONFIG["theme"]["dark"]["primaryColor"]) >= 4.5
    assert "light-dark(#ffffff, #0a2322)" in (ROOT / "assets" / "style.css").read_text()
