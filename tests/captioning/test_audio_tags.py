"""Words for a sound out of tags."""

from core.captioning.audio_tags import GENRES, INSTRUMENTS, MOODS, VOICES, describe_sound, in_a_row
from core.features.pretrained.musicnn import TAGS


def test_tags_are_sorted_by_kind_the_surest_first():
    sound = describe_sound(
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
    assert sound.genres == ("jazz", "blues") and sound.instruments == ("guitar", "piano")
    assert sound.moods == ("mellow",) and sound.voices == ("a female voice",)


def test_tags_that_mean_the_same_are_one_and_opposites_never_both():
    sound = describe_sound(
        [
            ("female", 0.2),
            ("female voice", 0.9),
            ("slow", 0.3),
            ("fast", 0.2),
            ("rock", 0.9),
            ("classic rock", 0.8),
        ]
    )
    assert sound.voices == ("a female voice",) and sound.moods == ("slow",) and sound.genres == ("rock",)


def test_what_is_hardly_heard_is_not_said():
    assert describe_sound([("piano", 0.02), ("jazz", 0.05), ("sad", 0.01)]) == describe_sound([])


def test_every_word_that_is_known_is_one_that_a_network_gives():
    given = {tag.lower() for tags in TAGS.values() for tag in tags}
    assert set(GENRES) | set(MOODS) | set(INSTRUMENTS) | set(VOICES) <= given


def test_words_in_a_row():
    assert [in_a_row(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]
