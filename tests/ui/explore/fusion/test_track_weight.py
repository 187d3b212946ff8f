import numpy as np
import pandas as pd
import pytest

from core.cues.cue_terms import TERMS
from core.cues.track_cues import CUES, PARTS
from core.ui.explore.fusion.track_weight import (
    TERMS_OF_CUE,
    describe_weight,
    favoured_by,
    format_term,
    reasons_of,
)

RANKS = pd.Series({"instrumentalness": 0.2, "energy": np.nan, "quality": 0.9, "text_weight": 0.475})
TERMS_OF_ONE = pd.Series(
    {
        "voice": 0.31,
        "no_voice": 0.02,
        "is_tagged_instrumental": False,
        "instrumentalness": 0.06,
        "instrumentalness_column": np.nan,
        "clipping_share": 0.0123,
        "unclipped": 0.45,
        "text_source": "lyrics",
        "source": 1.0,
        "quality": 0.7,
        "quality_column": np.nan,
    },
    dtype=object,
)


def test_every_cue_and_every_term_has_a_title():
    assert set(TERMS_OF_CUE) == set(CUES)
    for pairs in TERMS_OF_CUE.values():
        for name, part in pairs:
            assert name in TERMS or name in PARTS
            assert not part or part in PARTS


def test_a_track_has_cues_with_ranks_values_and_terms():
    sung, energy, quality = reasons_of(RANKS, TERMS_OF_ONE)
    assert (sung.title, sung.value, sung.rank, sung.favours) == ("Instrumentalness", 0.06, 0.2, "text")
    assert ("probability of vocals (MusiCNN tags)", "0.31") in sung.terms
    assert ("tagged as instrumental (title, genre or tags)", "no") in sung.terms
    assert energy.favours == "unknown" and np.isnan(energy.value)
    assert quality.favours == "audio"
    assert ("share of clipped samples", "1.23% (enters as 0.45)") in quality.terms
    assert ("source of the text", "lyrics (enters as 1.00)") in quality.terms


def test_a_column_of_the_collection_replaces_the_terms():
    row = TERMS_OF_ONE.copy()
    row["instrumentalness_column"] = 0.88
    assert reasons_of(RANKS, row)[0].terms == [("the collection's own column “instrumentalness”", "0.88")]


@pytest.mark.parametrize(
    "rank, speaks", [(0.7, "audio"), (0.3, "text"), (0.5, "neither"), (np.nan, "unknown")]
)
def test_a_high_rank_favours_audio(rank, speaks):
    assert favoured_by(rank) == speaks


def test_the_ranks_make_the_weight_that_is_shown():
    assert (
        describe_weight(RANKS, {"trust": 0.5})
        == "Mean rank 0.55, trust 50%: text weight = ½ + 0.50 × (½ − 0.55) = 48%."
    )
    assert describe_weight(RANKS, {"of_picked": {"trust": 0.5}}) == describe_weight(RANKS, {"trust": 0.5})


@pytest.mark.parametrize(
    "row, said",
    [
        ({"energy": np.nan, "text_weight": 0.0}, "has no text"),
        ({"energy": np.nan, "text_weight": 1.0}, "has no audio"),
        ({"energy": np.nan, "text_weight": 0.5}, "No cue of this track is known"),
        ({"text_weight": 0.31}, "learnt from all tracks together"),
        ({"text_weight": np.nan}, "has no text weight"),
    ],
)
def test_a_weight_that_no_cue_made_says_why(row, said):
    assert said in describe_weight(pd.Series(row), {})


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("loudness_db", -14.23, "−14.2"),
        ("top_hz", 11025.0, "11,025"),
        ("clipping_share", 0.001, "0.10%"),
        ("text_words", 132, "132"),
        ("is_tagged_instrumental", True, "yes"),
        ("language", "", "unknown"),
        ("voice", np.nan, "unknown"),
    ],
)
def test_values_are_written_with_the_digits_they_deserve(name, value, words):
    assert format_term(name, value) == words
