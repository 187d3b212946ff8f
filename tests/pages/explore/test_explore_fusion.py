"""The fusion panel of Explore: what was picked, the gain, weights per track, the curve, and progress."""

import contextlib
import threading

import numpy as np
import pandas as pd
import pytest

from core import store
from core.collection import Collection
from core.collection.saved import save
from core.ui.explore import slow_results as fusing
from core.ui.shared import results
from tests.pages.explore_page import (
    NASTY,
    control,
    legend_of,
    make_collection,
    map_of,
    open_page,
    ready,
    shown,
)

pytestmark = pytest.mark.slow

BOTH = {"look": "fused", "audio": "table", "text": "tfidf", "k": "3"}
SUNG = [f"{(i * 7) % 60 / 60:.4f}" for i in range(60)]
"""A column that says how instrumental each track is: a cue without any sound to read."""


def panel(**query):
    at = open_page(**BOTH, **query)
    at.session_state["explore-tab"] = "Fusion"
    return ready(ready(at))  # once more: what is measured after the intervals


def text(at) -> str:
    return shown(at).replace("\\", "")


def charts(at) -> list[str]:
    return [chart.proto.id for chart in at.get("plotly_chart")]


def test_one_modality_says_why_nothing_was_fused():
    make_collection()
    assert "Only audio is used. Set “Modality” to “Fused”" in text(
        open_page(look="audio", audio="table", k="3")
    )
    assert "Only text is used." in text(open_page(look="text", text="tfidf", k="3"))
    save(
        Collection(
            "mute",
            pd.DataFrame({"track_id": [f"{i:032x}" for i in range(20)]}),
            pd.DataFrame(np.random.default_rng(0).random((20, 3)), columns=list("xyz")),
            info={"kind": "table"},
        )
    )
    at = open_page(on="mute", k="2")
    assert "These tracks have no text to fuse their audio with." in text(at)
    hints = " ".join(caption.value for caption in at.caption)
    assert "No track here has audio. Click one to select it" in hints and "to show it here" in hints
    assert "to hear it" not in hints and "to play it" not in hints


def test_a_plain_fusion_tells_its_weight_and_what_it_gained():
    make_collection()
    at = panel(weight="0.4")
    assert "Weighted: text weight 40% in every track that has both modalities." in text(at)
    assert "alone, the better single modality: adjusted Rand index" in text(
        at
    ) and "the clusters of one seed; 95 % interval over 60 labelled tracks with both modalities" in text(at)
    assert not charts(at) and "Text weight" not in control(at.sidebar.selectbox, "Colour").options


def test_without_labels_nothing_is_compared():
    make_collection(label=[""] * 60)
    assert "Without labels the gain of fusion can't be measured." in text(panel())


def test_weights_per_track_are_shown_as_colour_per_cluster_and_with_what_made_them():
    make_collection(instrumentalness=SUNG)
    at = panel(fusion="per-track", colour="text_weight", track=f"{7:032x}")
    assert "Text weight" in control(at.sidebar.selectbox, "Colour").options
    assert "The cues " in text(at)
    assert "Text weight by cluster" in text(at) and len(charts(at)) == 1
    assert map_of(at)["legend"]["scale"] and map_of(at)["legend"]["ends"] == ["Audio", "Text"]
    assert all(name.startswith("Text weight: ") for name in legend_of(at))
    (table,) = [e.proto.body for e in at.get("html") if "table.reasons" in e.proto.body]
    assert "Instrumentalness" in table and "the collection's own column" in table.replace("&#x27;", "'")
    assert f"<b>{float(SUNG[7]):.2f}</b>" in table
    assert "song 7: text weight" in text(at).replace("*", "")
    assert "Mean rank" in text(at)


@pytest.mark.parametrize("colour, after", [("text_weight", "cluster"), ("label", "label")])
def test_leaving_a_fusion_with_weights_per_track_keeps_the_colours_that_remain(colour, after):
    make_collection()
    at = open_page(**BOTH, fusion="per-track", colour=colour)
    for fusion in ("weighted", "per-track"):
        control(at.sidebar.selectbox, "Fusion").set_value(fusion)
        ready(at)
        assert control(at.sidebar.selectbox, "Colour").value == after
        assert ("Cluster 1" if after == "cluster" else "reel") in legend_of(at)
        assert after in at.query_params["colour"]


def test_tracks_about_which_nothing_is_known_count_half_and_say_so():
    make_collection()
    at = panel(fusion="per-track", track=f"{7:032x}")
    assert "song 7: text weight 50%" in text(at).replace("*", "")
    assert "Mean rank" in text(at) or "No cue of this track is known" in text(at)


def test_auto_says_what_it_picked_and_by_how_much():
    make_collection(instrumentalness=SUNG)
    at = panel(fusion="auto", colour="text_weight")
    assert "Chose " in text(at) and "Replication of clusters" in text(at)
    assert "Lead over" in text(at) and "±" in text(at)
    assert "1: the same clusters come back" in text(at) and len(charts(at)) >= 1
    picked = text(at).split("Chose ")[1].split(":")[0]
    if picked in ("weighted", "graph"):
        assert "has no text weight per track" in text(at)
        assert "This fusion has no text weight per track" in text(at) and "Cluster 1" in legend_of(at)


def test_every_weight_is_scored_when_asked_and_only_then():
    make_collection()
    at = panel()
    assert not charts(at)
    control(at.toggle, "Score every text weight").set_value(True)
    at = ready(ready(at))
    assert control(at.selectbox, "Score").value == "adjusted_rand" and len(charts(at)) == 1
    assert "Left: audio alone; right: text alone; higher is better." in text(at)
    control(at.selectbox, "Score").set_value("davies_bouldin")
    at = ready(at)
    assert "lower is better" in text(at) and "Each weight is scored on its own representation" in text(at)
    address = {
        name: value[0] if isinstance(value, list) else value for name, value in at.query_params.items()
    }
    assert address["curve"] == "1" and address["curve-by"] == "davies_bouldin"


def test_too_few_tracks_for_a_gate_are_said():
    tracks = pd.DataFrame(
        {"track_id": [f"{i:032x}" for i in range(12)], "lyrics": [f"rain sun {w}" for w in "abcdefghijkl"]}
    )
    save(
        Collection(
            "few",
            tracks,
            pd.DataFrame(np.random.default_rng(0).random((12, 3)), columns=list("xyz")),
            info={"kind": "table"},
        )
    )
    at = open_page(on="few", look="fused", audio="table", text="tfidf", k="2", fusion="learned")
    assert "a gate is learnt from 40 tracks or more" in at.error[0].value.replace("\\", "")


def test_nothing_from_tags_is_markup_in_the_panel():
    make_collection(title=[NASTY] * 60, instrumentalness=SUNG)
    at = panel(fusion="per-track", track=f"{7:032x}")
    bodies = " ".join(e.proto.body for e in at.get("html")) + " ".join(m.value for m in at.markdown)
    assert "<img" not in bodies


@pytest.fixture
def slow(monkeypatch):
    """Hold every fusion but the weighted one, where it is computed, until it is let go."""
    go, real = threading.Event(), fusing.build_space

    def build(collection, choice, progress):
        with contextlib.suppress(store.NotCached), store.cached_only():
            return real(collection, choice, progress)
        store.check_may_compute()
        progress(1, 4, "does it replicate? by weight")
        assert go.wait(30)
        progress(2, 4, "does it replicate? by neighbourhoods")
        return real(collection, choice, progress)

    monkeypatch.setattr(fusing, "build_space", build)
    monkeypatch.setattr(fusing, "PATIENCE_S", 0.05)
    yield go
    go.set()


def look(**query):
    from streamlit.testing.v1 import AppTest

    from tests.pages.explore_page import PAGE

    at = AppTest.from_file(str(PAGE), default_timeout=60)
    for name, value in {**BOTH, **query}.items():
        at.query_params[name] = value
    return at.run()


def test_until_a_long_fusion_is_there_the_weighted_one_stands_in(slow):
    make_collection()
    at = look(fusion="graph")
    assert not at.exception
    assert (
        "“Graph (similarity network fusion)” is being computed; until it is ready, the map shows the "
        "weighted fusion with text weight 50 %." in text(at)
    )
    (bar,) = at.get("progress")
    assert bar.proto.value == 25 and "does it replicate? by weight" in bar.proto.text.replace("\\", "")
    assert "The fusion is being computed." in text(at) and "60 tracks" in text(at)
    slow.set()
    at = ready(at)
    assert "is being computed" not in text(at) and not at.get("progress")
    assert "Before: fusion Weighted." in text(at)


def test_a_long_fusion_can_be_stopped(slow):
    make_collection()
    at = look(fusion="graph")
    next(b for b in at.button if b.label == "Stop").click()
    at.run()
    assert not at.exception and control(at.sidebar.selectbox, "Fusion").value == "weighted"
    assert "is being computed" not in text(at)
    slow.set()
    results.results().settle()
    again = ready(ready(look(fusion="graph")))  # what was stopped is begun anew when it is asked for
    assert "is being computed" not in text(again) and not again.error
