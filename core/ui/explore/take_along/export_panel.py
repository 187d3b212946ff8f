"""The popover *Take along*: which tracks, in which format, how large, and the download."""

import tempfile
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import streamlit as st

from core.collection import Collection
from core.config import settable
from core.drawing.legend import name_of
from core.errors import SongscapeError
from core.export.export_file import make_format, write_taken
from core.export.export_job import describe_fields_of, file_name
from core.export.formats import FORMATS
from core.export.formats.format_spec import FormatSpec
from core.export.subset import Subset, read_selection, take_cluster
from core.export.taken import Taken, take_from
from core.jobs import job as jobs
from core.messages.quantities import count_tracks, format_size
from core.pipeline.stages import find_clusters
from core.ui.explore import selection
from core.ui.explore.command_line import export_command
from core.ui.explore.live import Shown
from core.ui.explore.take_along.saved_views import show_views
from core.ui.shared.fields.setting_form import draw_plain_setting
from core.ui.shared.frame import friendly
from core.ui.shared.job_panel import show_jobs
from core.ui.shared.url_state import get

_KEY = "explore-take"
WHOLE = "The whole map"


def show_take_along(collection: Collection, shown: Shown, cluster: int | None) -> None:
    """Show the popover; what it holds is computed while it is open.

    Parameters
    ----------
    cluster : int or None
        The cluster that is played.
    """
    popover = st.popover(
        "Take along", icon=":material/download:", key=_KEY, on_change="rerun", type="tertiary"
    )
    if not popover.open:
        return
    with popover, friendly():
        if not shown.is_settled or shown.fusing:
            st.caption("The clusters are being computed; files of them can be made in a moment.")
        else:
            _show_export(collection, shown, cluster)
        st.divider()
        show_views(collection, shown.requested or shown.choice)


def _show_export(collection: Collection, shown: Shown, cluster: int | None) -> None:
    """Choose tracks and format, and offer the file."""
    offers = _subsets(cluster, shown.names)
    part = st.segmented_control(
        "Tracks", list(offers), default=next(iter(offers)), required=True, key=f"{_KEY}-tracks-{len(offers)}"
    )
    subset = offers[part]
    taken = _take(collection, shown, subset)
    names = [name for name, spec in FORMATS.items() if spec.mime]
    name = st.selectbox("Format", names, format_func=lambda name: FORMATS[name].title, key=f"{_KEY}-format")
    spec = FORMATS[name]
    st.caption(spec.help)
    settings = {
        field.name: draw_plain_setting(field, f"{_KEY}-{name}-{field.name}")
        for field in settable(spec.load())
    }
    form = replace(make_format(spec, settings), **spec.for_page)
    with st.container(horizontal=True, vertical_alignment="center"):
        count = count_tracks(len(taken.members))
        if spec.is_sized:
            _offer_job(collection, shown, spec, settings, subset)
            st.caption(f"{count}, about {format_size(form.estimate(taken))}")
        else:
            _offer_download(taken, spec, form, file_name(collection.name, subset, spec.suffixes[0]))
            st.caption(count)
    show_jobs("export", describe=_describe, then=_offer_file)
    with st.expander("On the command line"):
        part = _for_command(subset, shown)
        command = export_command(
            collection.name, shown.choice, part, spec, settings, keep=shown.kept is not None
        )
        st.code(command, language="bash", wrap_lines=True)
        st.caption("With --out NAME/ it copies the audio files into a new folder.")


def _subsets(cluster: int | None, names: dict[int, str]) -> dict[str, Subset]:
    """Return what can be exported by its title, what is selected first; ``names`` are those of clusters."""
    group = get("group")
    selected = {}
    if selection.is_cluster_selected() and cluster is not None and cluster >= 0:
        selected[name_of(cluster, names)] = Subset(cluster=cluster + 1)
    elif group.startswith("s"):
        selected["Selection"] = Subset(selection=group)
    return {**selected, WHOLE: Subset()}


def _take(collection: Collection, shown: Shown, subset: Subset) -> Taken:
    """Return these tracks with the clusters as the page numbers them."""
    if subset.selection:
        ids, is_ranked = read_selection(subset.selection)
    else:
        ids, is_ranked = None, False
    taken = take_from(collection, shown.choice, shown.space, shown.labels, ids, is_ranked=is_ranked)
    taken = replace(taken, kept=shown.kept)
    return taken if subset.cluster is None else take_cluster(taken, subset.cluster)


def _numbering(shown: Shown) -> list[int]:
    """Return the number on the page of each cluster of the choice."""
    computed = shown.kept.labels if shown.kept else find_clusters(shown.space, shown.choice)
    return [int(shown.labels[np.argmax(computed == cluster)]) for cluster in range(computed.max() + 1)]


def _for_command(subset: Subset, shown: Shown) -> Subset:
    """Return the subset as the command line numbers clusters."""
    if subset.cluster is None:
        return subset
    return replace(subset, cluster=_numbering(shown).index(subset.cluster - 1) + 1)


def _offer_download(taken: Taken, spec: FormatSpec, form, name: str) -> None:
    """Show the button of a file that is quickly made: it is made when it is clicked."""

    def make() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            try:
                write_taken(taken, spec, form, path)
            except SongscapeError as reason:  # a download can't show an error elsewhere
                return f"{reason}\n".encode()
            return path.read_bytes()

    st.download_button(
        "Download",
        data=make,
        file_name=name,
        mime=spec.mime,
        icon=":material/download:",
        key=f"{_KEY}-download",
        on_click="ignore",
        type="primary",
    )


def _offer_job(
    collection: Collection, shown: Shown, spec: FormatSpec, settings: dict, subset: Subset
) -> None:
    """Show the button that starts the job of a large file."""
    if st.button("Make the file", key=f"{_KEY}-make", icon=":material/build:", type="primary"):
        jobs.start(
            "export",
            f"{spec.title} of {collection.name}",
            collection=collection.name,
            choice=describe_fields_of(shown.choice),
            format=spec.name,
            settings=settings,
            subset=asdict(subset),
            numbering=_numbering(shown),
            keep="keep" if shown.kept else "",
        )


def _describe(result: dict) -> str:
    """Describe a file that was made."""
    left_out = result.get("n_left_out")
    return f"{count_tracks(result['n_tracks'])}, {format_size(result['bytes'])}." + (
        f" {left_out:,} left out: {'; '.join(result['left_out'])}." if left_out else ""
    )


def _offer_file(result: dict) -> None:
    """Show the download of a file that a job made."""
    path = Path(result["out"])
    if not path.is_file():
        st.caption("Freeing space deleted this file; make it again.")
        return
    st.download_button(
        "Download",
        data=path.read_bytes,
        file_name=result["file_name"],
        mime=FORMATS[result["format"]].mime,
        icon=":material/download:",
        key=f"{_KEY}-file-{result['created']}",
        on_click="ignore",
    )
