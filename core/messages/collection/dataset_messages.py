"""What was read of a published dataset, and which one a folder looks like, as sentences."""

from core.collection.datasets import LAYOUTS
from core.messages.quantities import count


def describe_dataset(dataset: dict) -> list[str]:
    """Describe how a dataset was read.

    Parameters
    ----------
    dataset : dict
        "layout", "tables", "splits" and "n_lyrics"; see
        :func:`core.collection.datasets.annotations.describe`.
    """
    layout = dataset["layout"]
    lines = [f"read as the dataset {LAYOUTS[layout].title if layout in LAYOUTS else layout}"]
    lines += [
        f"{table['file']}: {count(table['tracks_joined'], 'track')} matched, {table['tracks_without_row']:,} "
        f"not; {count(table['rows_without_track'], 'row')} without a usable audio file"
        for table in dataset.get("tables", [])
    ]
    if splits := dataset.get("splits"):
        lines.append("split: " + ", ".join(f"{part or 'in no part'} {n:,}" for part, n in splits.items()))
    if n := dataset.get("n_lyrics"):
        lines.append(f"{count(n, 'file')} of lyrics")
    return lines


def describe_recognised(layout: str) -> str:
    """Say which dataset a folder that was read as plain audio looks like."""
    spec = LAYOUTS[layout]
    return (
        f"this folder looks like {spec.title}; read as a plain folder. --as {layout} reads it as published: "
        f"{spec.help[0].lower()}{spec.help[1:]}"
    )


def describe_top_genres(top: dict) -> str:
    """Describe the tracks that only have frequent genres."""
    without = f", {top['n_without']:,} of the others without a genre" if top["n_without"] else ""
    return (
        f"the {top['asked']:,} most frequent of {count(top['n_genres'], 'genre')}: {top['n_tracks']:,} of "
        f"{count(top['n_before'], 'track')} have no other{without}"
    )
