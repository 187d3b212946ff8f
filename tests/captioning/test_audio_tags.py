"""Audio tags sorted by kind."""

from core.captioning.audio_tags import GENRES, INSTRUMENTS, MOODS, VOICES, join_words, sort_tags
from core.features.pretrained.musicnn import TAGS


def test_tags_are_sorted_by_kind_the_most_probable_first():
    tags = sort_tags(
        [
            ("piano", 0.3),
            ("jazz", 0.4),
            ("guitar", 0.6),
            ("blues", 0.3),
            ("Mellow", 0.1),
            ("woman", 0.2),
            ("vocals", 0.5),
        ]
    )
    assert tags.genres == ("jazz", "blues") and tags.instruments == ("guitar", "piano")
    assert tags.moods == ("mellow",) and tags.voices == ("a female voice",)


def test_synonyms_are_merged_and_opposites_exclude_each_other():
    tags = sort_tags(
        [
            ("female", 0.2),
            ("female voice", 0.9),
            ("slow", 0.3),
            ("fast", 0.2),
            ("rock", 0.9),
            ("classic rock", 0.8),
        ]
    )
    assert tags.voices == ("a female voice",) and tags.moods == ("slow",) and tags.genres == ("rock",)


def test_improbable_tags_are_ignored():
    assert sort_tags([("piano", 0.02), ("jazz", 0.05), ("sad", 0.01)]) == sort_tags([])


def test_every_known_tag_is_one_of_a_networks():
    given = {tag.lower() for tags in TAGS.values() for tag in tags}
    assert set(GENRES) | set(MOODS) | set(INSTRUMENTS) | set(VOICES) <= given


def test_joined_words():
    assert [join_words(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]
