"""A map that is kept while its collection grows."""

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core import store
from core.collection import Collection
from core.pipeline import kept_map
from core.pipeline.choice import Choice
from core.pipeline.kept_map import keep_map
from core.pipeline.layouts import layout
from core.pipeline.space import build_space
from core.pipeline.stages import find_clusters

CHOICE = Choice(audio="table", n_clusters=3, projection="pca")
GROUP = np.arange(150) % 3


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    monkeypatch.setattr(
        "core.projection.worker.project_in_worker", lambda X, config, **given: config.fit(X, **given)
    )


def some(rows) -> Collection:
    """The tracks of some rows of one table."""
    rng = np.random.default_rng(0)
    numbers = 5 * rng.standard_normal((3, 5))[GROUP] + rng.standard_normal((150, 5))
    tracks = pd.DataFrame(
        {"track_id": [f"{i:032x}" for i in rows], "label": np.array(list("xyz"))[GROUP[rows]]}
    )
    for column in ("path", "title", "artist", "language", "caption", "lyrics"):
        tracks[column] = ""
    return Collection(
        "made",
        tracks.assign(duration_s=np.nan),
        pd.DataFrame(numbers[rows], columns=list("abcde")),
        pd.DataFrame({"path": [], "reason": []}),
        {"kind": "table"},
    )


def keep(collection, choice=CHOICE, how="keep"):
    return keep_map(collection, build_space(collection, choice), choice, how)


def test_new_tracks_find_a_place_and_a_cluster_and_nobody_moves():
    before = some(np.arange(120))
    first = keep(before)
    grown = some(np.arange(140))
    space = build_space(grown, CHOICE)
    assert not np.allclose(layout(grown, space, CHOICE)[:120], first.positions)  # the control
    now = keep(grown)
    assert np.array_equal(now.positions[:120], first.positions)
    assert np.array_equal(now.labels[:120], first.labels)
    assert now.is_placed.tolist() == [False] * 120 + [True] * 20
    for row in range(120, 140):  # each among its own group
        own = first.positions[GROUP[:120] == GROUP[row]]
        assert (own.min(0) <= now.positions[row]).all() and (now.positions[row] <= own.max(0)).all()
        assert now.labels[row] == first.labels[GROUP[row]]
    assert now.status["version"] == 1 and now.status["n_placed"] == 20 and now.status["due"] == ""
    assert now.status["share_placed"] == pytest.approx(20 / 140) and 0.5 < now.status["trust"] <= 1


def test_the_order_of_tracks_and_lost_ones_change_nothing_for_the_others():
    keep(some(np.arange(120)))
    fitted = keep(some(np.arange(120)))
    rows = np.random.default_rng(1).permutation(130)[:100]
    now = keep(some(rows))
    old = rows < 120
    assert np.array_equal(now.positions[old], fitted.positions[rows[old]])
    assert np.array_equal(now.is_placed, ~old) and now.status["n_gone"] == 120 - old.sum()


def test_a_new_fit_is_due_where_many_were_placed_and_makes_the_next_version():
    keep(some(np.arange(100)))
    now = keep(some(np.arange(126)))
    assert now.status["due"] == "placed" and now.status["version"] == 1
    anew = keep(some(np.arange(126)), how="anew")
    assert anew.status["version"] == 2 and anew.status["n_placed"] == 0 and anew.status["due"] == ""
    collection = some(np.arange(126))
    space = build_space(collection, CHOICE)
    assert np.array_equal(anew.positions, layout(collection, space, CHOICE).astype("f4"))
    assert np.array_equal(anew.labels, find_clusters(space, CHOICE))
    assert keep(some(np.arange(126))).status == anew.status


def test_a_new_fit_is_due_where_trustworthiness_fell(monkeypatch):
    keep(some(np.arange(120)))
    monkeypatch.setattr(kept_map, "MOST_LOST", -1.0)
    assert keep(some(np.arange(121))).status["due"] == "trust"


def test_maps_are_kept_by_collection_and_choice():
    keep(some(np.arange(120)))
    other = replace(CHOICE, n_clusters=2)
    assert keep(some(np.arange(130)), other).status["n_placed"] == 0
    assert keep(some(np.arange(130))).status["n_placed"] == 10


def test_a_kept_map_survives_what_frees_space():
    first = keep(some(np.arange(120)))
    assert "kept-maps" in store.OWNED
    for name in store.DERIVED:
        shutil.rmtree(store.path_of(name), ignore_errors=True)
    assert np.array_equal(keep(some(np.arange(121))).positions[:120], first.positions)


def test_noise_and_few_tracks(monkeypatch):
    choice = Choice(audio="table", cluster="dbscan", settings=(("eps", 0.01),), projection="pca")
    few = some(np.arange(12))
    assert keep(few, choice).status["trust"] is None
    now = keep(some(np.arange(14)), choice)
    assert (now.labels == -1).all() and now.status["n_placed"] == 2 and np.isfinite(now.positions).all()


def test_a_kept_map_follows_a_collection_that_is_renamed():
    first = keep(some(np.arange(120)))
    renamed = replace(some(np.arange(121)), name="other", info={"kind": "table", "former_names": ["made"]})
    now = keep(renamed)
    assert np.array_equal(now.positions[:120], first.positions) and now.status["n_placed"] == 1
    assert keep(renamed, how="anew").status["version"] == 2
    assert keep(some(np.arange(120))).status["version"] == 1
