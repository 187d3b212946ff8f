"""Choosing a folder in the browser: walking down from the allowed roots, never out of them."""

import os
from pathlib import Path

import streamlit as st

from core.collection.sources.roots import (
    allowed_roots,
    allowing_line,
    count_entries,
    resolve_within,
    subfolders,
)
from core.errors import CollectionError
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.url_state import get, put

MOST_SHOWN = 60
"""Folders that are drawn at once; more are narrowed by typing."""


def choose_folder(key: str) -> Path | None:
    """Draw the walk and return the folder where the user stands, None before one was opened.

    The folder stands in the page's URL state under ``key``.
    """
    here = _here(key)
    _draw_way(key, here)
    with st.container(height=220, border=True, gap=None, key=f"{key}-list"), friendly():
        if here is None:
            rows = [{"name": str(root), "path": str(root), **count_entries(root)} for root in allowed_roots()]
        else:
            rows = subfolders(here)
        _draw_rows(key, rows)
    with st.expander("My folder is not here", key=f"{key}-elsewhere"):
        _draw_elsewhere(key)
    return here


def _draw_way(key: str, here: Path | None) -> None:
    """Draw the way from the root to where the user stands; each step leads back."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        if st.button(
            "Places", icon=":material/home:", key=f"{key}-places", type="tertiary", disabled=here is None
        ):
            _stand(key, None)
        if here is None:
            return
        root = max((r for r in allowed_roots() if here.is_relative_to(r)), key=lambda r: len(r.parts))
        for step in [*reversed([p for p in here.parents if p.is_relative_to(root)]), here]:
            name = _as_label(str(step) if step == root else step.name)
            if st.button(f"› {name}", key=f"{key}-way-{step}", type="tertiary", disabled=step == here):
                _stand(key, step)


def _draw_rows(key: str, rows: list[dict]) -> None:
    """Draw one button per folder, at most :data:`MOST_SHOWN`."""
    if len(rows) > MOST_SHOWN:
        wanted = st.text_input(
            "Narrow", placeholder="part of the name", key=f"{key}-narrow", label_visibility="collapsed"
        )
        rows = [row for row in rows if wanted.casefold() in row["name"].casefold()]
        if len(rows) > MOST_SHOWN:
            st.caption(f"{MOST_SHOWN} of {len(rows):,} folders; type a part of the name to find the others.")
    elif not rows:
        st.caption("There are no folders below this one.")
    for row in rows[:MOST_SHOWN]:
        label = _as_label(row["name"]) + _counts(row)
        if st.button(
            label,
            key=f"{key}-go-{row['path']}",
            icon=":material/folder:",
            type="tertiary",
            disabled=row["n_audio"] < 0,
        ):
            _stand(key, Path(row["path"]))


def _draw_elsewhere(key: str) -> None:
    """Take a typed path; where it may not be opened, print the line that allows it."""
    typed = st.text_input("Type its path", placeholder="/path/to/your/music", key=f"{key}-typed").strip()
    if typed and typed != st.session_state.get(f"{key}-typed-before"):
        try:
            folder = resolve_within(typed)
        except CollectionError as reason:
            if _is_allowed(typed):
                st.error(plain_markdown(str(reason)), icon=":material/info:")
                return
        else:
            st.session_state[f"{key}-typed-before"] = (
                typed  # the way may go on from there while the words stand here
            )
            _stand(key, folder)
    if not (typed and _is_allowed(typed)):
        st.markdown(
            "The browser may open only the places above. To allow another one, stop Songscape and start it "
            "with this line:"
        )
        st.code(
            allowing_line(Path(os.path.expanduser(typed)) if typed else "/path/to/your/music"),
            language="bash",
            wrap_lines=True,
        )


def _is_allowed(typed: str) -> bool:
    """Say whether a path lies below an allowed root, there or not."""
    try:
        path = Path(os.path.expanduser(typed)).resolve()
    except (OSError, RuntimeError, ValueError):
        return True  # it is no path at all, so no line would help
    return any(path.is_relative_to(root) for root in allowed_roots())


def _here(key: str) -> Path | None:
    """Return the folder of the last visit, or of the address after a reload, if it may still be opened."""
    known = get(key)
    try:
        here = resolve_within(known) if known else None
    except CollectionError:  # gone or no longer allowed: begin again from the roots
        here = None
    put(key, str(here) if here else "")
    return here


def _stand(key: str, folder: Path | None) -> None:
    """Go to a folder and draw the page anew."""
    put(key, str(folder) if folder else "")
    st.rerun()


def _as_label(name: str) -> str:
    """Return a name as a button shows it; control characters would break the line."""
    return plain_markdown("".join(c if c.isprintable() else "?" for c in name))


def _counts(row: dict) -> str:
    """Say what lies directly in a folder."""
    if row["n_audio"] < 0:
        return "  :gray[can't be opened]"
    parts = [
        f"{n:,} {word if n > 1 else word[:-1]}"
        for n, word in ((row["n_audio"], "sound files"), (row["n_folders"], "folders"))
        if n
    ]
    return f"  :gray[{' · '.join(parts)}]" if parts else ""
