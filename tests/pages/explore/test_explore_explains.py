"""What clusters, selections and pairs say about themselves on Explore, their names, trust in the map."""

import numpy as np
import pandas as pd
import pytest

from core import store
from core.collection import Collection
from core.collection.saved import save
from core.explain.cluster_names import KIND
from tests.pages.explore_page import (
    NASTY,
    control,
    legend_of,
    make_collection,
    open_page,
    open_scores,
    ready,
    shown,
)

pytestmark = pytest.mark.usefixtures("shared_derived")
CHOICE = {"k": "3", "look": "both", "text": "tfidf"}


def opened(key: str, **query):
    """Open Explore with a section open, and wait until all it shows is computed."""
    tab = query.pop("opened_tab", None)
    at = open_page(**{**CHOICE, **query})
    at.session_state[key] = True
    if tab:
        at.session_state["explore-tab"] = tab
    return ready(ready(at))


def words_of(at) -> str:
    return shown(at).replace("\\", "")


def frames(at) -> dict[str, pd.DataFrame]:
    """Return the tables by their first column."""
    return {frame.value.columns[0]: frame.value for frame in at.dataframe}


def press(at, label: str):
    control(at.button, label).click()
    return ready(ready(at))


def test_closed_it_computes_nothing(own_store):
    make_collection()
    at = open_page(**CHOICE)
    assert len(at.dataframe) == 1
    assert "What sets them apart" not in [section.label for section in at.expander]  # until something is
    at = open_page(**CHOICE, group="cluster", track=f"{0:032x}")
    assert "What sets them apart" in [section.label for section in at.expander] and len(at.dataframe) == 1


def test_all_clusters_are_described_and_named_at_once():
    make_collection()
    at = opened("explore-explain-all", opened_tab="Scores")
    (table,) = [frame.value for frame in at.dataframe if "suggested" in frame.value]
    assert table["cluster"].tolist() == ["Cluster 1", "Cluster 2", "Cluster 3"]
    assert len(set(table["suggested"])) == 3 and all(table["jaccard"] > 0.9)
    assert table["weight"].tolist() == [0.5] * 3 and sum(table["weights"][0]) == 20
    assert "bootstrap samples of the tracks: ARI 1.00" in words_of(at)
    assert "There are no predicted tags" in words_of(at)
    press(at, "Use the suggested names")
    assert set(legend_of(at)) == set(table["suggested"])
    assert at.dataframe[0].value["name"].tolist() == table["suggested"].tolist()
    assert not [button for button in at.button if button.label == "Use the suggested names"]
    assert set(legend_of(open_page(**{**CHOICE, "cluster": "ward"}))) == set(table["suggested"])


def test_a_cluster_shows_what_sets_it_apart_and_takes_a_name():
    collection = make_collection()
    ids = collection.tracks["track_id"]
    at = opened("explore-explain", group="cluster", track=ids[0])
    text = words_of(at)
    assert "reel 100 %" in text and "Mean text weight 50 %" in text and "Jaccard 1.00" in text
    words = next(frame.value for frame in at.dataframe if "word" in frame.value)
    assert set(words["here"]) <= {1.0} | set(words["here"]) and (words["here"] > words["elsewhere"]).all()
    features = next(frame.value for frame in at.dataframe if "feature" in frame.value)
    assert features["feature"].str.startswith("x").all() and features["effect"].abs().max() == 1
    field = control(at.text_input, "Name of this cluster")
    assert field.value.startswith("Reel")
    field.set_value(NASTY)
    press(at, "Save name")
    assert NASTY in legend_of(at) and NASTY in at.dataframe[0].value["name"].tolist()
    assert "<img" not in "".join(e.proto.body for e in at.get("html"))
    assert len(list(store.path_of(KIND).glob("*.json"))) == 1
    control(at.text_input, "Name of this cluster").set_value("")
    press(at, "Save name")
    assert "Cluster 1" in legend_of(at) and not list(store.path_of(KIND).glob("*.json"))


def test_a_selection_is_compared_with_the_rest():
    collection = make_collection()
    store.save_owned("selections", "abc", {"track_ids": collection.tracks["track_id"][1::3].tolist()})
    at = opened("explore-explain", group="sabc")
    text = words_of(at)
    assert "Selection, " in text and ": 20 tracks" in text and "chorale 100 %" in text
    assert not [field for field in at.text_input if field.label == "Name of this cluster"]


def test_a_collection_without_labels_and_texts_is_described_by_its_columns():
    n = 30
    tracks = pd.DataFrame({"track_id": [f"{i:032x}" for i in range(n)]})
    numbers = pd.DataFrame({"x": np.arange(n) % 2 * 9.0 + np.linspace(0, 1, n), "y": np.linspace(0, 1, n)})
    save(Collection("bare", tracks, numbers, info={"kind": "table"}))
    at = opened("explore-explain", k="2", look="audio", text="", group="cluster", track=f"{0:032x}")
    assert "No track has a label" in words_of(at)
    features = next(frame.value for frame in at.dataframe if "feature" in frame.value)
    assert features["feature"].tolist() == ["x"]


def test_two_tracks_are_compared_beside_the_neighbours():
    collection = make_collection()
    ids = collection.tracks["track_id"]
    at = opened("explore-pair", track=ids[0])
    near = frames(at)["Track"]
    assert list(near) == ["Track", "Fused", "Audio", "Text", "Map"]
    assert near["Fused"].tolist()[:10] == list(range(1, 11)) and near["Fused"].count() == 10
    assert all(near[head].count() == 10 for head in ("Audio", "Text", "Map"))
    assert near["Audio"].iloc[:10].notna().any()  # on both lists
    box = control(at.selectbox, "Compare with")
    assert ids[0] not in box.options
    text = words_of(at)
    assert "Fused: distance" in text and "On the map: distance" in text and "shared words" in text
    assert "descriptor" in frames(at)
    other = box.options[-1]
    box.select(next(i for i, t in zip(ids, collection.tracks["title"]) if t == other))
    assert "Fused: distance" in words_of(ready(ready(at)))


def test_without_a_current_track_there_is_nothing_to_compare():
    make_collection()
    at = opened("explore-pair")
    assert "Nearest to" not in words_of(at) and not [s for s in at.selectbox if s.label == "Compare with"]


def test_trust_has_controls_and_warns_of_clusters_by_artist():
    artists = [f"artist {i % 3} {i % 6}" for i in range(60)]
    make_collection(artist=artists, label=["reel", "rag"] * 30)
    at = open_page(**CHOICE)
    at.session_state["explore-trust"] = True
    at = ready(open_scores(at))
    text = words_of(at)
    assert "Trustworthiness" in text and "Continuity" in text and "Neighbours preserved" in text
    assert "Artist: ARI" in text and "Label: NMI" in text
    assert any("follow the artist rather than the labels" in w.value for w in at.warning)
