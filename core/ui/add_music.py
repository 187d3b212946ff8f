"""The ways to add music: a folder, a table, files from this computer, the demo."""

from pathlib import Path

import streamlit as st

from core import collection as collections
from core import jobs
from core.collection.saved import check_name
from core.collection.sheet import read_sheet
from core.collection.uploads import keep_uploads
from core.errors import SongscapeError
from core.ui.folder_chooser import choose_folder
from core.ui.frame import friendly, plain_markdown
from core.ui.prepare import in_words

UPLOAD_LIMIT_MB = 500
SOUND = ["wav", "flac", "ogg", "opus", "mp3", "aiff", "aif", "au", "m4a", "aac", "wma", "mp4", "webm", "txt", "lrc"]
LABELS = {"choose": "Choose for me", "folder": "Folder names (genre/track.wav)", "tags": "The genre tag in each file", "column": "A column of the table"}


def show_ways_to_add(names: list[str]) -> None:
    """Draw the forms; each ends in a job."""
    with st.expander("Add music", icon=":material/add:", expanded=not names or set(names) == {"demo"}):
        ways = {"Folder": _folder, "Table of numbers": _table, "Files from this computer": _upload}
        if "demo" not in names:
            ways["Demo"] = _demo
        way = st.segmented_control("What to add", list(ways), default="Folder", key="library-way", required=True)
        with friendly():
            ways[way]()


def _folder() -> None:
    """Add a folder that the server can read."""
    folder = choose_folder("library-folder")
    if folder is None:
        st.info("Open one of the places above to choose a folder.", icon=":material/folder_open:")
        return
    estimate = _estimate(str(folder))
    if not estimate["n_files"]:
        st.info("There is no sound in this folder or below it.", icon=":material/info:")
        return
    known = estimate["n_files"] - estimate["n_new"]
    st.markdown(
        plain_markdown(
            f"{estimate['n_files']:,} sound files, {estimate['bytes'] / 1e6:,.0f} MB"
            + (f", {known:,} of them known already" if known else "")
            + f": reading takes about {in_words(estimate['seconds'])}."
        )
    )
    label, column = _choose_label(["choose", "folder", "tags", "column"])
    text = _sheet("Lyrics or other words for these tracks (optional)", "library-text")
    _start(str(folder), folder.name, label=column or label, text=text)


def _table() -> None:
    """Add a table whose numeric columns are features."""
    st.caption("A CSV or Parquet file with one row per track. Its numeric columns become the representation “the table's own numbers”.")
    sheet = _sheet("The table", "library-table")
    if not sheet:
        return
    columns = list(read_sheet(sheet).columns)
    st.caption(f"{len(columns)} columns: " + plain_markdown(", ".join(columns[:12]) + (" …" if len(columns) > 12 else "")))
    guess = next((c for c in columns if c.lower() in ("label", "genre", "class")), None)
    label = st.selectbox("Column with the labels", ["none", *columns], index=columns.index(guess) + 1 if guess else 0, key="library-table-label")
    audio = None
    if st.toggle("The sound of its rows lies in a folder", key="library-table-sound", help="Rows are joined to files by their name, so that points can be heard."):
        audio = choose_folder("library-table-audio")
    _start(sheet, Path(sheet).stem, label=None if label == "none" else label, audio=str(audio) if audio else None)


def _upload() -> None:
    """Add a few files from the browser's computer."""
    st.caption(f"Up to {UPLOAD_LIMIT_MB} MB together: sound, and words beside it (song.txt or song.lrc beside song.mp3). Whole collections are read faster as a folder.")
    files = st.file_uploader("Files", type=SOUND, accept_multiple_files=True, key="library-files")
    if not files:
        return
    size = sum(file.size for file in files)
    if size > UPLOAD_LIMIT_MB * 1e6:
        st.error(f"These are {size / 1e6:,.0f} MB; {UPLOAD_LIMIT_MB} MB is the most. Put them in a folder and add that.", icon=":material/info:")
        return
    name = _name("uploads")
    if st.button(f"Add {len(files)} files", type="primary", key="library-upload"):
        source = keep_uploads(name, [(file.name, file.getvalue()) for file in files])
        jobs.start("add", f"Add {name}", source=str(source), name=name)
        st.rerun()


def _demo() -> None:
    """Open the demo again."""
    st.markdown("Short pieces from several traditions, rendered from public-domain scores, with sung texts where there are any.")
    if st.button("Open the demo", type="primary", key="library-demo"):
        jobs.start("add", "Open the demo", source="demo", name="demo")
        st.rerun()


def _choose_label(options: list[str]) -> tuple[str | None, str | None]:
    """Ask where labels come from; return the word for it, or the column's name."""
    label = st.selectbox(
        "Where labels come from", options, format_func=LABELS.get, key="library-label",
        help="Labels colour the map and are what clusters are compared with. They are never used to find clusters.",
    )  # fmt: skip
    if label == "column":
        return None, st.text_input("Name of the column", key="library-label-column") or None
    return (None if label == "choose" else label), None


def _sheet(title: str, key: str) -> str | None:
    """Take a table by upload and keep it; return its path."""
    file = st.file_uploader(title, type=["csv", "tsv", "parquet"], key=key)
    if file is None:
        return None
    kept = st.session_state.get(f"{key}-kept")
    if kept is None or kept[0] != file.file_id:
        path = keep_uploads(f"table-{Path(file.name).stem}"[:60].replace(" ", "-"), [(file.name, file.getvalue())])
        kept = st.session_state[f"{key}-kept"] = (file.file_id, str(path))
    return kept[1]


@st.cache_data(ttl=20, show_spinner="Counting files …")
def _estimate(source: str) -> dict:
    """Count what lies in a folder; asked again after 20 s."""
    return collections.estimate(source)


def _name(suggestion: str) -> str:
    """Ask for the collection's name."""
    clean = "".join(c if c.isalnum() and c.isascii() or c in "._-" else "-" for c in suggestion).strip("._-")[:60] or "music"
    return st.text_input("Name of the collection", value=clean, key=f"library-name-{clean}")


def _start(source: str, suggestion: str, **given: str | None) -> None:
    """Ask for a name and start the job."""
    name = _name(suggestion)
    if name in collections.names():
        st.warning(f"There is a collection “{plain_markdown(name)}” already; it would be replaced.", icon=":material/info:")
    if st.button("Add it", type="primary", key="library-add"):
        try:
            check_name(name)
        except SongscapeError as reason:
            st.error(plain_markdown(str(reason)), icon=":material/info:")
            return
        jobs.start("add", f"Add {name}", source=source, name=name, **{k: v for k, v in given.items() if v})
        st.rerun()
