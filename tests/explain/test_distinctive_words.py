"""Words that set a group apart: class-based TF-IDF by hand, and that chance finds none."""

import math

import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.explain.distinctive_words import count_words, find_distinctive_words, read_words, words_of

INSIDE = np.arange(20) < 10


def counted(texts):
    return count_words(texts, ["en"] * len(texts))


def test_weight_and_shares_by_hand():
    # "rain" in all ten of the group, "stone" in all twenty, "moon" in all ten others, once per track
    texts = ["rain stone rain rain"] * 10 + ["moon stone"] * 10
    (found,) = find_distinctive_words(counted(texts), INSIDE)
    assert found["word"] == "rain" and found["n_tracks"] == 10
    assert (found["share"], found["share_elsewhere"]) == (1.0, 0.0)
    assert found["weight"] == pytest.approx(10 / 20 * math.log(1 + 40 / 2 / 10))
    assert found["p_value"] == pytest.approx(3 / math.comb(20, 10))  # the lowest of three words


def test_the_order_of_tracks_changes_nothing():
    texts = ["rain river", "rain river stone"] * 5 + ["moon stone"] * 10
    order = np.random.default_rng(0).permutation(20)
    shuffled = find_distinctive_words(counted([texts[i] for i in order]), INSIDE[order])
    assert shuffled == find_distinctive_words(counted(texts), INSIDE)
    assert [entry["word"] for entry in shuffled] == ["rain", "river"]


def test_chance_finds_about_nothing():
    rng = np.random.default_rng(0)
    vocabulary = [f"word{i}x" for i in range(300)]
    found = 0
    for _ in range(20):
        texts = [" ".join(rng.choice(vocabulary, 20)) for _ in range(60)]
        found += len(find_distinctive_words(counted(texts), np.arange(60) < 15))
    assert found <= 2


def test_without_words_or_others_there_are_none():
    assert find_distinctive_words(counted(["", "12", "the"]), np.array([True, True, False])) == []
    assert find_distinctive_words(counted(["rain sun", "rain sun"]), np.array([True, True])) == []
    assert find_distinctive_words(counted(["rain sun"] * 3), np.array([True, False, False])) == []


def test_stop_words_are_those_of_the_language():
    assert words_of("Der Regen und the rain, oh 99", "de") == {"regen", "rain"} | (words_of("the", "de"))
    assert "the" not in words_of("the rain", "en")
    assert words_of("আমার সোনার বাংলা", "bn") >= {"সোনার", "বাংলা"}


def test_names_of_files_are_no_words():
    tracks = pd.DataFrame(
        {
            "track_id": [f"{i:032x}" for i in range(4)],
            "title": ["blues one", "blues two", "Gold Rush", "Gold Rush"],
            "title_from": ["file name", "file name", "tags", "tags"],
            "lyrics": ["rain", "rain", "", ""],
            "caption": ["not read", "not read", "a waltz", "a waltz"],
        }
    )
    counts = read_words(Collection("some", tracks), np.arange(4))
    assert counts.words == ["gold", "rain", "rush", "waltz"] and counts.n_texts == 4
