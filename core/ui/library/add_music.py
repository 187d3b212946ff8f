"""The ways to add music: a folder, a table, files from this computer, the demo, something made up. Each ends in a job."""

import streamlit as st

from core import collection as collections
from core.collection.naming import check_name
from core.collection.sources.uploads import keep_uploads
from core.errors import CollectionError
from core.jobs import job as jobs
from core.simulated import SIMULATED
from core.ui.library.counting import estimate_of
from core.ui.library.folder_chooser import choose_folder
from core.ui.library.genre_form import MAP, choose_genres
from core.ui.library.table_upload import as_name, look_at, take_table
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.prepare import in_words
from core.ui.shared.storage import in_bytes
from core.ui.shared.url_state import get, put, record, start_widget, toggle

UPLOAD_LIMIT_MB = 500
SOUND = [
    "wav",
    "flac",
    "ogg",
    "opus",
    "mp3",
    "aiff",
    "aif",
    "au",
    "m4a",
    "aac",
    "wma",
    "mp4",
    "webm",
    "txt",
    "lrc",
]
LABELS = {
    "": "Choose for me",
    "folder": "Folder names (genre/track.wav)",
    "tags": "The genre tag in each file",
}
LABEL_HELP = (
    "Labels colour the map, and clusters are compared with them; they are never used to find clusters. "
    "“Choose for me” takes a "
    "column named label or genre, else the genre tags, else the folder names, whichever most tracks have; "
    "of several genres per track "
    "the main one."
)
ON_HELP = "The column that says which track a row is about: its path, its file name, or its id."
WAYS = {
    "folder": "A folder",
    "table": "A table of numbers",
    "files": "Files from this computer",
    "made-up": "Something made up",
}
WAYS_IN_0_1 = {
    "A folder": "folder",
    "A table of numbers": "table",
    "Files from this computer": "files",
    "Something made up": "made-up",
}
"""What addresses of version 0.1.0 hold."""
FIRST = "folder"
CHOSEN = ("folder", "words", "table", "audio", MAP)
"""What a form holds that stands in the page's address."""
EXPECTED = "library-expected"
"""The collection that is shown once its job has ended."""


def read_way(text: str) -> str:
    """Return the way to add music that a name or, as in version 0.1.0, what was shown of it means; other text as it is."""
    return WAYS_IN_0_1.get(text, text)


def show_ways_to_add(names: list[str]) -> None:
    """Draw the forms."""
    forms = {"folder": _add_folder, "table": _add_table, "files": _add_files, "made-up": _add_made_up}
    begun = any(get(name) for name in ("add", *CHOSEN))
    with st.expander(
        "Add music", icon=":material/add:", expanded=begun or set(names) <= {"demo"}, key="library-add-open"
    ):
        way = st.segmented_control(
            "What to add",
            list(WAYS),
            format_func=WAYS.get,
            key=start_widget("add", list(WAYS), FIRST, read_way),
            required=True,
            label_visibility="collapsed",
        )
        record("add", way if way != FIRST else None)
        with friendly():
            forms[way]()


def show_demo_button() -> None:
    """Open the demo with one click."""
    if st.button(
        "Open the demo",
        icon=":material/play_arrow:",
        key="library-demo",
        help=(
            "Short pieces from several traditions, rendered from public-domain scores, some with sung texts."
        ),
    ):
        _begin("Open the demo", "demo", source="demo")


def _add_folder() -> None:
    """Add a folder that the server can read."""
    st.caption(
        "Go into a folder by clicking it. The one you stand in is added, with everything below it; its "
        "files stay where they are."
    )
    folder = choose_folder("folder")
    if folder is None:
        return
    estimate = estimate_of(str(folder))
    if estimate is None:
        return
    if not estimate["n_files"]:
        st.info("There is no sound in this folder or below it.", icon=":material/info:")
        return
    known = estimate["n_files"] - estimate["n_new"]
    _say(
        f"{estimate['n_files']:,} sound files, {in_bytes(estimate['bytes'])}"
        + (f"; {known:,} of them are known already" if known else "")
        + f". Reading takes about {in_words(estimate['seconds'])}."
    )
    text = take_table(
        "Lyrics or other words in a table (optional)",
        "words",
        help="A CSV or Parquet file. Columns title, artist, lyrics, caption, language and genre are known "
        "by name; a column id, path, "
        "filename or file says which track a row is about. Words also come from tags and from song.txt or "
        "song.lrc beside song.mp3.",
    )
    columns = list(look_at(text).columns) if text else []
    on = _choose_on(columns)
    left, right = st.columns(2)
    with left:
        label = _choose_label([*LABELS, *(f"column:{c}" for c in columns)])
    with right:
        name = _choose_name(folder.name)
    genres = choose_genres(columns, tags=True)
    _finish(name, source=str(folder), text=str(text) if text else None, on=on, label=label, **genres)


def _add_table() -> None:
    """Add a table whose numeric columns are features."""
    st.caption(
        "A CSV or Parquet file with one row per track. Its numeric columns become the representation “Table "
        "features”."
    )
    path = take_table("The table", "table")
    if path is None:
        return
    sheet = look_at(path)
    columns = list(sheet.columns)
    st.dataframe(sheet.head(3), hide_index=True, height="content")
    guess = next((c for c in columns if c.lower() in ("label", "genre", "class")), None)
    label = _choose_label(["", *(f"column:{c}" for c in columns)], f"column:{guess}" if guess else "")
    if label:
        different = sheet[label].astype(str).nunique()
        many = (
            " That is a label of its own for nearly every row; another column may be meant."
            if different > 0.9 * len(sheet) > 9
            else ""
        )
        st.caption(f"{different:,} different labels.{many}")
    audio, on, seconds = None, None, collections.estimate(path)["seconds"]
    if toggle(
        "The sound of its rows lies in a folder",
        "sound",
        help="Rows are joined to files by their name, so that points can be heard.",
    ):
        audio = choose_folder("audio")
        if audio is None:
            st.info("Go into the folder that holds the sound.", icon=":material/folder_open:")
            return
        on = _choose_on(columns)
        estimate = estimate_of(str(audio))
        if estimate is None:
            return
        seconds += estimate["seconds"]
    genres = choose_genres(columns)
    _say(f"{len(sheet):,} rows, {len(columns):,} columns. Reading takes about {in_words(seconds)}.")
    _finish(
        _choose_name(path.stem),
        source=str(path),
        audio=str(audio) if audio else None,
        on=on,
        label=label,
        **genres,
    )


def _add_files() -> None:
    """Add a few files from the browser's computer."""
    st.caption(
        f"Sound, and words beside it (song.txt or song.lrc beside song.mp3), up to {UPLOAD_LIMIT_MB} MB "
        "together. They are copied "
        "into the store; a larger collection is added as a folder and stays where it is."
    )
    turn = st.session_state.get("library-files-round", 0)
    files = st.file_uploader(
        "Files",
        type=SOUND,
        accept_multiple_files=True,
        key=f"library-files-{turn}",
        label_visibility="collapsed",
    )
    if not files:
        return
    size = sum(file.size for file in files)
    if size > UPLOAD_LIMIT_MB * 1e6:
        st.error(
            f"These are {in_bytes(size)}; {UPLOAD_LIMIT_MB} MB is the most. Put them in a folder and add "
            "that.",
            icon=":material/info:",
        )
        return
    name = _choose_name("uploads")
    if st.button(
        f"Add {len(files)} {'files' if len(files) > 1 else 'file'}", type="primary", key="library-upload"
    ):
        source = keep_uploads(check_name(name), [(file.name, file.getvalue()) for file in files])
        st.session_state["library-files-round"] = (
            turn + 1
        )  # an uploader is emptied by another one in its place
        _begin(f"Add {name}", name, source=str(source))


def _add_made_up() -> None:
    """Add a made-up collection."""
    st.caption(
        "Small collections with a structure that is known, for trying models. Nobody wrote or played these "
        "songs."
    )
    for source, made in SIMULATED.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain_markdown(made.title)}**: {plain_markdown(made.summary)}")
            if st.button(
                "Add it",
                key=f"library-{source}",
                disabled=source in collections.names(),
                help="It is there already." if source in collections.names() else None,
            ):
                _begin(f"Add {source}", source, source=source)


def _choose_on(columns: list[str]) -> str | None:
    """Ask which column names the track; drawn where there is a table to join."""
    if not columns:
        return None
    chosen = st.selectbox(
        "Which track a row is about",
        ["", *columns],
        format_func=lambda c: c or "Find the column by itself",
        key="library-on-column",
        help=ON_HELP,
    )
    return chosen or None


def _choose_label(options: list[str], begin: str = "") -> str | None:
    """Ask where labels come from; None: Songscape chooses."""
    label = st.selectbox(
        "Labels come from",
        options,
        index=options.index(begin),
        help=LABEL_HELP,
        key=f"library-label-{len(options)}-{begin}",
        format_func=lambda o: LABELS.get(o) or f"The column {o.removeprefix('column:')}",
    )
    return label.removeprefix("column:") or None


def _choose_name(suggestion: str) -> str:
    """Ask for the collection's name, and say so where there is one of that name."""
    clean = as_name(suggestion)
    name = st.text_input(
        "Name of the collection", value=clean, key=f"library-name-{clean}", persist_state="session"
    ).strip()
    if name in collections.names():
        st.caption(
            f":orange[:material/warning:] There is a collection “{plain_markdown(name)}” already; this one "
            "takes its place."
        )
    return name


def _finish(name: str, **given: str | None) -> None:
    """Start the job when asked to."""
    if st.button("Add it", type="primary", key="library-add", icon=":material/add:"):
        _begin(f"Add {check_name(name)}", name, **{key: value for key, value in given.items() if value})


def _begin(title: str, name: str, **given: str) -> None:
    """Start the job and draw the page anew, which then shows it."""
    if any(job.is_alive and job.args.get("name") == name for job in jobs.list_jobs("add")):
        raise CollectionError(f"{name} is being read just now; wait until that is done, or stop it")
    jobs.start("add", title, name=name, **given)
    st.session_state[EXPECTED] = name
    for chosen in CHOSEN:  # the form has done its work
        put(chosen, "")
    st.rerun()


def _say(text: str) -> None:
    """Write plain words."""
    st.markdown(plain_markdown(text))
