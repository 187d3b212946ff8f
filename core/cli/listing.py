"""Listings of collections, and the text of ``list`` and ``add``."""

import unicodedata

from core import collection as collections
from core.checkpoints.catalogue import is_trained_on, list_checkpoints
from core.checkpoints.checkpoint_files import list_unreadable
from core.collection import Collection
from core.collection.genre_counts import count_genres
from core.features.failures import problems_of
from core.jobs.work import describe_checkpoint
from core.messages.genre_messages import describe_genres


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
        f"{listing['n_labelled']} labelled"
    ]
    lines += (
        ["labels: " + ", ".join(f"{k} {v}" for k, v in listing["labels"].items())]
        if listing["labels"]
        else []
    )
    lines += describe_genres(listing["genres"]) if listing["genres"] else []
    lines += ["texts: " + ", ".join(f"{k} {v}" for k, v in listing["texts"].items())]
    lines += [
        f"checkpoint {c['name']}: {c['model']} on {c['input']}{_epochs(c['epochs'])}"
        for c in listing["checkpoints"]
    ]
    lines += [
        f"checkpoint {name!r} can't be used: {reason}"
        for name, reason in listing["unreadable_checkpoints"].items()
    ]
    lines += [f"problem {p['path']!r}: {p['reason']}" for p in listing["problems"]]
    return "\n".join(map(_one_line, lines))


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
    lines = [f"{name}: {result['n_tracks']} tracks, {result['n_problems']} problems"]
    lines[0] += f" (see: python -m core list {name})" if result["n_problems"] else ""
    lines += (
        [f"labels from {labels['from']}: {labels['n_labels']} on {labels['n_labelled']} tracks"]
        if labels["n_labelled"]
        else ["no labels"]
    )
    if genres := result.get("genres"):
        lines.append(
            f"{genres['n_genres']} genres, several of them on {genres['n_several']} tracks; "
            f"{genres['coarse']['n_without']} tracks in no coarse group"
        )
    for modality, unmatched in (("text", "rows without a track"), ("audio", "files without a row")):
        if join := result["joins"].get(modality):
            counts = f"{join['matched']} tracks matched, {join['unmatched']} not, {join['spare']} {unmatched}"
            lines.append(f"{modality} from {join['from']} by {join['on']}: {counts}")
    lines += (
        [
            "same as before: "
            + ", ".join(f"--{k.replace('_', '-')} {v}" for k, v in result["taken_over"].items())
        ]
        if result["taken_over"]
        else []
    )
    lines += [f"replaces what was read from {result['replaced']}"] if result["replaced"] else []
    return "\n".join(lines)
