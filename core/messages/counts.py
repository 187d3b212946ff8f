"""Counts and durations in sentences."""


def count_tracks(n: int) -> str:
    """Return "1 track", "2,000 tracks"."""
    return f"{n:,} track{'' if n == 1 else 's'}"


def describe_duration(seconds: float) -> str:
    """Return a duration in seconds below 90 s, in minutes below 90 minutes, else in hours."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
