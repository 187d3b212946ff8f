"""Listings of collections, and the text of ``list`` and ``add``."""

import unicodedata

from core import collection as collections
from core.checkpoints.catalogue import is_trained_on, list_checkpoints
from core.checkpoints.checkpoint_files import list_unreadable
from core.collection import Collection
from core.collection.genre_counts import count_genres
from core.features.extraction.failures import problems_of
from core.jobs.work import describe_checkpoint
from core.messages.collection.genre_messages import describe_genres
from core.messages.collection.reading_messages import describe_reading

OPTIONS = {"layout": "as"}
"""Arguments of ``add`` whose option has another name."""


def list_all() -> dict:
    """Return the counts of every collection."""
    loaded = map(collections.load, collections.names())
    return {
        "collections": [
            {
                **_counts(collection),
                "kind": collection.info.get("kind", ""),
                "n_problems": len(problems_of(collection)),
            }
            for collection in loaded
        ]
    }


def _counts(collection: Collection) -> dict:
    """Return the name of a collection and the counts of its tracks."""
    return {
        "name": collection.name,
        "n_tracks": collection.n_tracks,
        "n_with_sound": sum(map(bool, collection.audio_paths())),
        "n_labelled": sum(map(bool, collection.tracks["label"])),
    }


def list_one(name: str) -> dict:
    """Return the counts, problems and checkpoints of a collection."""
    collection = collections.load(name)
    labels = collection.tracks["label"]
    return {
        **_counts(collection),
        "labels": {str(k): int(v) for k, v in labels[labels != ""].value_counts().items()},
        "genres": count_genres(collection),
        "texts": collection.text_sources(),
        "table_columns": [] if collection.table is None else list(collection.table.columns),
        "problems": problems_of(collection).to_dict("records"),
        "checkpoints": [
            describe_checkpoint(c)
            for c in list_checkpoints()
            if is_trained_on(c, collection.name, collection.info)
        ],
        "unreadable_checkpoints": list_unreadable(),
        "info": collection.info,
    }


def describe_listing(listing: dict) -> str:
    """Format a listing for a terminal."""
    if "collections" in listing:
        if not listing["collections"]:
            return "no collections yet; start with: python -m core add demo --name demo"
        return "\n".join(
            f"{c['name']:20} {c['n_tracks']:6} tracks, {c['n_with_sound']} with audio, {c['n_labelled']} "
            f"labelled, {c['n_problems']} problems"
            for c in listing["collections"]
        )
    lines = [
        f"{listing['name']}: {listing['n_tracks']} tracks, {listing['n_with_sound']} with audio, "
        f"{listing['n_labelled']} labelled",
        f"labels: {_pairs(listing['labels'])}" if listing["labels"] else "",
        *(describe_genres(listing["genres"]) if listing["genres"] else []),
        f"texts: {_pairs(listing['texts'])}",
        *(
            f"checkpoint {c['name']}: {c['model']} on {c['input']}{_epochs(c['epochs'])}"
            for c in listing["checkpoints"]
        ),
        *(
            f"checkpoint {name!r} can't be used: {reason}"
            for name, reason in listing["unreadable_checkpoints"].items()
        ),
        *describe_reading(listing["info"]),
        *(f"problem {p['path']!r}: {p['reason']}" for p in listing["problems"]),
    ]
    return "\n".join(_one_line(line) for line in lines if line)


def _pairs(counts: dict) -> str:
    """Format counts by name."""
    return ", ".join(f"{name} {n}" for name, n in counts.items())


def _one_line(text: str) -> str:
    """Escape control characters and line breaks, which names may contain and terminals execute."""
    control = ("Cc", "Cs", "Zl", "Zp")
    return "".join(
        c.encode("unicode_escape").decode() if unicodedata.category(c) in control else c for c in text
    )


def _epochs(n: int | None) -> str:
    """Format the number of epochs, "" for a closed-form model (PCA)."""
    return "" if n is None else f", {n} epoch{'' if n == 1 else 's'}"


def describe_added(result: dict) -> str:
    """Format the result of :func:`core.jobs.work.add_collection` for a terminal."""
    name, labels = result["collection"], result["labels"]
    kept = ", ".join(f"--{OPTIONS.get(k, k.replace('_', '-'))} {v}" for k, v in result["taken_over"].items())
    lines = [
        f"{name}: {result['n_tracks']} tracks, {result['n_problems']} problems"
        + (f" (see: python -m core list {name})" if result["n_problems"] else ""),
        f"labels from {labels['from']}: {labels['n_labels']} on {labels['n_labelled']} tracks"
        if labels["n_labelled"]
        else "no labels",
        _describe_genres(result["genres"]) if result.get("genres") else "",
        *describe_reading(result["reading"]),
        _describe_join("text", "rows without a track", result["joins"]),
        _describe_join("audio", "files without a row", result["joins"]),
        f"same as before: {kept}" if kept else "",
        f"replaces what was read from {result['replaced']}" if result["replaced"] else "",
    ]
    return "\n".join(_one_line(line) for line in lines if line)


def _describe_genres(genres: dict) -> str:
    """Format the counts of several genres per track."""
    return (
        f"{genres['n_genres']} genres, several of them on {genres['n_several']} tracks; "
        f"{genres['coarse']['n_without']} tracks in no coarse group"
    )


def _describe_join(modality: str, unmatched: str, joins: dict) -> str:
    """Format the counts of a join, "" where nothing was joined."""
    if not (join := joins.get(modality)):
        return ""
    counts = f"{join['matched']} tracks matched, {join['unmatched']} not, {join['spare']} {unmatched}"
    examples = f" ({', '.join(join['examples'])} …)" if join.get("examples") else ""
    return f"{modality} from {join['from']} by {join['on']}: {counts}{examples}"
