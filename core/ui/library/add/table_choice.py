"""Choosing a table in the browser: uploaded, or by its path on the server within the allowed roots."""

import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from core import store
from core.access.quotas import upload_folder
from core.collection.sources.roots import resolve_table
from core.collection.sources.uploads import save_uploads
from core.collection.tables.several import open_sheets
from core.collection.tables.sheet import is_sheet_name
from core.errors import CollectionError
from core.messages.quantities import count
from core.ui.library.add.source_choice import as_name
from core.ui.shared.frame import friendly, plain_markdown, refuse_link
from core.ui.shared.url_state import get, put

ENDINGS = ["csv", "tsv", "parquet", "pq"]


def take_table(title: str, key: str, *, help: str = "") -> Path | None:
    """Show an uploader and a field for a path on the server, or the chosen table; return its path.

    The path is in the page's URL state under ``key``, because a reload empties every uploader: relative to
    the store's uploads, or absolute.

    Raises
    ------
    CollectionError
        When the file can't be read as a table.
    """
    path = _chosen(key)
    if path is None:
        file = st.file_uploader(
            title,
            type=ENDINGS,
            key=f"{key}-upload-{st.session_state.get(f'{key}-round', 0)}",
            help=help or None,
        )
        if file is None:
            with st.expander("The table is on the server", key=f"{key}-elsewhere"):
                _open_typed(key)
            return None
        if not file.size:
            raise CollectionError(f"{file.name} is empty")
        uploaded = save_uploads(
            f"table-{as_name(Path(file.name).stem)}"[:60].rstrip("._-"), [(file.name, file.getvalue())]
        )
        look_at(uploaded)  # refuses a bad file before it replaces the uploader
        put(key, uploaded.relative_to(_uploads()).as_posix())
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"{key}-kept"):
        st.markdown(
            f":material/table: **{plain_markdown(path.name)}**  :gray[{count(len(look_at(path)), 'row')}]",
            width="stretch",
        )
        if st.button("Choose another", key=f"{key}-another", type="tertiary", icon=":material/close:"):
            st.session_state[f"{key}-round"] = st.session_state.get(f"{key}-round", 0) + 1
            put(key, "")
            st.rerun()
    return path


def take_tables(title: str, keys: Sequence[str]) -> list[Path]:
    """Show an uploader for a table and, once it is there, for another one; return their paths.

    Parameters
    ----------
    keys : sequence of str
        The names of the tables in the page's URL state; at most that many are taken.
    """
    paths: list[Path] = []
    for key in keys:
        path = take_table("Another table (optional): its rows are added" if paths else title, key)
        if path is None:
            break
        paths.append(path)
    return paths


def look_at(*paths: Path) -> pd.DataFrame:
    """Return the rows of tables, cached until a file changes; not to be modified."""
    with st.spinner("Reading the table …"):
        return store.recent.read(paths, lambda *files: open_sheets(files).frame)


def _uploads() -> Path:
    """Return the folder of uploads, on a server with sign-in that of the person."""
    return upload_folder().resolve()


def _open_typed(key: str) -> None:
    """Open the table of a typed path within the allowed roots."""
    typed = st.text_input("Path", placeholder="/path/to/table.csv", key=f"{key}-typed").strip()
    if typed and typed != st.session_state.get(f"{key}-typed-before"):
        with friendly():
            path = resolve_table(typed)
            look_at(path)
            st.session_state[f"{key}-typed-before"] = typed  # after "Choose another" it is not opened again
            put(key, str(path))
            st.rerun()


def _chosen(key: str) -> Path | None:
    """Return the table that the address names, uploaded or within the allowed roots; None without one."""
    known = get(key)
    if os.path.isabs(known):
        try:
            return resolve_table(known)
        except CollectionError:
            refuse_link(key, f"The table {known[:200]!r} can't be opened here.")
            put(key, "")
            return None
    path = (_uploads() / known).resolve() if known and "\0" not in known else None
    if path is None or not path.is_relative_to(_uploads()) or not is_sheet_name(path) or not path.is_file():
        if known:
            refuse_link(key, f"The uploaded table {known[:200]!r} is not stored here.")
        put(key, "")
        return None
    return path
