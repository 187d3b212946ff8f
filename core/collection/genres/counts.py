"""What is said of a collection whose tracks have several genres: counts, how the main one was found, coarse groups."""

from collections import Counter

from core.collection import Collection
from core.collection.genres.columns import MAJORITY


def genres_of(collection: Collection) -> dict | None:
    """Count the genres of a collection whose tracks have several, the commonest first; None for others."""
    told = collection.info.get("genres")
    if not told:
        return None
    names, has = collection.genre_matrix()
    groups = Counter(group for some in collection.coarse_genres() for group in some)
    return {
        **{key: told[key] for key in ("from", "n_genres", "n_with", "n_several")},
        "genres": {name: int(n) for name, n in zip(names, has.sum(0))},
        "coarse": dict(sorted(groups.items(), key=lambda pair: (-pair[1], pair[0]))),
        "label": collection.info["labels"]["from"],
        "main": {key: collection.info["labels"].get(key) for key in ("words", "found", "n_without")},
        "mapping": {key: value for key, value in told["coarse"].items() if key != "group"},
    }


def genres_in_words(genres: dict, most: int = 12) -> list[str]:
    """Say in sentences how many genres the tracks have, how the main one was found, and what coarse groups they make."""
    main, mapping = genres["main"], genres["mapping"]
    lines = [
        f"{genres['n_several']:,} of {genres['n_with']:,} tracks with a genre have several, from the column "
        f"{genres['from']}: " + few(genres["genres"], most)
    ]
    if genres["label"] == MAJORITY:
        without = f"; {_n(main['n_without'], 'track')} without any of them" if main["n_without"] else ""
        how = "found here" if main["found"] else "as given"
        lines.append(
            f"main genre: the one that most of a track's genres name, of {_first(main['words'], most)} "
            f"({how}){without}"
        )
    by = "the table that comes with Songscape" if mapping["from"] == "shipped" else mapping["from"]
    rest = [f"{_n(mapping['by_word'], 'genre')} placed by a word in the name"] if mapping["by_word"] else []
    rest += (
        [
            f"{_n(mapping['n_unknown'], 'genre')} in none "
            f"({_first(mapping['unknown'], len(mapping['unknown']))})"
        ]
        if mapping["n_unknown"]
        else []
    )
    rest += [f"{_n(mapping['n_without'], 'track')} without a group"] if mapping["n_without"] else []
    lines.append("; ".join([f"coarse groups, by {by}: {few(genres['coarse'], most) or 'none'}", *rest]))
    return lines


def few(counts: dict[str, int], most: int = 12) -> str:
    """Name the first entries with their counts, and how many more there are."""
    shown = ", ".join(f"{name} {n:,}" for name, n in list(counts.items())[:most])
    return shown + (f" and {len(counts) - most:,} more" if len(counts) > most else "")


def _n(count: int, what: str) -> str:
    """Count in words: "1 track", "2 tracks"."""
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def _first(names: list[str], most: int) -> str:
    """Name the first few."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")
