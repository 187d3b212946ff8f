"""An estimate and a result of transcribing in plain words, for terminals and pages."""

from collections import Counter
from collections.abc import Mapping

from core.text.language import name_of

LONGEST = 160
"""Letters of lyrics that are shown of a track."""


def estimate_in_words(estimate: dict) -> list[str]:
    """Say what would be listened to, what it takes, and which tracks take no part."""
    n, sound = estimate["n_to_hear"], in_time(estimate["sound_s"])
    if n:
        taking = (
            f"about {in_time(estimate['seconds'])} at the pace of this model here before"
            if estimate["seconds"] is not None
            else "how long that takes on this computer shows once it has begun"
        )
        lines = [f"{_tracks(n)}, {sound} of sound, would be listened to; {taking}"]
    else:
        lines = ["No track is left to listen to"]
    if estimate["n_kept"]:
        lines.append(
            f"{_tracks(estimate['n_kept'])} "
            + (
                "was heard before and costs nothing"
                if estimate["n_kept"] == 1
                else "were heard before and cost nothing"
            )
        )
    if estimate["n_from_source"]:
        lines.append(f"{_tracks(estimate['n_from_source'])} came with lyrics, which stay")
    if estimate["n_made_before"]:
        before = (
            f"{_tracks(estimate['n_made_before'])} "
            f"{'has' if estimate['n_made_before'] == 1 else 'have'} lyrics that were written down "
            "here before"
        )
        lines.append(before + (", which give way" if estimate["replace"] else ""))
    lines += [f"{_tracks(count)} left out: {reason}" for reason, count in estimate["left_out"].items()]
    return [f"{line}." for line in lines]


def transcribed_in_words(result: dict) -> str:
    """Say what was heard and what was not."""
    parts = [f"{_tracks(result['n_with_words'])} got lyrics, {result['lyrics_from']}"]
    if result["languages"]:
        parts[0] += (
            " ("
            + ", ".join(f"{language_in_words(code)} {count:,}" for code, count in result["languages"].items())
            + ")"
        )
        parts.append(f"the median confidence is {result['confidence']:.2f}")
    if result["n_heard"]:
        parts.append(f"{in_time(result['sound_s'])} of sound took {in_time(result['seconds'])}")
    if result["n_kept"]:
        parts.append(f"{_tracks(result['n_kept'])} {'was' if result['n_kept'] == 1 else 'were'} heard before")
    parts += [
        f"{_tracks(count)} left out: {reason}"
        for reason, count in Counter(result["left_out"].values()).most_common(5)
    ]
    return "; ".join(parts) + "."


def sample_in_words(sample: Mapping) -> tuple[str, str]:
    """Return a track's title, and in one line language, confidence and the beginning of its lyrics."""
    lines = " / ".join(sample["lyrics"].split("\n"))
    shown = lines if len(lines) <= LONGEST else lines[:LONGEST].rsplit(" ", 1)[0] + " …"
    return (
        sample["title"] or "Untitled",
        f"({language_in_words(sample['lyrics_language'])}, confidence {sample['lyrics_confidence']:.2f}): "
        f"{shown}",
    )


def language_in_words(code: str) -> str:
    """Name a language; its code where it has no name in the list."""
    return name_of(code) or code


def in_time(seconds: float) -> str:
    """Format a duration: seconds below 90 s, minutes below 90 min, else hours."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def _tracks(n: int) -> str:
    """Count tracks."""
    return f"{n:,} track{'' if n == 1 else 's'}"
