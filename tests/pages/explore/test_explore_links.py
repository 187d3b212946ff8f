"""The address of Explore: what it holds, and what is done with one that can't be followed."""

import pytest

from tests.pages.explore_page import (
    NASTY,
    control,
    make_collection,
    map_of,
    open_page,
    ready,
    set_weight,
    shown,
)

pytestmark = pytest.mark.usefixtures("shared_derived")


def test_the_address_holds_the_choice_and_brings_it_back():
    make_collection()
    make_collection("other")
    at = open_page(on="small", look="fused", text="tfidf")
    control(at.sidebar.selectbox, "Clustering").set_value("ward")
    set_weight(at, 0.3)
    address = {
        name: value[0] if isinstance(value, list) else value for name, value in at.query_params.items()
    }
    assert address["cluster"] == "ward" and address["weight"] == "0.3" and address["on"] == "small"
    again = open_page(**address)
    assert control(again.sidebar.selectbox, "Clustering").value == "ward"
    assert map_of(again)["weight"] == 0.3
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
    assert map_of(at)["current"] == 7
    control(at.sidebar.selectbox, "Collection").set_value("other")
    ready(at)
    assert map_of(at)["current"] is None and "track" not in at.query_params


def test_nothing_from_tags_is_markup():
    make_collection(title=[NASTY] * 60, label=["<b>x</b>", "y", "z"] * 20)
    at = open_page(k="3", track=f"{7:032x}", colour="label")
    html = " ".join(e.proto.body for e in at.get("html"))
    assert "<img" not in html and NASTY not in " ".join(m.value for m in at.markdown)
