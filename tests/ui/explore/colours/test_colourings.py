"""Every colouring of the registry, on a collection that has what it needs."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.pipeline.choice import Choice
from core.progress import silent
from core.ui.explore.colours.colour_choice import describe
from core.ui.explore.colours.colouring_spec import COLOURINGS, Subject, find_colouring, list_colourings
from core.ui.explore.controls import describe_choice

N = 24
BOTH = Choice(audio="table", text="tfidf", fusion="per-track", n_clusters=3, consensus=3)


@pytest.fixture
def subject() -> Subject:
    rng = np.random.default_rng(0)
    tracks = pd.DataFrame(
        {
            "track_id": [f"{i:032x}" for i in range(N)],
            "title": [f"song {i}" for i in range(N)],
            "path": [f"/music/{i}.wav" for i in range(N)],
            "file": [f"{'ab'[i % 2]}/{'xyz'[i % 3]}/{i}.wav" for i in range(N)],
            "label": ["rock", "blues", ""] * (N // 3),
            "language": ["de", "en"] * (N // 2),
            "genres": ["rock; blues", "blues", ""] * (N // 3),
            "coarse_genres": ["rock; blues", "blues", ""] * (N // 3),
            "lyrics": ["rain on the river", "sun on the sea"] * (N // 2),
            "mood": ["sad", "<b>", ""] * (N // 3),
        }
    )
    collection = Collection("made", tracks, pd.DataFrame({"energy": rng.random(N)}))
    space = SimpleNamespace(
        X=rng.standard_normal((N, 5)),
        rows=np.arange(N),
        key="space",
        weights=pd.DataFrame({"text_weight": rng.random(N)}),
    )
    shown = SimpleNamespace(
        space=space,
        labels=np.arange(N) % 4 - 1,
        positions=rng.standard_normal((N, 2)),
        choice=BOTH,
        names={},
        is_fit=True,
    )
    return Subject(collection, shown, tracks, genre="blues", phrase="rain")


def names(subject: Subject) -> dict[str, str]:
    return list_colourings(subject.collection, subject.shown.choice)


def test_every_entry_is_offered_where_the_collection_has_what_it_needs(subject):
    offered = names(subject)
    assert {name.partition(":")[0] for name in offered} == set(COLOURINGS)
    assert {"folder:1", "folder:2", "descriptor:tempo_bpm", "column:mood", "column:energy"} <= set(offered)
    assert len(set(offered.values())) == len(offered)
    bare = Collection("bare", pd.DataFrame({"track_id": ["a", "b"]}), pd.DataFrame({"x": [0.0, 1.0]}))
    assert list(list_colourings(bare, Choice(audio="table"))) == [
        "cluster",
        "similarity",
        "trust",
        "column:x",
    ]


def test_every_colouring_colours_every_point_once(subject, monkeypatch):
    values = np.r_[np.linspace(60, 180, N - 1), np.nan]
    monkeypatch.setattr("core.features.descriptor_values.read_descriptor", lambda *a: values)
    monkeypatch.setattr("core.search.track_scores.score_tracks", lambda *a, **k: values / 180)
    monkeypatch.setattr("core.pipeline.stages.score_stability", lambda *a: ({}, np.linspace(0, 1, N)))
    for name in names(subject):
        entry, option = find_colouring(name)
        assert entry.lacks(subject) == "" and describe(name).endswith(".")
        colours = entry.make(subject, option, silent)
        members = sorted(int(i) for group in colours.groups for i in group.members)
        assert members == list(range(N)), name
        assert (colours.scale is not None) == (
            name in ("text_weight", "similarity", "trust", "stability", "column:energy")
            or name.startswith("descriptor")
        ), name
        grey = [group.number < 0 for group in colours.groups]
        assert grey == sorted(grey), name  # the unknown last


def test_what_is_missing_is_said(subject):
    subject.shown.space.weights = None
    assert "no text weight per track" in COLOURINGS["text_weight"].lacks(subject)
    asked = Subject(subject.collection, subject.shown, subject.tracks)
    assert "Type a phrase" in COLOURINGS["similarity"].lacks(asked)


def test_colours_depend_on_what_they_show_alone(subject):
    shown = SimpleNamespace(**{**vars(subject.shown), "positions": subject.shown.positions + 1})
    moved = Subject(subject.collection, shown, subject.tracks, "blues", "rain")
    changed = {
        name for name, entry in COLOURINGS.items() if entry.depends_on(moved) != entry.depends_on(subject)
    }
    assert changed == {"trust"}
    named = SimpleNamespace(**{**vars(subject.shown), "names": {0: "Slow choirs"}})
    renamed = Subject(subject.collection, named, subject.tracks, "blues", "rain")
    changed = {
        name for name, entry in COLOURINGS.items() if entry.depends_on(renamed) != entry.depends_on(subject)
    }
    assert changed == {"cluster"}
    other = Subject(subject.collection, subject.shown, subject.tracks, "rock", "sun")
    changed = {
        name for name, entry in COLOURINGS.items() if entry.depends_on(other) != entry.depends_on(subject)
    }
    assert changed == {"genre", "similarity"}


def test_a_choice_is_named_in_one_line():
    assert describe_choice(BOTH, "Table + TF-IDF") == (
        "Table + TF-IDF · Per-track fusion · K-means, k = 3 · PaCMAP"
    )
