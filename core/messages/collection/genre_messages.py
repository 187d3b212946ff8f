"""Sentences about several genres per track."""

from core.collection.genres.columns import MAJORITY
from core.messages.quantities import count


def describe_genres(genres: dict, most: int = 12) -> list[str]:
    """Return sentences on the number of genres, the origin of the main genre, and the coarse groups."""
    mapping = genres["mapping"]
    several = (
        f"{genres['n_several']:,} of {genres['n_with']:,} tracks with a genre have several, from the column "
        f"{genres['from']}: {describe_counts(genres['genres'], most)}"
    )
    by = "the table that comes with Songscape" if mapping["from"] == "shipped" else mapping["from"]
    unknown = _first(mapping["unknown"], len(mapping["unknown"]))
    groups = [
        f"coarse groups, by {by}: {describe_counts(genres['coarse'], most) or 'none'}",
        f"{count(mapping['by_word'], 'genre')} assigned by a word in the name" if mapping["by_word"] else "",
        f"{count(mapping['n_unknown'], 'genre')} in none ({unknown})" if mapping["n_unknown"] else "",
        f"{count(mapping['n_without'], 'track')} without a group" if mapping["n_without"] else "",
    ]
    return [
        several,
        *([_describe_majority(genres["main"], most)] if genres["label"] == MAJORITY else []),
        "; ".join(filter(None, groups)),
    ]


def _describe_majority(main: dict, most: int) -> str:
    """Describe main genres that were chosen by the majority of each track's genres."""
    without = f"; {count(main['n_without'], 'track')} without any of them" if main["n_without"] else ""
    return (
        f"main genre: the one that most of a track's genres name, of {_first(main['words'], most)} "
        f"({'found here' if main['found'] else 'as given'}){without}"
    )


def describe_counts(counts: dict[str, int], most: int = 12) -> str:
    """Return the first entries with their counts, and how many more there are."""
    shown = ", ".join(f"{name} {n:,}" for name, n in list(counts.items())[:most])
    return shown + (f" and {len(counts) - most:,} more" if len(counts) > most else "")


def _first(names: list[str], most: int) -> str:
    """Return the first few names."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")
