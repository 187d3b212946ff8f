"""Choosing a folder in the browser: walking down from the allowed roots, never out of them."""

from pathlib import Path

import streamlit as st

from core.collection.roots import allowed_roots, allowing_line, count_entries, resolve_within, subfolders
from core.errors import CollectionError
from core.ui.frame import friendly, plain_markdown


def choose_folder(key: str) -> Path | None:
    """Draw the walk and return the folder where the user stands, None before one was opened.

    The folder is kept in the session under ``key``.
    """
    roots = allowed_roots()
    here = _here(key)
    st.caption("Go into a folder by clicking it. The folder you stand in is the one that is added, with everything below it.")
    crumbs = st.container(horizontal=True, gap="small")
    if crumbs.button("Places", icon=":material/home:", key=f"{key}-places", type="tertiary"):
        here = _stand(key, None)
    if here is not None:
        root = max((r for r in roots if here.is_relative_to(r)), key=lambda r: len(r.parts))
        for step in [*reversed([p for p in here.parents if p.is_relative_to(root)]), here]:
            if crumbs.button(plain_markdown(step.name or str(step)), key=f"{key}-crumb-{step}", type="tertiary", disabled=step == here):
                here = _stand(key, step)
    with st.container(height=240, border=True), friendly():
        if here is None:
            rows = [{"name": str(root), "path": str(root), **count_entries(root)} for root in roots]
        else:
            rows = subfolders(here)
        if not rows:
            st.caption("There are no folders below this one.")
        for row in rows:
            words = _counts(row)
            if st.button(plain_markdown(row["name"]) + words, key=f"{key}-go-{row['path']}", icon=":material/folder:", type="tertiary"):
                _stand(key, Path(row["path"]))
    with st.expander("My folder is not here"):
        st.markdown("The browser may open these places only. To allow another, stop Songscape and start it with this line, changed to your folder:")
        st.code(allowing_line("/path/to/your/music"), language="bash")
    return here


def _here(key: str) -> Path | None:
    """Return the folder of the last visit, if it may still be opened."""
    try:
        return resolve_within(st.session_state[key]) if st.session_state.get(key) else None
    except CollectionError:  # gone or no longer allowed: begin again from the roots
        return None


def _stand(key: str, folder: Path | None) -> None:
    """Go to a folder and draw the page anew."""
    st.session_state[key] = str(folder) if folder else ""
    st.rerun()


def _counts(row: dict) -> str:
    """Say what lies directly in a folder."""
    if row["n_audio"] < 0:
        return "  :gray[can't be opened]"
    parts = [f"{row['n_audio']:,} sound files"] if row["n_audio"] else []
    parts += [f"{row['n_folders']:,} folders"] if row["n_folders"] else []
    return f"  :gray[{', '.join(parts)}]" if parts else ""
