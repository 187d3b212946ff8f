"""Limits of the code: imports of Streamlit, file sizes, and what the first page loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE = sorted((ROOT / "core").rglob("*.py"))
MOST_LINES = 250


def imports_of(path: Path) -> set[str]:
    """Return the dotted names that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


SPEAKS_PROTOCOL = ROOT / "core" / "bench" / "sessions" / "client.py"  # imports its messages


def is_ui(path: Path) -> bool:
    return (ROOT / "core" / "ui") in path.parents or path == SPEAKS_PROTOCOL


@pytest.mark.parametrize(
    "path", [p for p in CORE if not is_ui(p)], ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_only_the_pages_and_core_ui_know_streamlit(path):
    names = imports_of(path)
    assert not any(name.split(".")[0] == "streamlit" for name in names)
    assert not any(name.startswith(("core.ui", "pages")) for name in names), "arrows point down"


@pytest.mark.parametrize(
    "path",
    [*CORE, ROOT / "app.py", *(ROOT / "pages").glob("*.py")],
    ids=lambda p: p.relative_to(ROOT).as_posix(),
)
def test_a_file_has_one_idea(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_only_the_store_names_its_folder():
    """No module but the store builds paths from the variable that moves it."""
    for path in CORE:
        # a job's process is given the store of its parent, a benchmark makes one of its own
        is_store = (ROOT / "core" / "store") in path.parents
        if not is_store and path.name not in ("job.py", "temporary_store.py"):
            assert "SONGSCAPE_CACHE" not in path.read_text(encoding="utf-8"), path


def test_the_first_page_waits_for_nothing_heavy():
    heavy = "torch,umap,numba,transformers,sklearn,librosa,pacmap,openTSNE,sentence_transformers,lance"
    code = (
        "import sys, app, core.ui.explore.explore_body, core.ui.explore.controls; "
        f"print([m for m in '{heavy}'.split(',') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_streamlits_caches_hold_handles_and_no_values():
    """What is computed is kept in the store, under its keys; Streamlit's own caches know nothing of those."""
    for path in [*CORE, *(ROOT / "pages").glob("*.py")]:
        assert "cache_data" not in path.read_text(encoding="utf-8"), path
