"""Sentences about tracks that are still to be read: how long that takes, and how much space it needs."""

from core.messages.quantities import count_tracks, format_duration, format_size


def describe_reading(n_tracks: int, seconds: float, n_bytes: int, free: int | None) -> str:
    """Describe an extraction before it begins.

    >>> describe_reading(1000, 180.0, 196_608_000, 10**12)
    '1,000 tracks to read: about 3 minutes, about 197 MB on disk'
    """
    return (
        f"{count_tracks(n_tracks)} to read: about {format_duration(seconds)}, {describe_space(n_bytes, free)}"
    )


def describe_space(n_bytes: int, free: int | None) -> str:
    """Describe the space that is needed, and what is free where that is less.

    >>> describe_space(5_000_000, 1_000_000)
    'about 5 MB on disk, where only 1 MB are free'
    """
    if free is None:
        return f"about {format_size(n_bytes)} on object storage"
    short = f", where only {format_size(free)} are free" if n_bytes > free else ""
    return f"about {format_size(n_bytes)} on disk{short}"
