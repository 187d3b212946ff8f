"""Versions of one recording in the Library: groups with evidence and players, which can be rejected."""

import streamlit as st

from core.access.rules import may_change
from core.collection import Collection
from core.messages.quantities import count
from core.messages.version_messages import describe_pair, describe_versions
from core.search.similar_tracks import choose_representation
from core.search.versions import find_versions, reject, restore
from core.ui.shared.frame import friendly, lazy_section, plain_markdown
from core.ui.shared.player import play_list
from core.ui.shared.prepare import is_prepared

MAX_GROUPS = 20
"""Groups that are shown at once."""
ABOUT = (
    "Other encodings, edits and other takes of one recording, found by audio similarity, duration and title. "
    "They make neighbours and probes look better than they are. Files with the same bytes are one track "
    "already."
)


def show_versions(collection: Collection) -> None:
    """Show a section that compares the tracks when it is opened."""
    if any(collection.audio_paths()) or collection.table is not None:
        lazy_section(
            "Versions of one recording", "content_copy", "library-versions", lambda: _show(collection)
        )


@st.fragment
def _show(collection: Collection) -> None:
    """Show the groups, and the pairs that were rejected."""
    with friendly():
        st.caption(ABOUT)
        if not is_prepared(collection, choose_representation(collection, None)):
            return
        with st.spinner("Comparing tracks …"):
            result = find_versions(collection)
        st.markdown(plain_markdown(describe_versions(result)))
        rows = {row["track_id"]: row for row in collection.tracks.to_dict("records")}
        for group in result["groups"][:MAX_GROUPS]:
            _show_group(group, rows, may_reject=may_change(collection.name))
        if len(result["groups"]) > MAX_GROUPS:
            st.caption(f"The {MAX_GROUPS} nearest of {count(len(result['groups']), 'group')} are shown.")
        if result["rejected"] and may_change(collection.name):
            _show_rejected(result["rejected"], rows)


def _show_group(group: dict, rows: dict[str, dict], *, may_reject: bool) -> None:
    """Show the evidence and players of a group, and the button that rejects it."""
    key = "-".join(sorted(group["tracks"]))
    with st.container(border=True, key=f"library-versions-{key}"):
        play_list([rows[track] for track in group["tracks"]], key=f"library-versions-play-{key}")
        for pair in group["pairs"]:
            names = f"{_title(rows[pair['first']])} – {_title(rows[pair['second']])}: " * (
                len(group["pairs"]) > 1
            )
            st.caption(plain_markdown(f"{names}{describe_pair(pair)}."))
        if not may_reject:
            return
        st.button(
            "Not the same",
            key=f"library-versions-reject-{key}",
            on_click=reject,
            args=(group["pairs"],),
            help="Removes this group here and from the counts beside scores. It can be undone below.",
        )


def _show_rejected(pairs: list[dict], rows: dict[str, dict]) -> None:
    """Show the rejected pairs, each with the button that undoes it."""
    st.markdown(f"{count(len(pairs), 'pair')} rejected by you:")
    for pair in pairs:
        with st.container(horizontal=True, vertical_alignment="center"):
            names = f"{_title(rows[pair['first']])} – {_title(rows[pair['second']])}"
            st.markdown(plain_markdown(names), width="stretch")
            st.button(
                "Undo",
                key=f"library-versions-restore-{pair['first']}-{pair['second']}",
                type="tertiary",
                on_click=restore,
                args=([pair],),
            )


def _title(row: dict) -> str:
    """Return the name of a track."""
    return row["title"] or row["path"] or row["track_id"]
