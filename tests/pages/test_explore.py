"""Explore in its states; tests/e2e renders the map itself in a real browser."""

import re

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from core import store
from core.collection import Collection
from core.collection.saved import save
from core.store import cache
from core.ui.explore.command_line import describe_versions
from core.ui.shared.url_state import URL_STATE
from tests.pages.explore_page import (  # noqa: F401  a fixture
    NASTY,
    PAGE,
    WORDS,
    control,
    figure_of,
    make_collection,
    near_worker,
    open_page,
    ready,
    shown,
)

# Empty and bad


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


# Ready


def test_a_collection_is_mapped_scored_and_told_in_clusters():
    make_collection()
    at = open_page(k="3")
    text = shown(at)
    assert "60 tracks · 60 labelled · 3 clusters · mean of 5 seeds" in text
    assert re.search(r"Silhouette ↑ 0\.\d+ 0\.\d+ – 0\.\d+ – 0?", text)
    assert re.search(r"ARI ↑ 1\.0+ ", text)
    data = figure_of(at)
    assert data["place"] == "small" and data["current"] is None
    assert '"Cluster 1 (20)"' in data["figure"] and "Cluster 4" not in data["figure"]
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


def test_scores_of_another_representation_are_marked_by_labels_alone():
    make_collection(lyrics=[" ".join(np.random.default_rng(i).permutation(WORDS)[:5]) for i in range(60)])
    at = open_page(look="audio", k="3")
    (counts,) = [c for c in at.get("button_group") if c.label == "Modality"]
    counts.set_value("fused")
    ready(at)
    table = next(e.proto.body for e in at.get("html") if 'class="scores"' in e.proto.body)
    assert "Before: audio alone" in shown(at).replace("\\", "")
    rows = re.findall(r"<tr>.*?</tr>", table)
    for title in ("Silhouette", "Davies–Bouldin", "Calinski–Harabasz"):
        (row,) = [row for row in rows if f">{title}" in row]
        assert "different representations" in row and not re.search("better<|worse<|unclear<|same<", row)
    (row,) = [row for row in rows if ">ARI" in row]
    assert re.search("▼ worse<|≈ unclear<|= same<", row)


def test_the_search_for_k_finds_the_three_groups():
    make_collection()
    at = open_page(search="1")
    found = control(at.sidebar.slider, "k (chosen)")
    assert found.disabled and found.value == 3 and len(at.dataframe[0].value) == 3
    assert "--n-clusters auto" in at.code[0].value
    assert "Libraries installed when these clusters were computed: numpy " in shown(at)


def test_libraries_of_another_version_name_the_one_that_is_installed_now(monkeypatch):
    monkeypatch.setattr(cache, "versions", lambda: {"numpy": "2.0", "scipy": "1.1"})
    assert (
        describe_versions({"numpy": "2.0", "scipy": "1.0", "umap-learn": "0.5"})
        == "numpy 2.0, scipy 1.0 (now 1.1), umap-learn 0.5 (now not installed)"
    )


def test_moving_the_weight_shows_a_preview_until_the_layout_is_there(near_worker):  # noqa: F811  the fixture
    make_collection()
    at = open_page(look="fused", text="tfidf", k="3")
    assert near_worker == [False]
    slider = control(at.sidebar.slider, "Text weight")
    slider.set_value(0.8)
    ready(at)
    assert (
        near_worker[:2] == [False, True] and near_worker.count(True) == 21
    )  # a preview, and the chain of all weights
    assert "Before: text weight 50%." in shown(at)
    assert "--text-weight 0.8" in at.code[0].value
    control(at.sidebar.slider, "Text weight").set_value(0.5)
    ready(at)
    slider = control(at.sidebar.slider, "Text weight")
    slider.set_value(0.3)
    ready(at)
    assert (
        near_worker.count(False) == 1 and near_worker.count(True) <= 22
    )  # the chain has every other weight already


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
    assert '"Unknown (20)"' in figure_of(at)["figure"] and '"de (20)"' in figure_of(at)["figure"]


def test_tracks_left_out_are_listed_with_the_reason():
    lyrics = ["" if i < 4 else " ".join(WORDS[i % 3 :][:5]) for i in range(60)]
    made = make_collection(lyrics=lyrics, title=["" if i < 4 else f"song {i}" for i in range(60)])
    assert made.texts()[:4] == [""] * 4
    at = open_page(look="text", text="tfidf", k="2")
    assert "4 tracks are not on this map" in [e.label for e in at.expander]
    assert at.dataframe[-1].value["Reason"].str.contains("text").all()


# Choosing tracks


def test_a_click_names_the_track_and_next_walks_its_cluster():
    make_collection()
    at = open_page(k="3", track=f"{7:032x}")
    assert figure_of(at)["current"] == 7 and figure_of(at)["chosen"] is None
    assert re.search(r"Cluster \d · track \d+ of 20", shown(at).replace("**", "").replace("  ", " "))
    assert "20 tracks" in shown(at)


def test_a_lasso_lists_its_tracks_and_survives_a_reload():
    def pick(rows, kind):
        import streamlit as st

        from core.collection import load
        from core.pipeline.choice import Choice
        from core.pipeline.space import build_space
        from core.ui.explore.map.soundmap import Pick
        from core.ui.explore.selection import apply_pick, selected_tracks
        from core.ui.shared.url_state import get

        small = load("small")
        space = build_space(small, Choice(audio="table"))
        apply_pick(small, space, Pick(kind, tuple(rows)))
        chosen = selected_tracks(small, space)
        st.text("none" if chosen is None else ",".join(map(str, chosen)))
        st.text(get("group"))
        st.text(get("track"))

    make_collection()
    at = AppTest.from_function(pick, kwargs={"rows": [9, 3, 40], "kind": "lasso"}).run()
    assert at.text[0].value == "3,9,40"
    group = at.text[1].value
    page = open_page(k="3", group=group)
    assert "Selection: 3 tracks" in shown(page)
    assert sorted(figure_of(page)["chosen"]) == [3, 9, 40]
    outside = AppTest.from_function(pick, kwargs={"rows": [5], "kind": "click"})
    outside.session_state[URL_STATE] = {"": {"group": group}}
    outside.run()
    assert [t.value for t in outside.text] == ["none", "", f"{5:032x}"]
    inside = AppTest.from_function(pick, kwargs={"rows": [9], "kind": "click"})
    inside.session_state[URL_STATE] = {"": {"group": group}}
    inside.run()
    assert [t.value for t in inside.text] == ["3,9,40", group, f"{9:032x}"]


# What survives


def test_the_address_holds_the_choice_and_brings_it_back():
    make_collection()
    make_collection("other")
    at = open_page(on="small", look="fused", text="tfidf")
    control(at.sidebar.selectbox, "Clustering").set_value("ward")
    control(at.sidebar.slider, "Text weight").set_value(0.3)
    ready(at)
    address = {
        name: value[0] if isinstance(value, list) else value for name, value in at.query_params.items()
    }
    assert address["cluster"] == "ward" and address["weight"] == "0.3" and address["on"] == "small"
    again = open_page(**address)
    assert control(again.sidebar.selectbox, "Clustering").value == "ward"
    assert control(again.sidebar.slider, "Text weight").value == 0.3
    assert again.code[0].value == at.code[0].value


def test_settings_of_an_algorithm_come_back_from_the_address():
    make_collection()
    at = open_page(cluster="dbscan")
    control(at.sidebar.toggle, "Set the radius").set_value(True)
    ready(at)
    control(at.sidebar.number_input, "Minimum neighbours").set_value(3)
    ready(at)
    address = {
        name: value[0] if isinstance(value, list) else value for name, value in at.query_params.items()
    }
    assert (
        address["dbscan.eps"] == f"{control(at.sidebar.number_input, 'Radius').value:g}"
        and address["dbscan.min_samples"] == "3"
    )
    again = open_page(**address)
    assert again.code[0].value == at.code[0].value and "eps=" in at.code[0].value
    odd = open_page(
        cluster="gmm", **{"gmm.covariance": "round", "gmm.n_init": "0", "gmm.regularisation": "0.05"}
    )
    assert "--set regularisation=0.05" in odd.code[0].value and odd.code[0].value.count("--set") == 1
    hdbscan = open_page(
        cluster="hdbscan", **{"hdbscan.min_samples.own": "1"}
    )  # as version 0.1.0 wrote it for the number it starts with
    assert "--set min_samples=5" in hdbscan.code[0].value


def test_consensus_over_seeds_shows_how_stable_clusters_and_tracks_are():
    make_collection()
    given = {"on": "small", "look": "audio", "cluster": "kmeans", "k": "5", "kmeans.n_init": "1"}
    at = open_page(**given)
    assert "tability over" not in shown(at)
    control(at.sidebar.toggle, "Consensus over seeds").set_value(True)
    ready(at)
    control(at.sidebar.number_input, "Seeds").set_value(4)
    ready(at)
    assert "Stability over 4 seeds: ARI 0." in shown(at) and "--consensus 4" in at.code[0].value
    tables = [table.value for table in at.dataframe if "stability" in table.value]
    assert len(tables) == 1 and tables[0]["stability"].is_monotonic_increasing
    assert (tables[0]["stability"] < 1).all() and tables[0]["title"].str.startswith("song").all()
    again = open_page(**given, consensus="1", **{"consensus.n_runs": "4"})
    assert again.code[0].value == at.code[0].value
    control(at.sidebar.selectbox, "Clustering").set_value("ward")
    ready(at)
    assert "Consensus over seeds" not in [toggle.label for toggle in at.sidebar.toggle]
    assert "tability over" not in shown(at)


def test_leiden_finds_the_number_of_clusters_or_is_given_a_target():
    make_collection()
    at = open_page(on="small", cluster="leiden")
    assert "k" not in [slider.label for slider in at.sidebar.slider]
    assert " clusters · " in shown(at)
    control(at.sidebar.toggle, "Set the target number of clusters").set_value(True)
    ready(at)
    control(at.sidebar.number_input, "Target number of clusters").set_value(3)
    ready(at)
    assert " 3 clusters · " in shown(at) and "--set target_clusters=3" in at.code[0].value


def test_nonsense_in_the_address_is_not_followed():
    make_collection()
    at = open_page(
        on="nowhere",
        cluster="rm -rf",
        k="999",
        weight="2",
        look="smell",
        map="globe",
        track=NASTY,
        group="s../../etc",
    )
    assert control(at.sidebar.selectbox, "Collection").value == "small"
    assert control(at.sidebar.slider, "k").value == 8
    assert not at.error and NASTY not in shown(at)


def test_what_a_link_asks_for_and_is_missing_is_said_until_it_is_dismissed():
    make_collection()
    at = open_page(on="nowhere", audio="mlp-vae", k="999", cluster="ward", track="f" * 32, group="s0123")
    (notice,) = [warning.value.replace("\\", "") for warning in at.warning]
    assert "The collection “nowhere” is not in this library; “small” is shown instead." in notice
    assert "Audio representation “mlp-vae” is not available here" in notice and "k “999”" in notice
    assert "Clustering" not in notice
    reasons = " ".join(info.value for info in at.info)
    assert "not in small" in reasons and "not stored on this server" in reasons
    control(at.button, "Dismiss").click()
    ready(at)
    assert not at.warning and control(at.sidebar.selectbox, "Collection").value == "small"
    assert not open_page(on="small", cluster="ward").warning


def test_another_collection_clears_the_track_of_the_one_before():
    make_collection()
    make_collection("other")
    at = open_page(on="small", track=f"{7:032x}")
    assert figure_of(at)["current"] == 7
    control(at.sidebar.selectbox, "Collection").set_value("other")
    ready(at)
    assert figure_of(at)["current"] is None and "track" not in at.query_params


def test_nothing_from_tags_is_markup():
    make_collection(title=[NASTY] * 60, label=["<b>x</b>", "y", "z"] * 20)
    at = open_page(k="3", track=f"{7:032x}", colour="label")
    assert "<img" not in figure_of(at)["figure"] and "<b>x" not in figure_of(at)["figure"]
    assert "&lt;img" in figure_of(at)["figure"]
    html = " ".join(e.proto.body for e in at.get("html"))
    assert "<img" not in html and NASTY not in " ".join(m.value for m in at.markdown)


# The representation


def test_the_representation_is_measured_without_clusters():
    make_collection()
    at = open_page()
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
    at = open_page()
    assert "Audio table has collapsed: effective rank 1 of 9" in at.warning[0].value.replace("\\", "")
