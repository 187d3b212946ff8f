"""The worked example of CONTRIBUTING.md: one file and one entry each, usable everywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]
MAX_LINES = 60
"""Of code: blank lines and names of files don't count."""


def example() -> str:
    (block,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.S
    )
    return block


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with the example's parts, and a small table with texts."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "core", folder / "core", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "assets").symlink_to(ROOT / "assets")
    pieces = re.split(r"^# (core/\S+\.py)\n", example(), flags=re.M)[1:]
    new = []
    for name, text in zip(pieces[::2], pieces[1::2], strict=True):
        file = folder / name
        new += [] if file.exists() else [name]
        file.write_text(
            (file.read_text(encoding="utf-8") + "\n\n" if file.exists() else "") + text, encoding="utf-8"
        )
    words = ["rain", "river and sea", "a drum in the night of the crowd"]
    rows = [
        {"a": i % 3 + i / 50, "b": -i % 3, "c": i / 7, "lyrics": words[i % 3], "genre": "xyz"[i % 3]}
        for i in range(45)
    ]
    pd.DataFrame(rows).to_csv(folder / "songs.csv", index=False)
    folder.joinpath("new.json").write_text(json.dumps(new))
    return folder


def run(folder: Path, *commands: str) -> list[dict]:
    """Run commands one after the other in one process of the copy; return what each prints."""
    script = (
        "import sys, core.cli.app\nfrom core.cli.terminal import call\nfor line in sys.argv[1:]: "
        "call(core.cli.app.app, line.split())"
    )
    env = {**os.environ, "SONGSCAPE_CACHE": str(folder / "store"), "PYTHONPATH": str(folder)}
    lines = [f"{command} --json" for command in commands]
    done = subprocess.run(
        [sys.executable, "-c", script, *lines], cwd=folder, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_example_is_short_and_each_part_costs_one_file_and_one_entry(project):
    block = example()
    assert sum(bool(line.strip()) and not line.startswith("#") for line in block.splitlines()) <= MAX_LINES
    assert len(json.loads((project / "new.json").read_text())) == 4 == block.count("@register(")


def test_the_new_parts_are_not_in_the_project():
    from core.features import EXTRACTORS
    from core.fusion import FUSIONS
    from core.models import MODELS
    from core.projection import PROJECTIONS

    assert not {"text-length", "linear-ae", "two-sums", "first-two"} & {
        *EXTRACTORS,
        *FUSIONS,
        *MODELS,
        *PROJECTIONS,
    }


@pytest.mark.slow
def test_they_can_be_chosen_trained_scored_and_drawn(project):
    fused = "--text text-length --fusion two-sums"
    added, trained, scored, drawn = run(
        project,
        "add songs.csv --name songs --label genre",
        "train songs --model linear-ae --set latent_dim=3",
        f"score songs --audio linear-ae {fused} --n-clusters 3 --seeds 1",
        f"map songs --audio table {fused} --projection first-two --n-clusters 3 --out map.parquet",
    )
    assert added["n_tracks"] == 45 and trained["checkpoint"].startswith("songs-linear-ae")
    assert scored["n_tracks"] == 45 and scored["scores"]["adjusted_rand"] is not None
    assert drawn["n_tracks"] == 45 and pd.read_parquet(project / "map.parquet")[["x", "y"]].notna().all(
        axis=None
    )
