"""What several genres bring to Explore: titles, hover texts, and scores by genre."""

import numpy as np
import pandas as pd

from core.collection import Collection
from core.ui.explore.map.figure import hover_texts
from core.ui.explore.scores.genre_scores import describe_genre_scores, genre_table
from core.ui.shared.fields.genre_choice import title_of

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


def test_the_label_of_tracks_with_several_genres_is_their_main_one():
    several = make(
        genres=["rock; blues", "rock", "blues", ""], coarse_genres=["rock; blues", "rock", "blues", ""]
    )
    assert title_of("label", make()) == "Label"
    assert title_of("label", several) == "Main genre" and title_of("coarse", several) == "Coarse group"


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
