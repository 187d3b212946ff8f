"""What several genres bring to Explore: colourings, a picker, what clusters are compared with; and nothing
where there is but one."""

import numpy as np
import pandas as pd

from core.collection import Collection
from core.ui.explore.map.figure import draw_figure, group_points, hover_texts
from core.ui.explore.scores.genre_scores import describe_genre_scores, genre_table
from core.ui.shared.fields.genre_choice import colourings_of, title_of

FOUND = {
    "k": 10,
    "threshold": 0.18,
    "n_tracks": 300,
    "n_sampled": 200,
    "n_genres": 4,
    "n_genres_left_out": 2,
    **{
        part: {name: value for name in ("mean_average_precision", "f1", "accuracy", "precision", "recall")}
        for part, value in (("scores", 0.5), ("intervals", [0.45, 0.55]), ("control", 0.1))
    },
}


def make(**columns) -> Collection:
    n = 4
    tracks = pd.DataFrame(
        {
            "track_id": [f"{i:032x}" for i in range(n)],
            "title": list("abcd"),
            "label": ["rock", "rock", "blues", ""],
            **columns,
        }
    )
    return Collection("made", tracks)


def test_colourings_by_genre_are_there_only_where_tracks_have_several():
    assert (
        colourings_of(make(), has_text_weights=False) == ["cluster", "label"]
        and title_of("label", make()) == "Label"
    )
    several = make(
        genres=["rock; blues", "rock", "blues", ""], coarse_genres=["rock; blues", "rock", "blues", ""]
    )
    assert colourings_of(several, has_text_weights=True) == [
        "cluster",
        "label",
        "coarse",
        "genre",
        "text_weight",
    ]
    assert title_of("label", several) == "Main genre" and title_of("coarse", several) == "Coarse group"
    assert "coarse" not in colourings_of(
        make(genres=["rock; metal"] * 4, coarse_genres=["rock"] * 4), has_text_weights=False
    )


def test_a_genre_that_is_looked_for_stands_out_from_the_rest_and_lies_above_it():
    tracks = pd.DataFrame(
        {"genres": ["rock; blues", "blues rock", "blues", ""], "title": "", "artist": "", "label": ""}
    )
    has, rest = group_points(np.zeros(4, int), tracks, "genre", "blues")
    assert (has.name, has.members.tolist(), rest.name, rest.members.tolist(), rest.number) == (
        "blues",
        [0, 2],
        "Not blues",
        [1, 3],
        -1,
    )
    figure = draw_figure(
        tracks, np.zeros((4, 2)), np.zeros(4, int), np.arange(4), colour_by="genre", genre="blues"
    )
    assert [(trace.name, trace.legendrank) for trace in figure.data] == [
        ("Not blues (2)", 2),
        ("blues (2)", 1),
    ]


def test_hovering_shows_every_genre_escaped_and_one_that_is_the_label_once():
    tracks = pd.DataFrame(
        {
            "title": ["a", "b"],
            "artist": "",
            "label": ["rock", "rock"],
            "genres": ["<img src=x>; rock", "rock"],
        }
    )
    first, second = hover_texts(tracks, np.zeros(2, int))
    assert "<i>&lt;img src=x&gt;, rock</i>" in first and second.count("rock") == 1


def test_the_table_of_genres_shows_score_interval_and_chance():
    html = genre_table(FOUND)
    assert (
        html.count("<tr>") == 4
        and "<b>0.50</b><small>0.45 – 0.55</small>" in html
        and "<td>0.10</td>" in html
    )
    assert "✱" not in html and "✱" in genre_table(FOUND, sees_labels=True)
    assert describe_genre_scores(FOUND).startswith(
        "4 genres on 300 tracks · 10 neighbours · 2 rarer genres left out · predicted for 200 of them"
    )
