"""Explore before there is anything to show, and what it shows of a collection."""

import re

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core import store
from core.collection import Collection
from core.collection.saved import save
from tests.pages.explore_page import (
    PAGE,
    WORDS,
    control,
    legend_of,
    make_collection,
    map_of,
    open_page,
    open_scores,
    ready,
    shown,
)

pytestmark = pytest.mark.usefixtures("shared_derived")


def test_without_a_collection_the_page_says_where_to_go():
    at = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not at.exception
    assert "This library is empty" in at.info[0].value
    assert "Open the Library" in shown(at)
    assert not at.sidebar.selectbox


def test_a_collection_of_nothing_is_explained():
    save(Collection("bare", pd.DataFrame({"track_id": ["a" * 32, "b" * 32]})))
    at = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not at.exception
    assert "neither audio nor text" in at.error[0].value.replace("\\", "")


def test_a_damaged_collection_is_explained():
    make_collection()
    (store.root() / "collections" / "small" / "tracks.parquet").write_bytes(b"no parquet")
    at = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not at.exception and len(at.error) == 1


def test_more_clusters_than_different_tracks_is_explained():
    n = 12
    tracks = pd.DataFrame({"track_id": [f"{i:032x}" for i in range(n)], "title": "same"})
    save(
        Collection(
            "alike",
            tracks,
            pd.DataFrame({"x": np.arange(n) % 2.0, "y": np.arange(n) % 3.0}),
            info={"kind": "table"},
        )
    )
    at = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not at.exception
    assert "more clusters than there are different tracks" in at.error[0].value.replace("\\", "")


def test_a_collection_is_mapped_scored_and_told_in_clusters():
    make_collection()
    at = open_page(k="3")
    text = shown(at)
    assert "60 tracks · 60 labelled · 3 clusters · mean of 5 seeds" in text
    assert re.search(r"Silhouette ↑ 0\.\d+ 0\.\d+ – 0\.\d+ – 0?", text)
    assert re.search(r"ARI ↑ 1\.0+ ", text)
    data = map_of(at)
    assert data["place"] == "small" and data["current"] is None
    assert legend_of(at) == {"Cluster 1": 20, "Cluster 2": 20, "Cluster 3": 20}
    assert len(data["positions"]) == 120 and np.abs(data["positions"]).max() == 1
    assert data["rows"] == list(range(60)) and np.bincount(data["groups"]).tolist() == [20] * 3
    table = at.dataframe[0].value
    assert table["size"].tolist() == [20, 20, 20]
    assert set(table["label"]) == {"reel", "chorale", "rag"}
    assert table["label_share"].tolist() == [1.0, 1.0, 1.0]
    assert all(titles.count(" · ") == 2 for titles in table["typical"])


def test_changing_the_number_of_clusters_keeps_the_scores_before():
    make_collection()
    at = open_page(k="3")
    control(at.sidebar.slider, "k").set_value(5)
    ready(at)
    text = shown(at)
    assert "5 clusters" in text and "Before: k 3." in text
    assert re.search(r"Silhouette ↑ \S+ \S+ – \S+ \S+ ▼ worse", text) and re.search(
        r"ARI ↑ \S+ \S+ – \S+ \S+ ▼ worse", text
    )
    assert len(at.dataframe[0].value) == 5


def test_the_search_for_k_finds_the_three_groups():
    make_collection()
    at = open_page(search="1")
    found = control(at.sidebar.slider, "k (chosen)")
    assert found.disabled and found.value == 3 and len(at.dataframe[0].value) == 3
    assert "--n-clusters auto" in at.code[0].value
    assert "Libraries installed when these clusters were computed: numpy " in shown(at)


def test_an_algorithm_brings_its_own_settings_and_its_noise():
    make_collection()
    at = open_page(cluster="dbscan", **{"dbscan.eps.own": "1", "dbscan.eps": "0.01"})
    assert "k" not in [s.label for s in at.sidebar.slider]
    text = shown(at)
    assert "100% noise" in text
    assert "Silhouette, Davies–Bouldin, Calinski–Harabasz: not defined, every track is noise." in text
    control(at.sidebar.number_input, "Radius").set_value(2.0)
    ready(at)
    assert "100% noise" not in shown(at) and "Before: Radius 0.01." in shown(at)


def test_the_radius_is_suggested_and_is_where_a_radius_of_ones_own_begins():
    make_collection()
    at = open_page(cluster="dbscan")
    (suggested,) = re.findall(r"Suggested radius: (\d+\.\d+)\.", shown(at))
    assert "--set" not in at.code[0].value or "eps=none" in at.code[0].value
    control(at.sidebar.toggle, "Set the radius").set_value(True)
    ready(at)
    assert control(at.sidebar.number_input, "Radius").value == float(suggested)
    assert "Suggested radius" not in shown(at)


def test_labels_colour_the_map_when_asked():
    make_collection(language=["en", "de", ""] * 20)
    at = open_page(colour="language")
    assert legend_of(at) == {"de": 20, "en": 20, "Unknown": 20}


def test_tracks_left_out_are_listed_with_the_reason():
    lyrics = ["" if i < 4 else " ".join(WORDS[i % 3 :][:5]) for i in range(60)]
    made = make_collection(lyrics=lyrics, title=["" if i < 4 else f"song {i}" for i in range(60)])
    assert made.texts()[:4] == [""] * 4
    at = open_page(look="text", text="tfidf", k="2")
    assert "4 tracks are not on this map" in [e.label for e in at.expander]
    assert at.dataframe[-1].value["Reason"].str.contains("text").all()


def test_the_representation_is_measured_without_clusters():
    make_collection()
    assert "kNN purity (k = 5)" not in shown(open_page())  # its tab is not open
    at = open_scores(open_page())
    said = shown(at)
    assert "kNN purity (k = 5)" in said and "Linear probe" in said and "Hubness" in said
    assert "effective rank" in said and not at.warning
    assert "Representation, without clusters" in [each.label for each in at.expander]


def test_a_collapsed_representation_is_a_warning():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((40, 1)) * np.ones(9) + 0.01 * rng.standard_normal((40, 9))
    tracks = pd.DataFrame({"track_id": [f"{i:032x}" for i in range(40)], "title": "same"})
    table = pd.DataFrame(X, columns=[f"x{i}" for i in range(9)])
    save(Collection("flat", tracks, table, info={"kind": "table"}))
    at = open_scores(open_page())
    assert "Audio table has collapsed: effective rank 1 of 9" in at.warning[0].value.replace("\\", "")
