"""The map of a choice is the same whichever way one came to it."""

from dataclasses import replace

import numpy as np
import pytest

from core import store
from core.export.export_file import map_table
from core.pipeline import layouts
from core.pipeline.choice import Choice
from core.pipeline.layouts import (
    MIDDLE,
    TEXT_WEIGHTS,
    between_steps,
    chain_weights,
    has_chain,
    layout,
    layout_chain,
    layout_key,
    peek_chain,
    peek_layout,
    placeholder_layout,
    preview,
)
from core.pipeline.space import build_space
from tests.pipeline.small_space import make

BOTH = Choice(audio="table", text="tfidf", n_clusters=3)


@pytest.fixture
def fits(monkeypatch):
    """A projection that depends on where it starts, and a list of what was asked of it."""
    asked = []

    def fit(X, config, seed=0, init=None):
        asked.append("cold" if init is None else "warm")
        start = X[:, :2] + seed if init is None else init
        return (0.5 * start + 0.5 * X[:, 2:4]).astype(np.float32)

    monkeypatch.setattr(layouts.worker, "project_in_worker", fit)
    return asked


def in_a_new_store(monkeypatch, folder):
    monkeypatch.setenv("SONGSCAPE_CACHE", str(folder))


def at(weight: float, collection=None, **changes):
    choice = replace(BOTH, text_weight=weight, **changes)
    collection = collection or make()
    return collection, build_space(collection, choice), choice


def test_starting_from_what_was_shown_depends_on_the_way(fits):
    """The control: were this kept under the choice's key, the key would lie."""
    collection, space, choice = at(0.7)
    shown = [layout(*at(weight, collection)) for weight in (0.3, 1.0)]
    assert not np.allclose(preview(space, choice, shown[0]), preview(space, choice, shown[1]))


def test_what_stands_in_for_a_layout_is_fitted_once(monkeypatch):
    _, space, choice = at(0.5)
    first = placeholder_layout(space, choice.seed)
    assert first.shape == (len(space.X), 2) and peek_layout(space, choice) is None
    monkeypatch.setattr("core.projection.pca.PCA2.fit", lambda *a, **k: pytest.fail("fitted again"))
    assert np.array_equal(placeholder_layout(at(0.5)[1], choice.seed), first)


def test_two_routes_lead_to_the_same_map(fits, monkeypatch, tmp_path):
    found = {}
    for route, weights in {
        "straight": [],
        "from the left": [0.0, 0.3, 0.55],
        "from the right": [1.0, 0.9],
    }.items():
        in_a_new_store(monkeypatch, tmp_path / route)
        collection = make()
        for weight in weights:
            shown = layout(*at(weight, collection))
            preview(*at(0.7, collection)[1:], shown)
        found[route] = layout(*at(0.7, collection))
    assert np.array_equal(found["straight"], found["from the left"])
    assert np.array_equal(found["straight"], found["from the right"])


def test_the_command_line_writes_the_map_that_the_page_shows(fits, monkeypatch, tmp_path):
    collection, space, choice = at(0.65)
    layout(*at(0.2, collection))
    shown = layout(collection, space, choice)
    in_a_new_store(monkeypatch, tmp_path / "another")
    table, _ = map_table(make(), choice)
    assert np.array_equal(table[["x", "y"]].to_numpy(np.float32), shown)


def test_a_chain_is_one_value_that_begins_in_the_middle(fits):
    collection, space, choice = at(0.5)
    middle = layout(collection, space, choice)
    assert fits == ["cold"]
    chain = layout_chain(collection, choice)
    assert fits == ["cold"] + ["warm"] * 20 and chain.shape == (21, len(space.X), 2)
    assert np.array_equal(chain[MIDDLE], middle)
    for position, weight in enumerate(TEXT_WEIGHTS):
        assert np.array_equal(layout(*at(weight, collection)), chain[position])
    assert len(fits) == 21
    keys = {layout_key(*at(weight, collection)[1:]) for weight in TEXT_WEIGHTS}
    assert len(keys) == 2  # the middle stands by itself, all others are the chain


def test_a_weight_between_two_steps_starts_from_the_one_nearer_to_the_middle(fits):
    collection, space, choice = at(0.62)
    expected = preview(space, choice, layout(*at(0.6, collection)))
    assert np.array_equal(layout(collection, space, choice), expected)
    collection, space, choice = at(0.38)
    assert np.array_equal(
        layout(collection, space, choice), preview(space, choice, layout(*at(0.4, collection)))
    )


@pytest.mark.parametrize("changes", [{"text": None}, {"projection": "tsne"}, {"fusion": "concat"}])
def test_what_no_quick_weight_moves_stands_by_itself(fits, changes):
    weight = 0.5 if "fusion" in changes else 0.7
    collection, space, choice = at(weight, **changes)
    layout(collection, space, choice)
    assert fits == ["cold"]


def test_a_chain_of_many_tracks_has_fewer_steps():
    assert [len(chain_weights(n)) for n in (5_000, 5_001, 100_000, 100_001)] == [21, 11, 11, 3]
    assert chain_weights(10**6) == (0.0, 0.5, 1.0) and chain_weights(10**5)[3] == pytest.approx(0.3)


@pytest.mark.parametrize(("most", "steps"), [(100_000, 11), (20, 3)])
def test_weights_of_large_collections_start_from_the_middle_and_wait_for_no_chain(
    fits, monkeypatch, tmp_path, most, steps
):
    monkeypatch.setattr(layouts, "MOST_CHAINED", 10)
    monkeypatch.setattr(layouts, "MOST_IN_TENTHS", most)
    collection, space, choice = at(0.7)
    alone = layout(collection, space, choice)
    assert fits == ["cold", "warm"] and peek_chain(space, choice) is None and has_chain(space, choice)
    fits.clear()
    chain = layout_chain(collection, choice)
    new = steps - (2 if 0.7 in chain_weights(len(space.X)) else 1)
    assert chain.shape == (steps, len(space.X), 2) and fits == ["warm"] * new
    for weight, step in zip(chain_weights(len(space.X)), chain, strict=True):
        assert np.array_equal(layout(*at(weight, collection)), step)
    assert np.array_equal(peek_chain(space, choice), chain) and len(fits) == new
    in_a_new_store(monkeypatch, tmp_path / "another")  # the same map, come to another way
    other = make()
    layout_chain(other, choice)
    assert np.array_equal(layout(*at(0.7, other)), alone)


def test_between_two_steps_of_a_chain_points_are_between_their_places(fits):
    collection, space, choice = at(0.62)
    assert between_steps(space, choice) is None
    chain = layout_chain(collection, choice)
    low, high = TEXT_WEIGHTS.index(0.6), TEXT_WEIGHTS.index(0.65)
    np.testing.assert_allclose(
        between_steps(space, choice), chain[low] + 0.4 * (chain[high] - chain[low]), atol=1e-5
    )
    np.testing.assert_array_equal(between_steps(*at(1.0, collection)[1:]), chain[-1])
    assert between_steps(*at(0.62, collection, projection="tsne")[1:]) is None


def test_what_is_kept_can_be_looked_at_without_computing(fits):
    collection, space, choice = at(0.7)
    assert peek_layout(space, choice) is None and fits == []
    positions = layout(collection, space, choice)
    assert np.array_equal(peek_layout(space, choice), positions)
    assert peek_layout(*at(0.3, collection)[1:]) is not None  # the same chain


def test_keys_tell_projections_and_seeds_apart(fits):
    _, space, choice = at(0.7)
    keys = {
        layout_key(space, replace(choice, projection=p, seed=s))
        for p in ("pca", "pacmap", "tsne")
        for s in (0, 1)
    }
    assert len(keys) == 6
    assert all(store.peek("layouts", key) is None for key in keys)


def test_a_previewed_layout_is_not_kept(fits):
    _, space, choice = at(0.7)
    preview(space, choice, np.zeros((len(space.X), 2), np.float32))
    assert peek_layout(space, choice) is None


def test_a_chain_leaves_no_representations_behind(fits):
    collection, _, choice = at(0.5)
    layout_chain(collection, choice)
    assert len(list(store.path_of("arrays", "spaces").glob("*.npy"))) == 1
