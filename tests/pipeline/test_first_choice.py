"""What a collection is opened with: by its modalities, and on the page as everywhere else."""

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.collection import Collection
from core.errors import CollectionError
from core.pipeline.choice import Choice
from core.pipeline.first_choice import default_choice, first_choices, list_extractors

N = 12
NUMBERS = pd.DataFrame({"a": np.arange(N)})
SOUND = {"path": [f"{i}.wav" for i in range(N)]}
TITLES = {"title": [f"t{i}" for i in range(N)]}
LYRICS = {"lyrics": ["rain on the river"] * (N // 4) + [""] * (N - N // 4)}


def collection_of(table=None, n=N, **columns) -> Collection:
    ids = pd.DataFrame({"track_id": [f"{i:032x}" for i in range(n)]})
    return Collection("made", ids.assign(**columns), table)


@pytest.mark.parametrize(
    ("collection", "audio", "text"),
    [
        (collection_of(**SOUND), "musicnn", None),
        (collection_of(**SOUND, **TITLES), "musicnn", None),
        (collection_of(**SOUND, **LYRICS), "musicnn", "sentence"),
        (collection_of(**SOUND, **{"lyrics": [*LYRICS["lyrics"][1:], ""]}), "musicnn", None),
        (collection_of(**TITLES), None, "sentence"),
        (collection_of(NUMBERS, **TITLES), "table", None),
        (collection_of(NUMBERS, **LYRICS), "table", "sentence"),
        (collection_of(NUMBERS.rename(columns={"a": "text_a"}), **LYRICS), "table", "table:text_"),
        (collection_of(**{"lyrics": ["আমি বাংলায় গান গাই"] * N}, language="bn"), None, "tfidf"),
    ],
)
def test_both_modalities_where_there_are_words_enough_else_audio_else_text(collection, audio, text):
    choice = default_choice(collection)
    assert choice == Choice(audio=audio, text=text, n_clusters=8)
    assert choice in first_choices(collection)


@pytest.mark.parametrize(
    ("duration_s", "is_short"), [(0.4, True), (3.0, True), (30.0, False), (np.nan, False)]
)
def test_one_shots_open_with_several_representations(duration_s, is_short):
    choice = default_choice(collection_of(**SOUND, duration_s=duration_s))
    assert choice.audio == ("musicnn+mfcc+descriptors+one-shot" if is_short else "musicnn")


def test_few_tracks_have_fewer_clusters_and_nothing_has_no_choice():
    assert [default_choice(collection_of(n=n, title="x")).n_clusters for n in (2, 3, 5, 9, 100)] == [
        2,
        2,
        4,
        8,
        8,
    ]
    assert list_extractors(collection_of(), "audio") == list_extractors(collection_of(), "text") == []
    with pytest.raises(CollectionError, match="neither audio nor text nor numeric features"):
        default_choice(collection_of())


def controls():
    import streamlit as st

    from core.ui.explore.controls import choose

    st.session_state["choice"], _ = choose(st.session_state["collection"])


@pytest.mark.parametrize(
    "collection",
    [
        collection_of(**SOUND, **LYRICS),
        collection_of(**SOUND, **TITLES),
        collection_of(NUMBERS, **TITLES),
        collection_of(n=5, title="x"),
    ],
)
def test_explore_opens_with_it(collection):
    at = AppTest.from_function(controls, default_timeout=30)
    at.session_state["collection"] = collection
    at.run()
    assert not at.exception and at.session_state["choice"] == default_choice(collection)


def test_the_demo_opens_with_both_modalities_and_as_many_clusters_as_traditions():
    lyrics = {"lyrics": ["rain on the river"] * N}
    tracks = collection_of(n=N, **SOUND, **lyrics).tracks
    assert default_choice(Collection("demo", tracks, info={"kind": "demo"})) == Choice(
        audio="musicnn", text="tfidf", n_clusters=10
    )
    assert default_choice(Collection("demo", tracks)) == Choice(
        audio="musicnn", text="sentence", n_clusters=8
    )
