"""Other labels for a collection: from its folders, one of its columns, or a column of another table."""

import streamlit as st

from core import collection as collections
from core.collection import Collection
from core.collection.genres.label_choice import ORIGINAL, label_columns
from core.jobs import job as jobs
from core.messages.collection.label_messages import describe_relabelled
from core.ui.library.add.add_fields import LABELS, choose_join_column
from core.ui.library.add.table_choice import look_at, take_table
from core.ui.shared.frame import friendly, plain_markdown

TABLE = "table"
"""Option that takes the labels from another table."""
TITLES = {
    ORIGINAL: "As read from the source",
    "folder": LABELS["folder"],
    "folder:deepest": LABELS["folder:deepest"],
    "folder:path": LABELS["folder:path"],
    TABLE: "A column of another table",
}
HELP = (
    "Changes the labels alone, also for later refreshes: no file is read and nothing is extracted or trained "
    "again. Labels colour the map and are compared with clusters."
)
_IN_ADDRESS = "labels"
"""The name in the page's address of the table with the labels."""


def show_relabel(collection: Collection) -> None:
    """Show the popover in which a collection gets other labels."""
    name = collection.name
    with st.popover("Labels", icon=":material/label:", key="library-relabel-open"), friendly():
        source = st.selectbox(
            "Labels from",
            label_options(collection),
            format_func=title_of,
            key=f"library-relabel-from-{name}",
            help=HELP,
        )
        label, table, on = source.removeprefix("column:"), None, None
        if source == TABLE:
            path = take_table("Table with the labels", _IN_ADDRESS)
            if path is None:
                return
            columns = list(look_at(path).columns)
            on = choose_join_column(columns, key="library-relabel-on")
            label, table = st.selectbox("Column", columns, key="library-relabel-column"), str(path)
        if st.button("Change labels", type="primary", key="library-relabel"):
            jobs.check_idle(name)
            info = collections.relabel(name, label, table, on).info
            done = {"collection": name, "labels": info["labels"], "join": info.get("label_join")}
            st.toast(plain_markdown(describe_relabelled(done)))
            st.rerun()


def label_options(collection: Collection) -> list[str]:
    """Return where the labels may come from: folders by depth, "column:NAME", :data:`TABLE`."""
    files = collection.tracks.get("file", [])
    depth = max((str(file).replace("\\", "/").count("/") for file in files), default=0)
    folders = ["folder", "folder:deepest", "folder:path"][: 3 if depth > 1 else depth]
    by_number = [f"folder:{level}" for level in range(2, depth)]
    is_changed = "original_labels" in collection.info
    columns = [f"column:{column}" for column in label_columns(collection.tracks, collection.table)]
    return [*([ORIGINAL] if is_changed else []), *folders, *by_number, *columns, TABLE]


def title_of(option: str) -> str:
    """Return the title of an option."""
    if option.startswith("folder:") and option not in TITLES:
        return f"Folder names at depth {option.removeprefix('folder:')}"
    return TITLES.get(option) or f"Column {option.removeprefix('column:')}"
