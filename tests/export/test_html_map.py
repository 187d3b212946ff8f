"""The map as one HTML file: its parts, its size, and what texts from tags can't do there."""

import base64
import json
import re
import shutil
import subprocess

import numpy as np
import pytest

from core.export.export_file import write_map
from core.export.page.assemble import ENTRY, page_script
from core.export.page.script_bundle import bundle
from core.export.taken import take
from tests.export.small_map import CHOICE, EVIL, FUSED, N, make_small


@pytest.fixture
def small(tmp_path, monkeypatch):
    def project(X, config, seed=0, init=None):  # PaCMAP is compiled for a minute
        return X[:, [0, 1]] + X[:, [-1, -2]]

    monkeypatch.setattr("core.projection.worker.project_in_worker", project)
    return make_small(tmp_path)


def block(text: str, name: str) -> str:
    return text.partition(f'id="{name}">')[2].partition("</script>")[0]


def test_the_file_holds_layouts_clusters_scores_and_excerpts(small, tmp_path):
    report = write_map("small", FUSED, tmp_path / "map.html", settings={"seconds": 1.0})
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    data = json.loads(block(text, "songscape-data"))
    places = np.frombuffer(base64.b64decode(data["positions"]), "<f4").reshape(N, 2)
    chain = np.frombuffer(base64.b64decode(data["chain"]), "<f4").reshape(data["steps"], N, 2)
    taken = take(small, FUSED)
    assert np.allclose(places, taken.places(), atol=1e-3)
    assert np.allclose(chain[data["steps"] // 2], places, atol=1e-3)
    assert not np.allclose(chain[0], chain[-1])
    assert [cluster["name"] for cluster in data["clusters"]] == ["Cluster 1", "Cluster 2", "Cluster 3"]
    assert sum(cluster["size"] for cluster in data["clusters"]) == N
    assert {score[0] for score in data["scores"]} >= {"Silhouette", "ARI", "NMI"}
    assert [one["title"] for one in data["colourings"]] == ["Cluster", "Label"]
    clips = re.findall(r'id="clip-(\d+)">([^<]+)<', text)
    assert [int(number) for number, _ in clips] == list(range(N - 1))
    assert base64.b64decode(clips[0][1])[:2] in (b"ID", b"\xff\xf3")
    assert report["estimated_bytes"] == pytest.approx(report["bytes"], rel=0.15)


def test_without_a_text_weight_or_sound_there_is_no_slider_and_no_excerpt(small, tmp_path):
    write_map("small", CHOICE, tmp_path / "map.html", settings={"seconds": 0.0})
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    data = json.loads(block(text, "songscape-data"))
    assert data["chain"] is None and data["weight"] is None and "clip-0" not in text


def test_markup_in_titles_is_text_and_the_page_may_ask_nothing(small, tmp_path):
    write_map("small", CHOICE, tmp_path / "map.html", settings={"seconds": 0.0})
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "alert(1)</script>" not in text and text.count("</script>") == 2
    assert json.loads(block(text, "songscape-data"))["tracks"][0][0] == EVIL
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-") and "connect-src" not in policy
    assert not re.search(r'(src|href)="(https?:)?//', text)


def test_the_modules_become_one_script_that_is_understood():
    script = page_script()
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
    assert "Permission to use, copy, modify" in script[:1000]  # kdbush's licence goes along
    assert script.count("renderer.js\n") == 1 and "plotly" not in script
    if node := shutil.which("node"):
        done = subprocess.run([node, "--check", "-"], input=bundle(ENTRY), text=True, capture_output=True)
        assert done.returncode == 0, done.stderr


def test_what_the_bundler_does_not_understand_is_refused(tmp_path):
    for source, why in {
        'export * from "./b.js";\n': "not understood",
        'const x = import("./b.js");\n': "not understood",
        'import { a } from "./a.js";\n': "imports itself",
    }.items():
        (tmp_path / "a.js").write_text(source)
        with pytest.raises(ValueError, match=why):
            bundle(tmp_path / "a.js")
