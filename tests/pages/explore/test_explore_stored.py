"""What Explore computed once is read from the store by every later run of every visitor."""

from dataclasses import replace

import pytest

from core import store
from core.collection import load
from core.pipeline.choice import Choice
from core.pipeline.space import build_space
from core.ui.shared import results
from tests.pages.explore_page import make_collection, open_page, ready, shown

pytestmark = pytest.mark.slow

BOTH = {"look": "fused", "audio": "table", "text": "tfidf", "k": "3"}


@pytest.fixture
def made(monkeypatch):
    """Give the kinds of values that are computed from now on."""
    kinds, put = [], store.put

    def note(kind, key, value):
        kinds.append(kind)
        return put(kind, key, value)

    monkeypatch.setattr("core.store.cache.put", note)
    return kinds


@pytest.mark.parametrize(
    "query",
    [
        {**BOTH, "weight": "0.4", "curve": "1"},
        {**BOTH, "fusion": "graph"},
        {**BOTH, "fusion": "per-track"},
        {"look": "audio", "audio": "table", "cluster": "dbscan"},
        {**BOTH, "find": "rain river"},
    ],
    ids=["weights", "slow fusion", "cues", "suggested setting", "phrase"],
)
def test_another_look_takes_everything_from_the_store(query, made, near_worker):
    make_collection()
    others = len(results.results())
    at = open_page(**query)
    for _ in range(4):
        ready(at)
    told = shown(at)
    assert made and len(results.results()) == others
    made.clear(), near_worker.clear()
    at.run()
    assert not at.exception and shown(at) == told
    another = open_page(**query)  # another visitor
    assert not another.exception and not another.error
    assert made == [] and near_worker == [] and len(results.results()) == others
    for words in ("mean of 5 seeds", "Suggested", "20 found", "Score every text weight"):
        assert (words in shown(another)) == (words in told)


def test_a_changed_collection_is_another_one_at_the_next_look():
    make_collection()
    at = open_page(look="audio", audio="table", k="3")
    assert "60 tracks" in shown(at)
    make_collection(n=45)
    ready(at)
    assert "45 tracks" in shown(at) and "60 tracks" not in shown(at)


def test_a_seed_and_a_setting_of_the_fusion_make_another_representation():
    make_collection()
    graph, each = (
        Choice(audio="table", text="tfidf", fusion="graph"),
        Choice(audio="table", text="tfidf", fusion="per-track"),
    )
    changed = replace(graph, fusion_settings=(("n_neighbours", 7),)), replace(each, seed=1)
    first = [build_space(load("small"), choice).key for choice in (graph, each, *changed)]
    assert len(set(first)) == 4 and first == [
        build_space(load("small"), choice).key for choice in (graph, each, *changed)
    ]
