"""Where a collection comes from: its source, and what was joined to it."""

import streamlit as st

from core.collection import Collection
from core.collection.genres.columns import MAJORITY
from core.messages.collection.reading_messages import describe_reading
from core.messages.quantities import count
from core.ui.shared.frame import plain_markdown

KINDS = {
    "folder": "a folder of audio files",
    "table": "tables of features or texts",
    "demo": "the demo that comes with Songscape",
    "simulated": "simulated data",
}
LABELS_FROM = {
    "folder": "the names of the folders",
    "folder:deepest": "the names of the deepest folders",
    "folder:path": "the paths of the folders",
    "tags": "the genre tags of the files",
    MAJORITY: "the genres of each track: the main genre that most of them name",
}


def show_source(collection: Collection) -> None:
    """Show the source of a collection, and the counts of what was joined to it."""
    info = collection.info
    st.markdown(
        f"Read from {KINDS.get(info.get('kind'), 'another source')} on "
        f"{plain_markdown(str(info.get('created', ''))[:10])}:"
    )
    if info.get("kind") != "demo":
        st.code(info.get("source", ""), language=None, wrap_lines=True)
    st.markdown("\n".join(f"- {plain_markdown(line)}" for line in describe_source(info)))


def describe_source(info: dict) -> list[str]:
    """Describe what was read and joined, one sentence per source.

    Parameters
    ----------
    info : dict
        See :attr:`core.collection.Collection.info`.
    """
    lines = [
        f"{count(info['n_files'], 'audio file')} found" if "n_files" in info else "",
        _describe_rows(info) if "n_rows" in info else "",
        _describe_labels(info["labels"]) if info.get("labels") else "",
        _describe_text(info["text_join"]) if info.get("text_join") else "",
        _describe_text(info["label_join"], "Labels") if info.get("label_join") else "",
        _describe_audio(info["audio_join"]) if info.get("audio_join") else "",
        *(line[:1].upper() + line[1:] for line in describe_reading(info)),
    ]
    return [line for line in lines if line]


def _describe_rows(info: dict) -> str:
    """Describe the rows of a table."""
    return (
        f"{count(info['n_rows'], 'row')} with {count(info.get('n_features', 0), 'numeric column')}; "
        f"{count(info.get('n_duplicates', 0), 'duplicate row')}, "
        f"{info.get('n_conflicting_labels', 0):,} of them with conflicting labels"
    )


def _describe_text(text: dict, what: str = "Text") -> str:
    """Describe the join of a table of texts or labels."""
    return (
        f"{what} joined from {_file_name(text.get('file'))} on column {text.get('on')}: "
        f"{text.get('tracks_joined', 0):,} tracks matched, "
        f"{text.get('tracks_without_row', 0):,} unmatched; "
        f"{text.get('rows_without_track', 0):,} of {count(text.get('n_rows', 0), 'row')} match no track"
        f"{_describe_conflicts(text)}"
    )


def _describe_audio(audio: dict) -> str:
    """Describe the join of a folder of audio."""
    return (
        f"Audio joined from {_file_name(audio.get('folder'))} on column {audio.get('on')}: "
        f"{count(audio.get('rows_with_sound', 0), 'row')} matched one of "
        f"{count(audio.get('n_files', 0), 'file')}"
    )


def _describe_labels(labels: dict) -> str:
    """Describe where labels come from and how many there are."""
    origin = labels.get("from", "nothing")
    if origin == "nothing":
        return "No labels"
    counts = (
        f": {count(labels.get('n_labels', 0), 'label')} on {count(labels['n_labelled'], 'track')}"
        if labels.get("n_labelled")
        else ""
    )
    return f"Labels come from {LABELS_FROM.get(origin, f'the column {origin}')}{counts}"


def _file_name(path: str | None) -> str:
    """Return the last part of a path written by any operating system."""
    return str(path or "").replace("\\", "/").rstrip("/").rpartition("/")[2]


def _describe_conflicts(counts: dict) -> str:
    """Describe the counts that are rarely above 0."""
    titles = {
        "rows_naming_several_tracks": "rows match several tracks",
        "tracks_with_conflicting_rows": "tracks have conflicting rows",
    }
    return "".join(f", {counts[key]:,} {title}" for key, title in titles.items() if counts.get(key))
