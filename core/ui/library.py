"""What the Library shows of collections: counts, tracks, problems, where it all comes from."""

import pandas as pd
import streamlit as st

from core import collection as collections
from core import jobs, store
from core.collection import Collection
from core.ui.frame import go_to, next_step, plain_markdown
from core.ui.memory import open_on_explore
from core.ui.results import load_collection

SHOWN = ["title", "artist", "label", "language", "duration_s", "lyrics", "caption", "path"]
TITLES = {
    "title": "Title", "artist": "Artist", "label": "Label", "language": "Language", "lyrics": "Lyrics",
    "caption": "Caption", "path": "File",
}  # fmt: skip
KINDS = {"folder": "a folder of sound", "table": "a table of numbers", "demo": "the demo that comes with Songscape"}


def added_in_words(result: dict) -> str:
    """Say what a finished reading found."""
    problems = f", and {result['n_problems']} entries to look at under Problems" if result.get("n_problems") else ""
    return f"{result.get('n_tracks', 0):,} tracks are in “{result.get('collection', '')}”{problems}."


def choose_from_library(names: list[str]) -> Collection:
    """Let the user choose a collection; the choice stands in the page's address."""
    asked = st.query_params.get("on", st.session_state.get("library-on", names[0]))
    key = "library-choice"
    if st.session_state.get(key) not in names or st.query_params.get("on") not in (None, st.session_state.get("library-on")):
        st.session_state[key] = asked if asked in names else names[0]
    name = st.segmented_control("Collections", names, key=key, required=True)
    st.session_state["library-on"] = name
    if st.query_params.get("on") != name:
        st.query_params["on"] = name
    return load_collection(name)


def show_collection(collection: Collection) -> None:
    """Draw one collection: counts, what can be done with it, and its tables."""
    tracks, kinds = collection.tracks, collection.problems["kind"] if "kind" in collection.problems else pd.Series(dtype=str)
    errors = int((kinds == "error").sum())
    texts = collection.text_sources()
    counts = {
        "Tracks": collection.n_tracks,
        "With sound": int((tracks["path"] != "").sum()),
        "With lyrics": int((tracks["lyrics"] != "").sum()),
        "With a label": int(collection.labelled.sum()),
        "Could not be used": errors,
    }
    for column, (title, count) in zip(st.columns(len(counts)), counts.items()):
        column.metric(title, f"{count:,}")
    _what_next(collection)
    tabs = st.tabs([f"Tracks ({collection.n_tracks:,})", f"Problems ({len(collection.problems):,})", "Where it comes from"])
    with tabs[0]:
        _show_tracks(tracks)
    with tabs[1]:
        _show_problems(collection)
    with tabs[2]:
        _show_origin(collection, texts)


def _what_next(collection: Collection) -> None:
    """Name the next sensible steps."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("See its map", icon=":material/scatter_plot:", type="primary", key="library-explore"):
            open_on_explore(collection.name)
            go_to("explore")
        next_step("Or let a model learn from it:", "Train a model", to="models")


def _show_tracks(tracks: pd.DataFrame) -> None:
    """Draw the table of tracks, narrowed by a search."""
    wanted = st.text_input("Search", placeholder="a title, an artist, a label, words of the lyrics …", key="library-search")
    shown = tracks[[c for c in SHOWN if c == "title" or (c == "duration_s" and tracks[c].notna().any()) or tracks[c].astype(str).ne("").any()]]
    shown = shown.loc[:, [c for c in shown if c != "duration_s" or shown[c].notna().any()]]
    if wanted.strip():
        searched = tracks[["title", "artist", "label", "language", "lyrics", "caption", "path"]].agg(" ".join, axis=1)
        shown = shown[searched.str.contains(wanted.strip(), case=False, regex=False)]
        st.caption(f"{len(shown):,} of {len(tracks):,} tracks")
    columns = {name: st.column_config.TextColumn(title) for name, title in TITLES.items()}
    columns["duration_s"] = st.column_config.NumberColumn("Seconds", format="%.1f")
    st.dataframe(shown, hide_index=True, column_config=columns, height=360)


def _show_problems(collection: Collection) -> None:
    """Draw the table of what could not be used, or was used in part."""
    problems = collection.problems
    if problems.empty:
        st.success("Every file was read.", icon=":material/check_circle:")
        return
    st.caption("Nothing here stops the rest. Mend what you can and press “Look for changes”; only new and changed files are read again.")
    words = {"error": "could not be used", "duplicate": "there already", "note": "used in part"}
    shown = problems.assign(kind=problems["kind"].map(words).fillna(problems["kind"]))[["kind", "path", "reason"]]
    columns = {"kind": "What", "path": "File or row", "reason": st.column_config.TextColumn("Why", width="large")}
    st.dataframe(shown, hide_index=True, column_config=columns)


def _show_origin(collection: Collection, texts: dict[str, int]) -> None:
    """Say where it comes from and how it was joined; look for changes; delete."""
    info = collection.info
    st.markdown(f"Read from {KINDS.get(info.get('kind'), 'elsewhere')} on {plain_markdown(str(info.get('created', ''))[:10])}:")
    st.code(info.get("source", ""), language=None)
    st.markdown("Its text: " + plain_markdown(", ".join(f"{source} {count:,}" for source, count in texts.items())))
    for title, counts in ((("Joined text"), info.get("text_join")), ("Labels", info.get("labels")), ("Joined sound", info.get("audio_join"))):
        if counts:
            st.markdown(f"{title}: " + plain_markdown("; ".join(f"{k.replace('_', ' ')} {v}" for k, v in counts.items() if v not in (None, {}, []))))
    with st.container(horizontal=True):
        if st.button("Look for changes", icon=":material/refresh:", key="library-refresh", help="Takes up new files and lets go of those that are gone."):
            jobs.start("add", f"Look for changes in {collection.name}", source=info["source"], name=collection.name, **info.get("arguments", {}))
            st.rerun()
        with st.popover("Delete", icon=":material/delete:"):
            st.markdown("The collection is forgotten. Your files stay where they are, and so do checkpoints trained on it.")
            if st.button(f"Delete {plain_markdown(collection.name)}", type="primary", key="library-delete"):
                collections.remove(collection.name)
                st.session_state.pop("library-on", None)
                st.query_params.clear()
                st.rerun()


@st.fragment
def show_store() -> None:
    """Show how much room the store takes, and free what can be made again."""
    with st.expander("Storage"):
        sizes = {name: size for name, size in store.sizes().items() if size}
        derived = sum(size for name, size in sizes.items() if name in store.DERIVED)
        st.markdown(f"{in_bytes(sum(sizes.values()))} in")
        st.code(str(store.root()), language=None)
        if sizes:
            table = pd.DataFrame({"What": list(sizes), "Size": [in_bytes(s) for s in sizes.values()]})
            st.dataframe(table.assign(**{"Can be made again": [name in store.DERIVED for name in sizes]}), hide_index=True)
        if st.button(f"Free {in_bytes(derived)}", disabled=not derived, help="Features, latents, maps and excerpts are computed again when they are needed."):
            st.toast(f"{in_bytes(store.clear_derived())} freed")
            st.rerun(scope="fragment")


def in_bytes(size: float) -> str:
    """Say a size as people do."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    raise AssertionError("unreachable")
