"""Every command in the code blocks of README and docs/ runs, on the shipped demo and in a clean store."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile

from core import collection as collections
from core.cli import app as cli
from core.cli.terminal import call
from core.collection.saved import change_tracks
from core.export.saved_view import save_view
from core.simulated.small_whisper import save_whisper
from tests.collection.datasets.miniatures import (
    make_fma,
    make_gtzan,
    make_jamendolyrics,
    make_mtg_jamendo,
    make_music4all,
)
from tests.features.pretrained.audio_folders import save_ast

ROOT = Path(__file__).resolve().parents[1]
FILES = [ROOT / "README.md", ROOT / "docs" / "command-line.md"]
FILES += sorted(set((ROOT / "docs").glob("*.md")) - set(FILES))
"""In the order in which the commands build on one another."""
CORE = "python -m core "
NOT_RUN = (
    "make app",
    "make test",
)
SUBSTITUTES = {
    "~/Music": "Music",
    "~/datasets/": "",
    "openai/whisper-small": "tiny-whisper",
    "epochs=5": "epochs=1",
    "epochs=20": "epochs=1",
    "epochs=30": "epochs=1",
    "epochs=10 --folds 5": "epochs=1 --folds 2",
    "pretrained get ast": "pretrained get tiny-ast",
    "run easy --quick": "run easy --quick --set encoder=tfidf --set epochs=1",
    "encoder+mfcc": "encoder:tiny-ast+mfcc",
    "train demo": "train part",
    "compare demo --matrix": "compare part --matrix --quick --set audio=mfcc --set clusterers=kmeans",
    "score demo --audio contrastive": "score part --audio contrastive",
    "score demo --audio mae": "score part --audio mae",
}
"""What takes long, or is not on every machine, and what stands in for it; ``part`` is a sixth of the demo."""


def commands_of(text: str) -> list[str]:
    """Return the lines of the code blocks that name no language, without comments."""
    found = re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    blocks = [block for language, block in found if not language]
    lines = [re.sub(r"\s+# .*", "", line).strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


COMMANDS = list(
    dict.fromkeys(line for file in FILES for line in commands_of(file.read_text(encoding="utf-8")))
)
RUN = [line for line in COMMANDS if line.startswith(CORE)]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A working folder: a clean store, audio, small datasets, a table, a tiny Whisper and a tiny AST."""
    place, rng = tmp_path_factory.mktemp("readme"), np.random.default_rng(0)
    (place / "Music").mkdir()
    for i in range(14):
        y = 0.3 * np.sin(2 * np.pi * (150 + 40 * i) * np.arange(24_000) / 8_000) + 0.02 * rng.normal(
            size=24_000
        )
        soundfile.write(place / "Music" / f"{i}.wav", y, 8_000)
    X = rng.normal(size=(40, 5)) + 4 * (np.arange(40) % 4)[:, None]
    pd.DataFrame(X, columns=list("abcde")).assign(genre=list("wxyz") * 10).to_csv(
        place / "features.csv", index=False
    )
    make_gtzan(place / "gtzan")
    make_fma(place / "fma")
    make_music4all(place / "music4all")
    make_mtg_jamendo(place / "mtg-jamendo")
    make_jamendolyrics(place / "jamendolyrics")
    save_whisper(place / "tiny-whisper")
    save_ast(place / "tiny-ast")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SONGSCAPE_CACHE", str(place / "store"))
        patch.chdir(place)
        for name, k in (("A", 5), ("B", 8)):  # as Pin on Explore saves them
            choice = {"audio": "mfcc", "n_clusters": k, "projection": "pca"}
            save_view(name, "demo", {"on": "demo", "k": str(k)}, choice)
        collections.add("demo", "part")
        change_tracks("part", lambda tracks: tracks.iloc[::6].reset_index(drop=True))
        yield place


@pytest.fixture(autouse=True)
def own_store():
    """Stand in for the suite's store per test: each command builds on those before."""


def test_readme_is_for_five_minutes():
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 120 and max(map(len, lines)) <= 118


def test_links_lead_to_files():
    for file in [*FILES, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]:
        for target in re.findall(r"\]\(([^)#\s]+)", file.read_text(encoding="utf-8")):
            assert "://" in target or (file.parent / target).exists(), f"{file.name}: {target}"


def test_every_line_is_run_or_named_as_not_run():
    assert len(RUN) >= 17 and set(COMMANDS) - set(RUN) == set(NOT_RUN)
    assert all(any(old in line for line in RUN) for old in SUBSTITUTES)


@pytest.mark.slow
@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("line", RUN, ids=lambda line: line.removeprefix(CORE)[:60])
def test_a_documented_command_works(line, capsys):
    for old, new in SUBSTITUTES.items():
        line = line.replace(old, new)
    args = shlex.split(line.removeprefix(CORE))
    assert call(cli.app, args) == 0, capsys.readouterr().err
    printed = capsys.readouterr().out
    if "--json" in args:
        assert printed.count("\n") == 1 and "error" not in json.loads(printed)
    else:
        assert printed.strip()
    if "--out" in args:
        assert Path(args[args.index("--out") + 1]).stat().st_size > 0
