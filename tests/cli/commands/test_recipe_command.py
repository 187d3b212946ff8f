"""``python -m core recipe``."""

import json

from tests.cli.run_app import run


def test_recipes_are_listed_run_shown_compared_and_reported(small, tmp_path):
    listed = json.loads(run("recipe", "list", "--json").stdout)
    assert {"easy", "medium", "hard", "hybrid-vae"} <= {recipe["name"] for recipe in listed["recipes"]}
    assert listed["runs"] == []
    first = json.loads(run("recipe", "run", "data", "--on", "small", "--json").stdout)
    assert first["id"] == "data-small-1" and first["tables"][0]["key"] == "collection"
    text = run("recipe", "run", "data", "--on", "small", "--set", "n_genres=2").stdout
    assert "Kept as data-small-2" in text and "Median words per text" in text
    assert run("recipe", "show", "data-small-1").stdout.count("Tracks") >= 1
    compared = json.loads(run("recipe", "compare", "data-small-1", "data-small-2", "--json").stdout)
    assert compared["settings"] == {"n_genres": [50, 2]}
    assert "n_genres: 50 → 2" in run("recipe", "compare", "data-small-1", "data-small-2").stdout
    out = tmp_path / "run.json"
    assert run("recipe", "report", "data-small-1", "--out", str(out)).exit_code == 0
    assert run("recipe", "delete", "data-small-1").exit_code == 0
    assert json.loads(run("recipe", "import", str(out), "--json").stdout)["run"] == "data-small-1"
    runs = json.loads(run("recipe", "list", "--json").stdout)["runs"]
    assert {one["id"] for one in runs} == {"data-small-1", "data-small-2"}


def test_what_can_be_mended_is_status_1(small):
    run("recipe", "run", "inpainting", "--on", "small", expect=1)
    run("recipe", "show", "nothing", expect=1)
    run("recipe", "run", expect=2)
