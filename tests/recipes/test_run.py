"""Recipes on small collections: tables, claims, resumption, and what is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest

from core import store
from core.collection import Collection
from core.collection.saved import save
from core.errors import ConfigError
from core.jobs.work import WORK
from core.recipes import RECIPES, recipe_spec
from core.recipes.experiment import Experiment, Training
from core.recipes.findings import COLLAPSED, findings_of
from core.recipes.recipe import lacks
from core.recipes.run import arguments_of, configure, estimate_run, run_recipe
from core.recipes.stored_runs import compare_runs, delete_run, import_run, list_runs, load_run
from tests.pipeline.small_space import GROUP, N, make

QUICK_EASY = {"encoder": "tfidf", "epochs": "2", "seeds": "1", "latent_dim": "4"}


@pytest.fixture
def small():
    save(make())
    return "made"


def rows_of(run: dict, table: int = 0) -> dict[str, dict]:
    return {f"{row['name']} {row['variant']}".strip(): row for row in run["tables"][table]["rows"]}


def test_every_recipe_has_published_defaults_a_quick_run_and_systems():
    for name, spec in RECIPES.items():
        recipe = configure(spec, {})
        assert configure(spec, {}, quick=True) == replace(recipe, **recipe.quick), name
        assert set(recipe.quick) <= {field for field in vars(recipe)}
        assert spec.rows or name == "representations"


def test_data_counts_by_hand(small):
    run = run_recipe("data", small)
    counts = {name: row["cells"]["value"]["value"] for name, row in rows_of(run).items()}
    assert counts["Tracks"] == counts["With text"] == N and counts["With audio"] == 0
    assert counts["Median words per text"] == 4
    labels = next(figure for figure in run["figures"] if figure["key"] == "labels")
    assert labels["series"][0]["y"] == [20, 20, 20]


@pytest.mark.slow
def test_hybrid_vae_finds_groups_that_shuffled_labels_lack():
    save(make())
    run = run_recipe("hybrid-vae", "made", {"epochs": "30", "seeds": "2"})
    rows = rows_of(run)
    assert rows["Audio features"]["cells"]["adjusted_rand"]["value"] > 0.9
    assert rows["β-VAE of audio defaults"]["cells"]["adjusted_rand"]["published"] == 0.09
    fused = rows["Fused latents as published"]["cells"]["adjusted_rand"]
    assert abs(fused["control"]) < 0.15 and fused["interval"][0] <= fused["value"] <= fused["interval"][1]
    assert {row["n"] for row in rows.values()} == {N}
    assert run["claims"][0]["key"] == "fused-above-text"
    labels = np.array(make().labels())
    save(make(labels=list(labels[np.random.default_rng(0).permutation(N)])))
    shuffled = rows_of(run_recipe("hybrid-vae", "made", {"epochs": "30", "seeds": "2"}))
    assert abs(shuffled["Audio features"]["cells"]["adjusted_rand"]["value"]) < 0.2


@pytest.mark.slow
def test_as_published_collapses_and_is_marked():
    run = run_recipe("easy", None, {"encoder": "tfidf", "epochs": "20", "seeds": "1"})
    rows = rows_of(run)
    assert COLLAPSED in rows["VAE + K-means as published"]["marks"]
    assert not rows["PCA + K-means as published"]["marks"]
    plain, whitened = (
        rows[f"PCA + K-means {variant}"]["cells"]["adjusted_rand"]["value"]
        for variant in ("as published", "standardised again")
    )
    assert plain > whitened  # standardising whitens principal components


def test_a_second_run_trains_nothing_and_finds_the_same(small, monkeypatch):
    monkeypatch.setattr("core.recipes.experiment.source_hash", lambda *_: "same code")
    first = run_recipe("easy", small, QUICK_EASY)
    monkeypatch.setattr("core.recipes.experiment.train_on", lambda *_, **__: pytest.fail("trained again"))
    second = run_recipe("easy", small, QUICK_EASY)
    assert second["tables"] == first["tables"] and second["claims"] == first["claims"]
    assert [run["id"] for run in list_runs()] == [second["id"], first["id"]] == ["easy-made-2", "easy-made-1"]


def test_an_interrupted_run_goes_on_where_it_was(small, monkeypatch):
    from core.recipes import experiment

    train_on, trained = experiment.train_on, []

    def train_once(*args, **kwargs):
        if trained:
            raise KeyboardInterrupt
        trained.append(args[1])
        return train_on(*args, **kwargs)

    monkeypatch.setattr(experiment, "train_on", train_once)
    monkeypatch.setattr(experiment, "source_hash", lambda *_: "same code")
    with pytest.raises(KeyboardInterrupt):
        run_recipe("easy", small, QUICK_EASY)
    assert not list_runs()
    again = []
    monkeypatch.setattr(
        experiment, "train_on", lambda *args, **given: (again.append(args[1]), train_on(*args, **given))
    )
    run_recipe("easy", small, QUICK_EASY)
    assert trained == ["mlp-vae:tfidf"] and again == ["mlp-vae:tfidf", "pca:tfidf"]


def test_a_method_that_fails_is_a_row_with_the_reason(small):
    run = run_recipe("easy", small, QUICK_EASY | {"encoder": "sentence-nowhere"})
    assert all(row["note"] for row in run["tables"][0]["rows"]) and not run["claims"]


def test_what_a_collection_lacks_is_refused():
    save(make(labels=[""] * N))
    with pytest.raises(ConfigError, match="needs labels, and made has no labels"):
        run_recipe("hybrid-vae", "made")
    with pytest.raises(ConfigError, match="runs on a collection"):
        run_recipe("medium")
    with pytest.raises(ConfigError, match="no setting 'epoch' here"):
        run_recipe("easy", None, {"epoch": "3"})
    with pytest.raises(ConfigError, match="unknown recipe 'harder'"):
        run_recipe("harder")
    assert lacks(recipe_spec("medium"), make(texts=[""] * N)) == ["text"]


def test_a_run_is_shared_compared_and_deleted(small, tmp_path):
    run = run_recipe("data", small)
    file = tmp_path / "run.json"
    file.write_text(json.dumps(run), encoding="utf-8")
    imported = import_run(file)
    assert imported["id"] == "data-made-2" and findings_of(imported) == findings_of(run)
    compared = compare_runs(run, load_run(imported["id"]))
    assert not compared["settings"] and not compared["code"]
    assert {value["difference"] for value in compared["values"]} == {0}
    delete_run(run["id"])
    assert [one["id"] for one in list_runs()] == ["data-made-2"]
    with pytest.raises(ConfigError, match="no run 'data-made-1'"):
        load_run("data-made-1")
    for content in ("{}", "[1]", "no json", '{"id": "x", "tables": [], "figures": [], "claims": []}'):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(ConfigError, match="holds no run"):
            import_run(file)
    with pytest.raises(ConfigError, match="no run"):
        load_run("../jobs")


def test_a_job_holds_the_id_of_its_run_and_no_figures(small):
    assert WORK["recipe"](recipe="data", collection=small) == {"id": "data-made-1"}
    assert load_run("data-made-1")["figures"]


def test_other_genres_train_another_checkpoint(small):
    experiment = Experiment(make())
    plain = experiment.train(Training("pca", "table"))
    tracks = make().tracks.assign(genres="rock; pop")
    relabelled = replace(experiment, collection=Collection("made", tracks, make().table, info=make().info))
    assert plain == experiment.train(Training("pca", "table")) != relabelled.train(Training("pca", "table"))


def test_runs_belong_to_the_user(small):
    run = run_recipe("data", small)
    store.clear_derived()
    assert load_run(run["id"])["tables"] == run["tables"]


def test_estimates_grow_with_tracks_and_shrink_for_a_quick_run():
    spec = recipe_spec("medium")
    assert estimate_run(spec, make(), quick=True) < estimate_run(spec, make(), quick=False)
    assert GROUP.size == N


def test_a_kept_run_says_how_to_make_it_again():
    save(make())
    run = run_recipe("data", "made", {"n_genres": "2"})
    again = arguments_of(run)
    assert again == {"recipe": "data", "collection": "made", "settings": {"n_genres": "2"}, "quick": False}
    simulated = {"recipe": "easy", "quick": True, "settings": {}, "collection": {"name": "songs"}}
    assert arguments_of(simulated) == {
        "recipe": "easy",
        "collection": "songs",
        "settings": {},
        "quick": True,
    }
    simulated["collection"] = {"name": recipe_spec("easy").own_data}
    assert arguments_of(simulated)["collection"] is None
