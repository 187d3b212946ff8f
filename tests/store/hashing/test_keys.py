"""The keys of real steps, on copies of the project: a comment changes none, a line between two steps changes
those below it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import json
from dataclasses import replace
from tests.pipeline.small_space import BOTH, make
from core.pipeline.layouts import layout_key
from core.pipeline.space import build_space
from core.pipeline.stages import _clusters_key, settle_k
from core.representation.represent import represent
made, choice = make(), replace(BOTH, projection="pacmap", text_weight=0.7)
space = build_space(made, choice)
searched = settle_k(space, replace(choice, n_clusters=None))
print(json.dumps({
    "audio": represent(made, "table", modality="audio").key,
    "text": represent(made, "tfidf", modality="text").key,
    "space": space.key, "clusters": _clusters_key(space, searched), "layout": layout_key(space, choice),
}))
"""
MUTATIONS = {
    "fusion of the wrong rows": (
        "pipeline/space.py",
        "fusion.fuse(audio, text, audio_present",
        "fusion.fuse(text, audio, audio_present",
        "space clusters layout",
    ),
    "k of the lowest Silhouette": (
        "pipeline/stages.py",
        'search["silhouette"].idxmax()',
        'search["silhouette"].idxmin()',
        "clusters",
    ),
    "absent rows that aren't zero": (
        "representation/vectors.py",
        "X[~features.present] = 0",
        "X[~features.present] = 1",
        "audio text space clusters layout",
    ),
    "a corpus's rows in other places": (
        "features/extraction/extract.py",
        "X[present] = some\n",
        "X[present] = some[::-1]\n",
        "text space clusters layout",
    ),
    "a chain that starts elsewhere": (
        "pipeline/layouts.py",
        "chain[MIDDLE] = start",
        "chain[MIDDLE] = start[::-1]",
        "layout",
    ),
    "another weight before": ("pipeline/layouts.py", "np.floor if weight >", "np.ceil if weight >", "layout"),
    "another energy": (
        "fusion/standardise.py",
        "np.sqrt(energy)",
        "np.sqrt(energy + 1)",
        "space clusters layout",
    ),
    "another start of PaCMAP": ("projection/pacmap.py", "0.01 * start", "0.02 * start", "layout"),
    "other clusters": (
        "clustering/clusterer.py",
        "= np.arange(len(clusters))\n",
        "= np.arange(len(clusters))[::-1]\n",
        "clusters",
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for name in ("core", "tests"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "store_0_1", "e2e")
        )
    (folder / "assets").symlink_to(ROOT / "assets")
    return folder


def keys_of(folder: Path) -> dict[str, str]:
    env = {
        **os.environ,
        "SONGSCAPE_CACHE": str(folder / "store"),
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def before(copy) -> dict[str, str]:
    return keys_of(copy)


def test_comments_in_every_file_change_no_key(copy, before):
    for file in (copy / "core").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        file.write_text("# first\n" + text + "\n# last\n", encoding="utf-8")
    assert keys_of(copy) == before


@pytest.mark.parametrize("what", MUTATIONS)
def test_a_changed_line_changes_the_keys_of_what_stands_on_it(what, copy, before):
    name, old, new, changed = MUTATIONS[what]
    file = copy / "core" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    try:
        after = keys_of(copy)
    finally:
        file.write_text(text, encoding="utf-8")
    assert {key for key in before if after[key] != before[key]} == set(changed.split())
