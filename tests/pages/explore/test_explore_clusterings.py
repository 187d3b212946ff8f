"""Explore with clusterings that find their own number, and with a consensus over seeds."""

import pytest

from tests.pages.explore_page import control, make_collection, open_page, ready, shown

pytestmark = pytest.mark.usefixtures("shared_derived")


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
