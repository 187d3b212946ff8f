"""Sentences about transcription."""

from core.messages.quantities import format_duration
from core.messages.transcription_messages import describe_estimate, describe_result, describe_sample


def test_durations_and_samples():
    durations = [format_duration(s) for s in (3.2, 89, 200, 6000)]
    assert durations == ["3 seconds", "89 seconds", "3 minutes", "1.7 hours"]
    sample = {"title": "", "lyrics": "la\nlu", "lyrics_language": "xx", "lyrics_confidence": 0.5}
    assert describe_sample(sample) == ("Untitled", "(xx, confidence 0.50): la / lu")


def test_an_estimate_with_nothing_to_do():
    estimate = {
        "n_to_hear": 0,
        "sound_s": 0,
        "seconds": None,
        "n_kept": 1,
        "n_from_source": 2,
        "n_made_before": 3,
        "replace": False,
        "left_out": {"no audio to transcribe": 4},
    }
    assert describe_estimate(estimate) == [
        "No track is left to transcribe.",
        "1 track has a cached transcript.",
        "2 tracks came with lyrics, which stay.",
        "3 tracks have lyrics transcribed here before.",
        "4 tracks left out: no audio to transcribe.",
    ]


def test_a_result_without_lyrics():
    result = {
        "n_with_words": 0,
        "lyrics_from": "transcribed by m",
        "languages": {},
        "n_heard": 1,
        "sound_s": 100,
        "seconds": 9,
        "n_kept": 0,
        "left_out": {"a": "no words were recognised"},
    }
    assert describe_result(result) == (
        "0 tracks got lyrics, transcribed by m; 2 minutes of audio took 9 seconds; 1 track left out: no "
        "words were "
        "recognised."
    )
