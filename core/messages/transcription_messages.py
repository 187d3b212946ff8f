"""Sentences about transcription, from the dictionaries of :mod:`core.transcription.transcribe_collection`."""

from collections import Counter
from collections.abc import Mapping

from core.messages.quantities import count_tracks, format_duration
from core.text.language import name_of

MAX_EXCERPT = 160
"""Characters of lyrics that are shown of a track."""


def describe_estimate(estimate: dict) -> list[str]:
    """Return sentences on what would be transcribed, the time it takes, and tracks left out."""
    n_kept, n_before = estimate["n_kept"], estimate["n_made_before"]
    before = f"{count_tracks(n_before)} {_have(n_before)} lyrics transcribed here before"
    sentences = [
        _describe_hearing(estimate),
        f"{count_tracks(n_kept)} {_have(n_kept)} a cached transcript" if n_kept else "",
        f"{count_tracks(estimate['n_from_source'])} came with lyrics, which stay"
        if estimate["n_from_source"]
        else "",
        before + (", which are replaced" if estimate["replace"] else "") if n_before else "",
        *(f"{count_tracks(count)} left out: {why}" for why, count in estimate["left_out"].items()),
    ]
    return [f"{sentence}." for sentence in filter(None, sentences)]


def _have(n: int) -> str:
    """Return the verb for a number of tracks."""
    return "has" if n == 1 else "have"


def _describe_hearing(estimate: dict) -> str:
    """Describe how much would be transcribed, and the time it takes."""
    if not estimate["n_to_hear"]:
        return "No track is left to transcribe"
    effort = (
        "the time it takes is estimated once it has started"
        if estimate["seconds"] is None
        else f"about {format_duration(estimate['seconds'])} at this model's speed here so far"
    )
    audio = f"{format_duration(estimate['sound_s'])} of audio"
    return f"{count_tracks(estimate['n_to_hear'])}, {audio}, would be transcribed; {effort}"


def describe_result(result: dict) -> str:
    """Return a sentence on what was transcribed and what was not."""
    languages = ", ".join(f"{describe_language(code)} {n:,}" for code, n in result["languages"].items())
    parts = [
        f"{count_tracks(result['n_with_words'])} got lyrics, {result['lyrics_from']}"
        + (f" ({languages})" if languages else ""),
        f"median confidence {result['confidence']:.2f}" if languages else "",
        f"{format_duration(result['sound_s'])} of audio took {format_duration(result['seconds'])}"
        if result["n_heard"]
        else "",
        f"{count_tracks(result['n_kept'])} {'was' if result['n_kept'] == 1 else 'were'} cached"
        if result["n_kept"]
        else "",
        *(
            f"{count_tracks(count)} left out: {reason}"
            for reason, count in Counter(result["left_out"].values()).most_common(5)
        ),
    ]
    return "; ".join(filter(None, parts)) + "."


def describe_sample(sample: Mapping) -> tuple[str, str]:
    """Return a track's title, and language, confidence and the start of its lyrics in one line."""
    lyrics = " / ".join(sample["lyrics"].split("\n"))
    excerpt = lyrics if len(lyrics) <= MAX_EXCERPT else lyrics[:MAX_EXCERPT].rsplit(" ", 1)[0] + " …"
    language, confidence = describe_language(sample["lyrics_language"]), sample["lyrics_confidence"]
    return sample["title"] or "Untitled", f"({language}, confidence {confidence:.2f}): {excerpt}"


def describe_language(code: str) -> str:
    """Return the English name of a language, or its code where it has no name in the list."""
    return name_of(code) or code
