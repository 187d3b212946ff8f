"""Sentences about transcription, from the dictionaries of :mod:`core.transcription.transcribe_collection`."""

from collections import Counter
from collections.abc import Mapping

from core.messages.quantities import count_tracks, format_duration
from core.text.language import name_of

MAX_EXCERPT = 160
"""Characters of lyrics that are shown of a track."""


def describe_estimate(estimate: dict) -> list[str]:
    """Return sentences on what would be transcribed, the time it takes, and tracks left out."""
    n = estimate["n_to_hear"]
    sentences = ["No track is left to transcribe"]
    if n:
        effort = "the time it takes is estimated once it has started"
        if estimate["seconds"] is not None:
            effort = f"about {format_duration(estimate['seconds'])} at this model's speed here so far"
        audio = f"{format_duration(estimate['sound_s'])} of audio"
        sentences = [f"{count_tracks(n)}, {audio}, would be transcribed; {effort}"]
    if estimate["n_kept"]:
        verb = "has" if estimate["n_kept"] == 1 else "have"
        sentences.append(f"{count_tracks(estimate['n_kept'])} {verb} a cached transcript")
    if estimate["n_from_source"]:
        sentences.append(f"{count_tracks(estimate['n_from_source'])} came with lyrics, which stay")
    if estimate["n_made_before"]:
        verb = "has" if estimate["n_made_before"] == 1 else "have"
        before = f"{count_tracks(estimate['n_made_before'])} {verb} lyrics transcribed here before"
        sentences.append(before + (", which are replaced" if estimate["replace"] else ""))
    sentences += [f"{count_tracks(count)} left out: {why}" for why, count in estimate["left_out"].items()]
    return [f"{sentence}." for sentence in sentences]


def describe_result(result: dict) -> str:
    """Return a sentence on what was transcribed and what was not."""
    parts = [f"{count_tracks(result['n_with_words'])} got lyrics, {result['lyrics_from']}"]
    if result["languages"]:
        languages = [f"{describe_language(code)} {n:,}" for code, n in result["languages"].items()]
        parts[0] += f" ({', '.join(languages)})"
        parts.append(f"median confidence {result['confidence']:.2f}")
    if result["n_heard"]:
        audio, time = format_duration(result["sound_s"]), format_duration(result["seconds"])
        parts.append(f"{audio} of audio took {time}")
    if result["n_kept"]:
        verb = "was" if result["n_kept"] == 1 else "were"
        parts.append(f"{count_tracks(result['n_kept'])} {verb} cached")
    parts += [
        f"{count_tracks(count)} left out: {reason}"
        for reason, count in Counter(result["left_out"].values()).most_common(5)
    ]
    return "; ".join(parts) + "."


def describe_sample(sample: Mapping) -> tuple[str, str]:
    """Return a track's title, and language, confidence and the start of its lyrics in one line."""
    lyrics = " / ".join(sample["lyrics"].split("\n"))
    excerpt = lyrics if len(lyrics) <= MAX_EXCERPT else lyrics[:MAX_EXCERPT].rsplit(" ", 1)[0] + " …"
    language, confidence = describe_language(sample["lyrics_language"]), sample["lyrics_confidence"]
    return sample["title"] or "Untitled", f"({language}, confidence {confidence:.2f}): {excerpt}"


def describe_language(code: str) -> str:
    """Return the English name of a language, or its code where it has no name in the list."""
    return name_of(code) or code
