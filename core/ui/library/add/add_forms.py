"""Adding music: the button at the top of the Library, and the forms that it opens, which end in a job."""

import streamlit as st

from core import collection as collections
from core.collection.saved import check_addable
from core.collection.sources.roots import allowed_roots
from core.collection.sources.uploads import save_uploads
from core.messages.quantities import count, format_duration, format_size
from core.simulated import SIMULATED
from core.ui.library.add.add_fields import (
    IN_ADDRESS,
    IS_OPEN,
    LABELS,
    TABLES,
    choose_genres,
    choose_join_column,
    choose_label,
    choose_name,
    choose_sample,
    choose_table_label,
    close_form,
    estimate_of,
    show_add_button,
    start_adding,
)
from core.ui.library.add.layout_choice import choose_layout
from core.ui.library.add.source_choice import choose_folder
from core.ui.library.add.table_choice import look_at, take_table, take_tables
from core.ui.shared.fields.engine_choice import choose_engine
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.url_state import choose_option, get, toggle

UPLOAD_LIMIT_MB = 500
AUDIO = ["wav", "flac", "ogg", "opus", "mp3", "aiff", "aif", "au", "m4a", "aac", "wma", "mp4", "webm"]
TEXT = ["txt", "lrc"]
TEXT_HELP = (
    "A CSV or Parquet file. The columns title, artist, lyrics, caption, language and genre are recognised by "
    "name; a column id, path, filename or file identifies the track. Text also comes from tags, and from "
    "song.txt or song.lrc beside song.mp3."
)
TITLES = {"folder": "Folder", "table": "Tables", "files": "Upload files", "made-up": "Simulated data"}
TITLES_IN_0_1 = {
    "A folder": "folder",
    "A table of numbers": "table",
    "Files from this computer": "files",
    "Something made up": "made-up",
}
"""Titles that addresses of version 0.1.0 hold."""


def add_folder() -> None:
    """Add a folder that the server can read."""
    st.caption("Open a folder: it is added with all its subfolders. The files stay where they are.")
    folder = choose_folder("folder", table_key=TABLES[0])
    if folder is None:
        return
    estimate = estimate_of(str(folder))
    if estimate is None:
        return
    if not estimate["n_files"]:
        st.info("No audio files in this folder or its subfolders.", icon=":material/info:")
        return
    known = estimate["n_files"] - estimate["n_new"]
    _show_estimate(
        f"{count(estimate['n_files'], 'audio file')}, {format_size(estimate['bytes'])}"
        + (f", {known:,} already read" if known else ""),
        estimate["seconds"],
    )
    layout = choose_layout(folder)
    text = take_table("Lyrics or other text in a table (optional)", "words", help=TEXT_HELP)
    columns = list(look_at(text).columns) if text else []
    on = choose_join_column(columns)
    left, right = st.columns(2)
    with left:
        label = choose_label([*LABELS, *(f"column:{c}" for c in columns)])
        sample = choose_sample()
    with right:
        name = choose_name(folder.name)
    show_add_button(
        name,
        source=str(folder),
        layout=layout,
        text=str(text) if text else None,
        on=on,
        label=label,
        sample=sample,
        **choose_genres(columns, tags=True),
        **choose_engine("Reading and hashing files"),
    )


def add_table() -> None:
    """Add tables whose numeric columns are features, or whose texts are a collection."""
    st.caption(
        "CSV or Parquet files with one row per track. Numeric columns become the representation “Table "
        "features”; lyrics, captions, titles and artists are text, with or without numbers."
    )
    paths = take_tables("Table", TABLES)
    if not paths:
        return
    sheet = look_at(*paths)
    columns = list(sheet.columns)
    st.dataframe(sheet.head(3), hide_index=True, height="content")
    text = take_table("Lyrics or other text in a table (optional)", "words", help=TEXT_HELP)
    text_columns = list(look_at(text).columns) if text else []
    label = choose_table_label(sheet, text_columns)
    sample = choose_sample()
    audio, seconds = None, collections.estimate(paths)["seconds"]
    if toggle(
        "Audio files of its rows are in a folder",
        "sound",
        help="Rows are joined to files by name, so that tracks can be played.",
    ):
        audio = choose_folder("audio")
        if audio is None:
            st.info("Open the folder with the audio files.", icon=":material/folder_open:")
            return
        estimate = estimate_of(str(audio))
        if estimate is None:
            return
        seconds += estimate["seconds"]
    on = None
    if text or audio:  # one option for both joins
        on = choose_join_column([c for c in text_columns or columns if not audio or c in columns])
    genres = choose_genres(columns)
    _show_estimate(f"{count(len(sheet), 'row')}, {count(len(columns), 'column')}", seconds)
    show_add_button(
        choose_name(paths[0].stem),
        source="\n".join(map(str, paths)),
        text=str(text) if text else None,
        audio=str(audio) if audio else None,
        on=on,
        label=label,
        sample=sample,
        **genres,
    )


def add_files() -> None:
    """Add a few files from the browser's computer."""
    st.caption(
        "Audio files, and text beside them (song.txt or song.lrc beside song.mp3), up to "
        f"{UPLOAD_LIMIT_MB} MB in total. They are copied to the store; add a larger collection as a folder."
    )
    turn = st.session_state.get("library-files-round", 0)
    files = st.file_uploader(
        "Files",
        type=[*AUDIO, *TEXT],
        accept_multiple_files=True,
        key=f"library-files-{turn}",
        label_visibility="collapsed",
    )
    if not files:
        return
    size = sum(file.size for file in files)
    if size > UPLOAD_LIMIT_MB * 1e6:
        st.error(
            f"These files have {format_size(size)}; the limit is {UPLOAD_LIMIT_MB} MB. Put them in a folder "
            "and add that.",
            icon=":material/info:",
        )
        return
    name = choose_name("uploads")
    if st.button(f"Add {count(len(files), 'file')}", type="primary", key="library-upload"):
        check_addable(name)  # before files are stored
        source = save_uploads(name, [(file.name, file.getvalue()) for file in files])
        st.session_state["library-files-round"] = turn + 1  # a new key is what empties an uploader
        start_adding(f"Add {name}", name, source=str(source))


def add_simulated() -> None:
    """Add a simulated collection."""
    st.caption("Small simulated collections with a known structure, for trying models.")
    for source, spec in SIMULATED.items():
        is_added = source in collections.names()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain_markdown(spec.title)}**: {plain_markdown(spec.summary)}", width="stretch")
            if st.button(
                "Add",
                key=f"library-{source}",
                disabled=is_added,
                help="Already in the library." if is_added else None,
            ):
                start_adding(f"Add {source}", source, source=source)


def _show_estimate(contents: str, seconds: float) -> None:
    """Show what a source holds and how long reading takes."""
    st.markdown(plain_markdown(f"{contents}. Reading takes about {format_duration(seconds)}."))


FORMS = {"folder": add_folder, "table": add_table, "files": add_files, "made-up": add_simulated}


def show_add_buttons(names: list[str]) -> None:
    """Show the buttons that open the form and the demo.

    Parameters
    ----------
    names : list of str
        The collections of the library; without any, the form is open and needs no button.
    """
    if "demo" not in names and st.button(
        "Open the demo",
        icon=":material/play_arrow:",
        key="library-demo",
        help="Short pieces from several traditions, rendered from public-domain scores, some with lyrics.",
    ):
        start_adding("Open the demo", "demo", source="demo")
    if names:
        is_open = is_form_open(names)
        st.button(
            "Close form" if is_open else "Add music",
            icon=":material/close:" if is_open else ":material/add:",
            key="library-add-toggle",
            on_click=close_form if is_open else _open_form,
        )


def is_form_open(names: list[str]) -> bool:
    """Return whether the form is open: by its button, by a field in the address, or in an empty library."""
    return st.session_state.get(IS_OPEN, False) or not names or any(map(get, ("add", *IN_ADDRESS)))


def show_add_form(names: list[str]) -> None:
    """Show the form, where it is open."""
    if not is_form_open(names):
        return
    st.session_state[IS_OPEN] = True  # until it is closed, whatever the address holds
    with st.container(border=True, key="library-add-form"):
        forms = [name for name in FORMS if name != "folder" or allowed_roots()]
        name = choose_option(
            "add",
            "Add music from",
            forms,
            "folder" if "folder" in forms else "files",
            draw=st.segmented_control,
            read=lambda text: TITLES_IN_0_1.get(text, text),
            omit_default=True,
            format_func=TITLES.get,
            required=True,
        )
        with friendly():
            FORMS[name]()


def _open_form() -> None:
    """Open the form."""
    st.session_state[IS_OPEN] = True
