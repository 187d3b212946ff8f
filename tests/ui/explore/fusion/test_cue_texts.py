import numpy as np
import pandas as pd
import pytest

from core.cues.cue_terms import TERMS
from core.cues.track_cues import CUES, PARTS
from core.ui.explore.fusion.cue_texts import MADE_OF, reasons_of, speaks_for, sum_in_words, value_in_words

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


def test_every_cue_and_every_term_has_words():
    assert set(MADE_OF) == set(CUES)
    for pairs in MADE_OF.values():
        for name, part in pairs:
            assert name in TERMS or name in PARTS
            assert not part or part in PARTS


def test_a_track_is_told_by_its_cues_with_ranks_values_and_what_made_them():
    sung, energy, quality = reasons_of(RANKS, TERMS_OF_ONE)
    assert (sung.title, sung.value, sung.rank, sung.speaks_for) == ("Instrumentalness", 0.06, 0.2, "words")
    assert ("probability of vocals (MusiCNN tags)", "0.31") in sung.made_of
    assert ("tagged as instrumental (title, genre or tags)", "no") in sung.made_of
    assert energy.speaks_for == "not known" and np.isnan(energy.value)
    assert quality.speaks_for == "sound"
    assert ("share of clipped samples", "1.23% (counts 0.45)") in quality.made_of
    assert ("source of the text", "lyrics (counts 1.00)") in quality.made_of


def test_what_the_collection_says_itself_is_told_alone():
    row = TERMS_OF_ONE.copy()
    row["instrumentalness_column"] = 0.88
    assert reasons_of(RANKS, row)[0].made_of == [("the collection's own column “instrumentalness”", "0.88")]


@pytest.mark.parametrize(
    "rank, speaks", [(0.7, "sound"), (0.3, "words"), (0.5, "neither"), (np.nan, "not known")]
)
def test_a_high_rank_speaks_for_the_sound(rank, speaks):
    assert speaks_for(rank) == speaks


def test_the_ranks_make_the_weight_that_is_shown():
    assert (
        sum_in_words(RANKS, {"trust": 0.5})
        == "Mean rank 0.55, believed 50%: words count ½ + 0.50 × (½ − 0.55) = 48%."
    )
    assert sum_in_words(RANKS, {"of_picked": {"trust": 0.5}}) == sum_in_words(RANKS, {"trust": 0.5})


@pytest.mark.parametrize(
    "row, said",
    [
        ({"energy": np.nan, "text_weight": 0.0}, "has no words"),
        ({"energy": np.nan, "text_weight": 1.0}, "has no sound"),
        ({"energy": np.nan, "text_weight": 0.5}, "Nothing is known of this track"),
        ({"text_weight": 0.31}, "learnt from all tracks together"),
        ({"text_weight": np.nan}, "has no weight"),
    ],
)
def test_a_weight_that_no_cue_made_says_why(row, said):
    assert said in sum_in_words(pd.Series(row), {})


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("loudness_db", -14.23, "−14.2"),
        ("top_hz", 11025.0, "11,025"),
        ("clipping_share", 0.001, "0.10%"),
        ("text_words", 132, "132"),
        ("is_tagged_instrumental", True, "yes"),
        ("language", "", "not known"),
        ("voice", np.nan, "not known"),
    ],
)
def test_values_are_written_with_the_digits_they_deserve(name, value, words):
    assert value_in_words(name, value) == words
