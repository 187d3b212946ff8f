"""The fields that several forms for adding music share, and the start of their job."""

import time
from concurrent.futures import Future

import pandas as pd
import streamlit as st

from core import collection as collections
from core import store
from core.collection.naming import check_name
from core.collection.saved import check_addable
from core.errors import CollectionError
from core.jobs import job as jobs
from core.messages.quantities import count
from core.ui.library.add.source_choice import as_name
from core.ui.library.add.table_choice import take_table
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.results import results, within
from core.ui.shared.url_state import put, toggle

MAP = "groups"
"""The name of the table of coarse groups in the page's address."""
LABELS = {
    "": "Automatic",
    "folder": "Folder names (genre/track.wav)",
    "folder:deepest": "Deepest folder names (kit/kick/sound.wav: kick)",
    "folder:path": "Folder paths (kit/kick/sound.wav: kit/kick)",
    "tags": "Genre tag of each file",
}
LABEL_HELP = (
    "Labels colour the map and are compared with clusters; clustering never uses them. “Automatic” takes a "
    "column named label or genre, else the genre tags, else the folder names, whichever most tracks have; "
    "of several genres per track the main one."
)
ON_HELP = "The column that identifies the track of a row: its path, its file name, or its id."
TABLES = ("table", "table-2", "table-3", "table-4", "table-5")
"""The names in the page's address of the tables that become one collection."""
IN_ADDRESS = ("folder", "words", *TABLES, "audio", MAP)
"""Fields of a form that are in the page's address."""
EXPECTED = "library-expected"
"""Session key: the collection to show once its job has ended."""
IS_OPEN = "library-add-open"
"""Session key: whether the form is open."""
SOURCES = {"": "Automatic", "tags": "Genre tags of each file", "none": "None: one genre per cell"}
MAX_AGE_S = 60.0
"""Age after which a count is repeated."""
WAIT_S = 0.3
POLL_S = 0.7
_COUNTS = "library-counts"


def choose_join_column(columns: list[str], key: str = "library-on-column") -> str | None:
    """Choose the column that identifies the track; None without a table to join, and for automatic."""
    if not columns:
        return None
    chosen = st.selectbox(
        "Join on",
        ["", *columns],
        format_func=lambda c: c or "Automatic",
        key=key,
        help=ON_HELP,
    )
    return chosen or None


def choose_label(options: list[str], default: str = "") -> str | None:
    """Choose where labels come from; None: automatic."""
    label = st.selectbox(
        "Label",
        options,
        index=options.index(default),
        help=LABEL_HELP,
        key=f"library-label-{len(options)}-{default}",
        format_func=lambda o: LABELS.get(o) or f"Column {o.removeprefix('column:')}",
    )
    return label.removeprefix("column:") or None


def choose_table_label(sheet: pd.DataFrame, text_columns: list[str]) -> str | None:
    """Choose the label column of a table, or of the one that is joined, with the number of its labels."""
    guess = next((c for c in sheet if c.lower() in ("label", "genre", "class")), None)
    columns = list(dict.fromkeys([*sheet, *text_columns]))
    label = choose_label(["", *(f"column:{c}" for c in columns)], f"column:{guess}" if guess else "")
    if label in sheet:
        n = sheet[label].astype(str).nunique()
        is_id = n > 0.9 * len(sheet) > 9
        warning = " Nearly every row has its own label; another column may be meant." if is_id else ""
        st.caption(f"{count(n, 'label')}.{warning}")
    return label


def choose_sample() -> str | None:
    """Choose how many tracks per label are kept; None: all."""
    n = st.number_input(
        "Sample: tracks per label (optional)",
        min_value=1,
        value=None,
        placeholder="all",
        key="library-sample",
        help="Keeps a random sample (seeded) of so many tracks per label, of all tracks where there are no "
        "labels. Tracks without a label are left out where others have one. The whole source is read.",
    )
    return None if n is None else str(n)


def choose_name(suggestion: str) -> str:
    """Choose the collection's name, with a warning where it replaces another one."""
    clean = as_name(suggestion)
    name = st.text_input(
        "Name of the collection", value=clean, key=f"library-name-{clean}", persist_state="session"
    ).strip()
    if name in collections.names():
        st.caption(
            f":orange[:material/warning:] Replaces the collection “{plain_markdown(name)}” of the same name."
        )
    return name


def show_add_button(name: str, **given: str | dict | None) -> None:
    """Show the button that starts the job."""
    if st.button("Add collection", type="primary", key="library-add", icon=":material/add:"):
        start_adding(f"Add {check_name(name)}", name, **{key: value for key, value in given.items() if value})


def start_adding(title: str, name: str, **given: str | dict) -> None:
    """Start the job, close the form and run the page again, which then shows the progress.

    Raises
    ------
    CollectionError
        When a job reads a collection of this name already.
    AccessError
        When the name belongs to somebody else.
    """
    check_addable(name)
    if jobs.running_on(name, "add"):
        raise CollectionError(f"{name} is being read; wait until that has ended, or stop it")
    jobs.start("add", title, name=name, **given)
    st.session_state[EXPECTED] = name
    close_form()
    st.rerun()


def close_form() -> None:
    """Close the form and forget its fields."""
    st.session_state[IS_OPEN] = False
    for field in ("add", *IN_ADDRESS):
        put(field, "")


def choose_genres(columns: list[str], tags: bool = False) -> dict[str, str | None]:
    """Choose the source of genres, main genres and a table of coarse groups; return arguments of ``add``.

    Parameters
    ----------
    columns : list of str
        Of the table that is added or joined.
    tags : bool
        Whether genres may come from the tags of files.
    """
    if not toggle(
        "Set options for several genres per track",
        "several",
        help="A column named genres, or several genres in a cell or tag (“rock; garage rock”), are "
        "recognised without this. The label is then the main genre, the one that most of a track's genres "
        "name: “garage rock” and “hard rock” both name rock.",
    ):
        return {}
    options = ["", *(["tags"] if tags else []), "none", *(f"column:{c}" for c in columns)]
    left, right = st.columns(2)
    with left:
        source = st.selectbox(
            "Genres",
            options,
            format_func=lambda o: SOURCES.get(o) or f"Column {o.removeprefix('column:')}",
            key=f"library-genres-{len(options)}",
        )
    if source == "none":
        return {"genres": "none"}
    with right:
        main_genres = st.text_input(
            "Main genres",
            placeholder="country, hip hop, indie, metal, pop, punk, rock",
            key="library-main-genres",
            help="Separated by commas. If empty, the genres that contain no other genre's name.",
        ).strip()
    top = st.number_input(
        "Most frequent genres (optional)",
        min_value=1,
        value=None,
        placeholder="all",
        key="library-top-genres",
        help="Keeps only tracks whose genres are all among so many most frequent ones.",
    )
    table = take_table(
        "Coarse groups in a table (optional)",
        MAP,
        help="A CSV or Parquet file with the columns genre and coarse. The default is a table of about 480 "
        "genres in 13 groups.",
    )
    return {
        "genres": source.removeprefix("column:") or None,
        "main_genres": main_genres or None,
        "genre_map": str(table) if table else None,
        "top_genres": None if top is None else str(top),
    }


def start_count(source: str, recent: dict[tuple, tuple[float, Future]]) -> Future:
    """Return the count of a source from ``recent``, started now where there is no recent one.

    Files come and go, so a count that ended is dropped from ``recent`` when it is older than
    :data:`MAX_AGE_S`.
    """
    key, now = (str(store.root()), source), time.monotonic()
    for old, (started, future) in list(recent.items()):
        if future.done() and now - started > MAX_AGE_S:
            del recent[old]
    if key not in recent:
        recent[key] = now, results().begin(("count", *key), lambda: collections.estimate(source), "counting")
    return recent[key][1]


def _count(source: str) -> Future:
    """Return the count of a source that this visitor asked for."""
    return start_count(source, st.session_state.setdefault(_COUNTS, {}))


def estimate_of(source: str) -> dict | None:
    """Return :func:`core.collection.estimate` of a source; None, with a note on the page, while it runs.

    Raises
    ------
    CollectionError
        When the source is not valid.
    """
    found = within(_count(source), WAIT_S)
    if found is None:
        _watch(source)
    return found


@st.fragment(run_every=POLL_S)
def _watch(source: str) -> None:
    """Run the page again once the count is done."""
    with friendly():
        if _count(source).done():
            st.rerun()
        st.caption(":material/hourglass: Counting the audio files …")
