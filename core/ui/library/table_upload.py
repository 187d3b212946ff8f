"""Taking a table from the browser: uploaded once, kept in the store, looked at before it is used."""

from pathlib import Path

import pandas as pd
import streamlit as st

from core import store
from core.collection.sources.uploads import save_uploads
from core.collection.tables.sheet import is_sheet_name, read_sheet
from core.errors import CollectionError
from core.ui.shared.frame import plain_markdown
from core.ui.shared.url_state import get, put

ENDINGS = ["csv", "tsv", "parquet", "pq"]


def take_table(title: str, key: str, *, help: str = "") -> Path | None:
    """Draw an uploader, or the table that was taken; return its path.

    The table's place below the store's uploads stands in the page's URL state under ``key``, so that it is
    there after a reload, which empties every uploader.

    Raises
    ------
    CollectionError
        When the file is no table that can be read.
    """
    kept = _kept(key)
    if kept is None:
        file = st.file_uploader(
            title,
            type=ENDINGS,
            key=f"{key}-upload-{st.session_state.get(f'{key}-round', 0)}",
            help=help or None,
        )
        if file is None:
            return None
        if not file.size:
            raise CollectionError(f"{file.name} is empty")
        given = save_uploads(
            f"table-{as_name(Path(file.name).stem)}"[:60].rstrip("._-"), [(file.name, file.getvalue())]
        )
        look_at(given)  # what can't be read is refused before it takes the uploader's place
        put(key, given.relative_to(_uploads()).as_posix())
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"{key}-kept"):
        st.markdown(
            f":material/table: **{plain_markdown(kept.name)}**  :gray[{len(look_at(kept)):,} rows]",
            width="stretch",
        )
        if st.button("Take another", key=f"{key}-another", type="tertiary", icon=":material/close:"):
            st.session_state[f"{key}-round"] = st.session_state.get(f"{key}-round", 0) + 1
            put(key, "")
            st.rerun()
    return kept


def look_at(path: Path) -> pd.DataFrame:
    """Return a table's cells, read again only when the file changed; not to be written to."""
    with st.spinner("Reading the table …"):
        return store.recent.read((path,), read_sheet)


def _uploads() -> Path:
    """Return where uploads lie."""
    return store.folder("uploads").resolve()


def _kept(key: str) -> Path | None:
    """Return the table that was taken before, after a reload too."""
    known = get(key)
    path = (_uploads() / known).resolve() if known and "\0" not in known else None
    if path is None or not path.is_relative_to(_uploads()) or not is_sheet_name(path) or not path.is_file():
        put(key, "")
        return None
    return path


def as_name(suggestion: str) -> str:
    """Turn a file or folder name into one that a collection can have."""
    return (
        "".join(c if c.isalnum() and c.isascii() or c in "._-" else "-" for c in suggestion)
        .strip("._-")[:60]
        .rstrip("._-")
        or "music"
    )
