"""Versions of one recording on the command line."""

import json

import numpy as np
import pandas as pd
import pytest

from core import collection as collections
from core.cli import app as cli
from core.cli.terminal import call
from core.search.versions import find_versions


@pytest.fixture(autouse=True)
def table(tmp_path):
    X = np.random.default_rng(0).standard_normal((30, 5))
    X[29] = X[0] + 0.001
    titles = [f"{a}{b} song" for a in "abcde" for b in "uvwxyz"]
    pd.DataFrame(X, columns=[f"x{i}" for i in range(5)]).assign(
        title=[*titles[:29], "Au song (live)"]
    ).to_csv(tmp_path / "t.csv", index=False)
    collections.add(tmp_path / "t.csv", "t")


def test_versions_lists_pairs_with_their_evidence(capsys):
    assert call(cli.app, ["versions", "t"]) == 0
    out = capsys.readouterr().out
    assert "2 tracks in 1 group of versions among 30 tracks compared by table." in out
    assert "au song (" in out and "Au song (live) (" in out and "titles 100% alike" in out
    assert call(cli.app, ["versions", "t", "--audio", "table", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["n_versions"] == 2 and result["groups"][0]["pairs"][0]["duration_ratio"] is None


def test_a_pair_is_rejected_and_restored_by_title_or_id(capsys):
    (pair,) = find_versions(collections.load("t"))["groups"][0]["pairs"]
    assert call(cli.app, ["versions", "t", "--reject", pair["second"][:8], pair["first"]]) == 0
    out = capsys.readouterr().out
    assert "No versions" in out and out.endswith("1 pair left out that you rejected.\n")
    assert call(cli.app, ["versions", "t", "--restore", "Au song (live)", pair["first"]]) == 0
    assert "2 tracks in 1 group" in capsys.readouterr().out
    assert call(cli.app, ["versions", "t", "--reject", "nothing", "Au song (live)"]) == 1
    assert "no track of t has the id or the title 'nothing'" in capsys.readouterr().err
