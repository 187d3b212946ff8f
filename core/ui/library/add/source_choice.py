"""Choosing a folder within the allowed roots in the browser."""

import os
import re
from pathlib import Path

import streamlit as st

from core.collection.sources.roots import (
    allowed_roots,
    allowing_line,
    count_entries,
    resolve_table,
    resolve_within,
    subfolders,
)
from core.collection.tables.sheet import is_sheet_name
from core.errors import CollectionError
from core.text.accents import strip_accents
from core.ui.shared.frame import friendly, plain_markdown, refuse_link
from core.ui.shared.url_state import get, put

MAX_SHOWN = 60
"""Folders that are listed at once; more are filtered by typing."""


def choose_folder(key: str, table_key: str | None = None) -> Path | None:
    """Show the folder chooser and return the open folder, None before one was opened.

    The folder is in the page's URL state under ``key``.

    Parameters
    ----------
    table_key : str, optional
        The name in the page's URL state of the table whose path is typed instead of a folder's; the form for
        tables goes on with it. By default only folders may be typed.
    """
    here = _open_folder(key)
    _draw_path(key, here)
    with st.container(height=220, border=True, gap=None, key=f"{key}-list"), friendly():
        if here is None:
            rows = [{"name": str(root), "path": str(root), **count_entries(root)} for root in allowed_roots()]
        else:
            rows = subfolders(here)
        _draw_rows(key, rows)
    with st.expander("My folder is not listed", key=f"{key}-elsewhere"):
        _draw_elsewhere(key, table_key)
    return here


def _draw_path(key: str, here: Path | None) -> None:
    """Show the path from the root to the open folder; each step opens that folder."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        if st.button(
            "Roots", icon=":material/home:", key=f"{key}-places", type="tertiary", disabled=here is None
        ):
            _open(key, None)
        if here is None:
            return
        root = max((r for r in allowed_roots() if here.is_relative_to(r)), key=lambda r: len(r.parts))
        for step in [*reversed([p for p in here.parents if p.is_relative_to(root)]), here]:
            name = _as_label(str(step) if step == root else step.name)
            if st.button(f"› {name}", key=f"{key}-way-{step}", type="tertiary", disabled=step == here):
                _open(key, step)


def _draw_rows(key: str, rows: list[dict]) -> None:
    """Show one button per folder, at most :data:`MAX_SHOWN`."""
    if len(rows) > MAX_SHOWN:
        wanted = st.text_input(
            "Filter", placeholder="part of the name", key=f"{key}-narrow", label_visibility="collapsed"
        )
        rows = [row for row in rows if wanted.casefold() in row["name"].casefold()]
        if len(rows) > MAX_SHOWN:
            st.caption(f"{MAX_SHOWN} of {len(rows):,} folders; type a part of the name to filter them.")
    elif not rows:
        st.caption("No subfolders.")
    for row in rows[:MAX_SHOWN]:
        if st.button(
            _as_label(row["name"]) + _describe_contents(row),
            key=f"{key}-go-{row['path']}",
            icon=":material/folder:",
            type="tertiary",
            disabled=row["n_audio"] < 0,
        ):
            _open(key, Path(row["path"]))


def _draw_elsewhere(key: str, table_key: str | None) -> None:
    """Open a typed path; where that is not allowed, show the command that allows it."""
    if table_key is not None:
        st.caption("The path of a folder, or of a CSV or Parquet table.")
    typed = st.text_input("Path", placeholder="/path/to/your/music", key=f"{key}-typed").strip()
    if typed and typed != st.session_state.get(f"{key}-typed-before"):
        try:
            if table_key is not None and is_sheet_name(Path(typed)) and not Path(typed).is_dir():
                put(table_key, str(resolve_table(typed)))
                put("add", "table")
                _open(key, None)
            folder = resolve_within(typed)
        except CollectionError as reason:
            if _is_allowed(typed):
                st.error(plain_markdown(str(reason)), icon=":material/info:")
                return
        else:
            st.session_state[f"{key}-typed-before"] = (
                typed  # the user may go on from there while the field still holds the path
            )
            _open(key, folder)
    if not (typed and _is_allowed(typed)):
        st.markdown(
            "The browser may only open the folders above. To allow another one, stop Songscape and start it "
            "with this command:"
        )
        st.code(
            allowing_line(Path(os.path.expanduser(typed)) if typed else "/path/to/your/music"),
            language="bash",
            wrap_lines=True,
        )


def _is_allowed(typed: str) -> bool:
    """Return whether a path is below an allowed root, whether or not it exists."""
    try:
        path = Path(os.path.expanduser(typed)).resolve()
    except (OSError, RuntimeError, ValueError):
        return True  # no valid path, so no command would help
    return any(path.is_relative_to(root) for root in allowed_roots())


def _open_folder(key: str) -> Path | None:
    """Return the open folder, or that of the address after a reload, if it may still be opened."""
    known = get(key)
    try:
        here = resolve_within(known) if known else None
    except CollectionError:  # gone or not allowed: start from the roots
        refuse_link(key, f"The folder {known[:200]} can't be opened here.")
        here = None
    put(key, str(here) if here else "")
    return here


def _open(key: str, folder: Path | None) -> None:
    """Open a folder and run the page again."""
    put(key, str(folder) if folder else "")
    st.rerun()


def _as_label(name: str) -> str:
    """Return a name as the label of a button, without control characters."""
    return plain_markdown("".join(c if c.isprintable() else "?" for c in name))


def _describe_contents(row: dict) -> str:
    """Describe what is directly in a folder."""
    if row["n_audio"] < 0:
        return "  :gray[can't be opened]"
    parts = [
        f"{n:,} {word if n > 1 else word[:-1]}"
        for n, word in ((row["n_audio"], "audio files"), (row["n_folders"], "folders"))
        if n
    ]
    return f"  :gray[{' · '.join(parts)}]" if parts else ""


def as_name(suggestion: str) -> str:
    """Turn a file or folder name into a valid collection name: without accents, hyphens between words."""
    plain = strip_accents(suggestion)
    return (
        re.sub(r"[^A-Za-z0-9._]*[^A-Za-z0-9._-][^A-Za-z0-9._]*", "-", plain).strip("._-")[:60].rstrip("._-")
        or "music"
    )
