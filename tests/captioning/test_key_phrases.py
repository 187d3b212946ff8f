"""Key phrases of a text."""

import math

import pytest

from core.captioning.key_phrases import _score_phrase, find_key_phrases


def test_repeated_phrases_rank_above_stop_words():
    text = (
        "the silver river runs\nand the night is long\nthe silver river calls\nand I am in the silver "
        "river\nwith you and you and you"
    )
    found = find_key_phrases(text, "en")
    assert found[0] == "silver river"
    assert not {"the", "and", "you", "with"} & {word for phrase in found for word in phrase.split()}


def test_phrases_share_no_word_and_are_at_most_n():
    found = find_key_phrases(
        "red moon rises\nred moon falls\nred star rises\nblue star falls\nblue moon calls", "en", n=3
    )
    words = [word for phrase in found for word in phrase.split()]
    assert len(found) <= 3 and len(words) == len(set(words))


def test_phrases_do_not_reach_over_punctuation():
    assert not any(
        phrase == "rain fire" for phrase in find_key_phrases("rain, fire\nrain, fire\nrain, fire", "en")
    )


@pytest.mark.parametrize("text", ["", "la la la\noh oh", "!!! 12 34", "the and of"])
def test_a_text_without_content_has_no_phrases(text):
    assert find_key_phrases(text, "en") == []


def test_a_phrase_scores_as_published():
    assert _score_phrase([0.2, 0.5], 3) == pytest.approx(0.1 / (3 * 1.7))
    assert _score_phrase([0.2], 6) < _score_phrase([0.2], 3) < math.inf


@pytest.mark.parametrize(
    "language, filler, theme", [("de", "nicht", "winter"), ("it", "perché", "mare"), ("", "xy", "plugh")]
)
def test_stop_words_are_those_of_the_language(language, filler, theme):
    found = find_key_phrases(f"{filler} {theme}\n{filler} {theme}\n{filler}", language)
    assert found and not any(filler in phrase.split() for phrase in found) and theme in found[0]
