"""Explore where tracks have several genres: colours, a picker, and scores against coarse groups."""

import pytest

from tests.pages.explore_page import NASTY, control, legend_of, make_collection, open_page, ready, shown

pytestmark = pytest.mark.usefixtures("shared_derived")

SOUND = {"look": "audio", "audio": "table", "k": "3"}


def several():
    """Return 60 tracks in three groups; four in five have two genres, one with markup in its name."""
    pairs = {0: ("rock", "garage rock"), 1: ("blues", "delta blues"), 2: ("jazz", f"{NASTY} jazz")}
    genres = ["; ".join(pairs[i % 3][: 1 + (i % 5 > 0)]) for i in range(60)]
    return make_collection(
        genres=genres,
        label=[pairs[i % 3][0] for i in range(60)],
        coarse_genres=[("rock", "blues", "")[i % 3] for i in range(60)],
    )


def options(at, label):
    return list(control([*at.segmented_control, *at.sidebar.selectbox], label).options)


def test_one_genre_per_track_brings_no_controls_and_no_table():
    make_collection()
    at = open_page(**SOUND)
    assert options(at, "Colour")[:2] == ["Cluster", "Label"] and "Genres by neighbours" not in shown(at)
    assert not {"Main genre", "Coarse group", "Genre …"} & set(options(at, "Colour"))
    assert "Reference labels" not in [widget.label for widget in at.segmented_control]


def test_several_are_scored_by_neighbours_and_coloured_by_what_is_asked():
    several()
    at = ready(open_page(**SOUND))
    said = shown(at)
    assert "Genres by neighbours" in said and "6 genres on 60 tracks · 10 neighbours" in said
    assert options(at, "Colour")[:4] == ["Cluster", "Main genre", "Coarse group", "Genre …"]
    at = ready(control(at.sidebar.selectbox, "Colour").select("genre").run())
    assert options(at, "Genre")[0] == "blues (20)"
    at = ready(control(at.sidebar.selectbox, "Genre").select("delta blues").run())
    assert legend_of(at) == {"delta blues": 16, "Not delta blues": 44}
    assert at.query_params["genre"] in ("delta blues", ["delta blues"])


def test_clusters_are_compared_with_coarse_groups_when_asked():
    several()
    at = ready(open_page(**SOUND, compare="coarse", colour="coarse"))
    said = shown(at)
    assert "40 labelled" in said and "compared with coarse groups" in said
    assert legend_of(at)["Unknown"] == 20
    assert any("--label-by coarse" in code.value for code in at.code)
    at = ready(control(at.segmented_control, "Reference labels").set_value("main").run())
    assert "60 labelled" in shown(at) and "compared with coarse groups" in shown(at)  # as what was before
