"""What is in the store, for ``python -m core list``."""

from core import collection as collections
from core.checkpoints import belongs, list_checkpoints
from core.work import describe_checkpoint


def of_everything() -> dict:
    """Return every collection's counts."""
    rows = []
    for name in collections.names():
        collection = collections.load(name)
        rows.append({
            "name": name,
            "kind": collection.info.get("kind", ""),
            "n_tracks": collection.n_tracks,
            "n_with_sound": sum(map(bool, collection.audio_paths())),
            "n_labelled": sum(map(bool, collection.tracks["label"])),
            "n_problems": len(collection.problems),
        })  # fmt: skip
    return {"collections": rows}


def of_collection(name: str) -> dict:
    """Return one collection's counts, problems and checkpoints."""
    collection = collections.load(name)
    labels = collection.tracks["label"]
    return {
        "name": name,
        "n_tracks": collection.n_tracks,
        "n_with_sound": sum(map(bool, collection.audio_paths())),
        "n_labelled": sum(map(bool, labels)),
        "labels": {str(k): int(v) for k, v in labels[labels != ""].value_counts().items()},
        "texts": collection.text_sources(),
        "table_columns": [] if collection.table is None else list(collection.table.columns),
        "problems": collection.problems.to_dict("records"),
        "checkpoints": [describe_checkpoint(c) for c in list_checkpoints() if belongs(c, collection)],
        "info": collection.info,
    }


def in_words(listing: dict) -> str:
    """Lay a listing out for a terminal."""
    if "collections" in listing:
        if not listing["collections"]:
            return "no collections yet; begin with: python -m core add demo --name demo"
        return "\n".join(
            f"{c['name']:20} {c['n_tracks']:6} tracks, {c['n_with_sound']} with sound, {c['n_labelled']} labelled, {c['n_problems']} problems"
            for c in listing["collections"]
        )
    lines = [f"{listing['name']}: {listing['n_tracks']} tracks, {listing['n_with_sound']} with sound, {listing['n_labelled']} labelled"]
    lines += ["labels: " + ", ".join(f"{k} {v}" for k, v in listing["labels"].items())] if listing["labels"] else []
    lines += ["texts: " + ", ".join(f"{k} {v}" for k, v in listing["texts"].items())]
    lines += [f"checkpoint {c['name']}: {c['model']} on {c['input']}, {c['epochs']} epochs" for c in listing["checkpoints"]]
    lines += [f"problem {p['path']!r}: {p['reason']}" for p in listing["problems"]]
    return "\n".join(lines)
