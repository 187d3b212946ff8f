"""The Help page: topics, contents, and a search."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def page() -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "help.py"), default_timeout=30).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


def test_the_first_topic_shows_its_contents(page):
    assert "# Collections" in shown(page) and "[Sources](#sources)" in shown(page)
    assert page.query_params["topic"] == "collections"


def test_a_link_leads_to_a_topic():
    app = AppTest.from_file(str(ROOT / "pages" / "help.py"), default_timeout=30)
    app.query_params["topic"] = "fusion"
    app.run()
    assert "# Fusion" in shown(app) and "[Per-track](#per-track)" in shown(app)


def test_an_unknown_topic_shows_the_first():
    app = AppTest.from_file(str(ROOT / "pages" / "help.py"), default_timeout=30)
    app.query_params["topic"] = "nowhere"
    app.run()
    assert "# Collections" in shown(app)


def test_a_search_shows_sections_and_ends_when_it_is_cleared(page):
    page.text_input[0].set_value("similarity network").run()
    assert "**Fusion › Graph**" in shown(page) and "# Collections" not in shown(page)
    page.text_input[0].set_value("").run()
    assert "# Collections" in shown(page)


def test_a_search_without_results_says_so(page):
    page.text_input[0].set_value("zyzzyva *bold*").run()
    assert "No section contains" in page.info[0].value and "\\*bold\\*" in page.info[0].value


def test_it_imports_nothing_heavy():
    heavy = "torch,pandas,sklearn,librosa,umap,transformers,lance,core.models,core.features"
    code = f"import sys, core.ui.help.help_body; print([m for m in '{heavy}'.split(',') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
