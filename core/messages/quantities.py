"""Durations, sizes and counts as text."""


def format_duration(seconds: float) -> str:
    """Format a duration in the unit that suits it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} second{'s' if seconds >= 1.5 else ''}"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"


def format_size(size: float) -> str:
    """Format a number of bytes with three figures at most."""
    for unit in ("bytes", "kB", "MB"):
        if size < 999.5:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 99.5 else f"{size:.2g} {unit}"
        size /= 1000
    return f"{size:.3g} GB"


def count(n: int, noun: str) -> str:
    """Format a number with its noun, plural where it is not 1."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def count_tracks(n: int) -> str:
    """Return "1 track", "2,000 tracks"."""
    return count(n, "track")
