"""Counts of genres and coarse groups in a collection whose tracks have several genres."""

from collections import Counter

from core.collection.collection import Collection


def count_genres(collection: Collection) -> dict | None:
    """Count the genres of a collection whose tracks have several, most frequent first; None for others."""
    found = collection.info.get("genres")
    if not found:
        return None
    names, has = collection.genre_matrix()
    groups = Counter(group for some in collection.coarse_genres() for group in some)
    return {
        **{key: found[key] for key in ("from", "n_genres", "n_with", "n_several")},
        "genres": {name: int(n) for name, n in zip(names, has.sum(0))},
        "coarse": dict(sorted(groups.items(), key=lambda pair: (-pair[1], pair[0]))),
        "label": collection.info["labels"]["from"],
        "main": {key: collection.info["labels"].get(key) for key in ("words", "found", "n_without")},
        "mapping": {key: value for key, value in found["coarse"].items() if key != "group"},
    }
