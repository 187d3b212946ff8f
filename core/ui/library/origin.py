"""Where a collection comes from: its source, what was joined to it, looking for changes, deleting it."""

import streamlit as st

from core import collection as collections
from core.collection import Collection
from core.collection.genres.columns import MAJORITY
from core.jobs import job as jobs
from core.ui.shared.frame import plain_markdown

KINDS = {
    "folder": "a folder of sound",
    "table": "a table of numbers",
    "demo": "the demo that comes with Songscape",
    "simulated": "a generator: it is made up",
}
LABELS_FROM = {
    "folder": "the names of folders",
    "tags": "the genre tags",
    "nothing": "nowhere: there are none",
    MAJORITY: "the genres of each track, by majority: the main genre that most of them name",
}


def show_origin(collection: Collection) -> None:
    """Draw the source, the counts of what was joined, and what can be done about it."""
    info = collection.info
    st.markdown(
        f"Read from {KINDS.get(info.get('kind'), 'elsewhere')} on "
        f"{plain_markdown(str(info.get('created', ''))[:10])}:"
    )
    if info.get("kind") != "demo":
        st.code(info.get("source", ""), language=None, wrap_lines=True)
    st.markdown("\n".join(f"- {plain_markdown(line)}" for line in in_words(info)))
    with st.container(horizontal=True):
        if st.button(
            "Look for changes",
            icon=":material/refresh:",
            key="library-refresh",
            help="Takes up new files and lets go of those that are gone.",
        ):
            jobs.start(
                "add",
                f"Look for changes in {collection.name}",
                source=info["source"],
                name=collection.name,
                **info.get("arguments", {}),
            )
            st.rerun()
        show_deleting(collection.name)


def show_deleting(name: str) -> None:
    """Let the user forget a collection, after asking."""
    with st.popover("Delete", icon=":material/delete:", key="library-delete-open"):
        st.markdown(
            "The collection is forgotten. Your files stay where they are, and so do checkpoints that were "
            "trained on it."
        )
        if st.button(f"Delete {plain_markdown(name)}", type="primary", key="library-delete"):
            collections.remove(name)
            st.toast(f"{plain_markdown(name)} is deleted.")
            st.rerun()


def in_words(info: dict) -> list[str]:
    """Say what was read and joined, one sentence per source, with every count.

    Parameters
    ----------
    info : dict
        See :attr:`core.collection.Collection.info`.
    """
    lines = []
    if "n_files" in info:
        lines.append(
            f"{info['n_files']:,} sound files: {info.get('n_duplicates', 0):,} of them hold the same sound "
            "as another, "
            f"{info.get('n_broken', 0):,} could not be used"
        )
    if "n_rows" in info:
        lines.append(
            f"{info['n_rows']:,} rows with {info.get('n_features', 0):,} columns of numbers; "
            f"{info.get('n_duplicates', 0):,} rows repeat "
            f"the numbers of another, {info.get('n_conflicting_labels', 0):,} of them under another label"
        )
    if labels := info.get("labels"):
        origin = labels.get("from", "nothing")
        lines.append(
            f"Labels come from {LABELS_FROM.get(origin, f'the column {origin}')}"
            + (
                f": {labels.get('n_labels', 0):,} different ones on {labels.get('n_labelled', 0):,} tracks"
                if labels.get("n_labelled")
                else ""
            )
        )
    if text := info.get("text_join"):
        lines.append(
            f"Words joined from {_name(text.get('file'))} by its column {text.get('on')}: "
            f"{text.get('tracks_joined', 0):,} tracks found "
            f"their row, {text.get('tracks_without_row', 0):,} did not; "
            f"{text.get('rows_without_track', 0):,} of {text.get('n_rows', 0):,} rows "
            f"fit no track{_odd(text)}"
        )
    if audio := info.get("audio_join"):
        lines.append(
            f"Sound joined from {_name(audio.get('folder'))} by the column {audio.get('on')}: "
            f"{audio.get('rows_with_sound', 0):,} rows "
            f"found their file among {audio.get('n_files', 0):,}"
        )
    return lines


def _name(path: str | None) -> str:
    """Return the last part of a path as any system writes it."""
    return str(path or "").replace("\\", "/").rstrip("/").rpartition("/")[2]


def _odd(counts: dict) -> str:
    """Add the counts that are seldom more than 0."""
    named = {
        "rows_naming_several_tracks": "rows fit several tracks",
        "tracks_with_conflicting_rows": "tracks have rows that differ",
    }
    return "".join(f", {counts[key]:,} {words}" for key, words in named.items() if counts.get(key))
