"""Captions in the Library: captioner, cost, data that leaves the machine, and samples."""

from collections import Counter

import streamlit as st

from core.captioning import estimate_captions, get_captioner
from core.collection import Collection
from core.collection.written import is_from_source, origins_of
from core.errors import ConfigError
from core.jobs import job as jobs
from core.messages.caption_messages import (
    describe_captioner,
    describe_estimate,
    describe_result,
    describe_transfer,
)
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.job_panel import show_jobs

CAPTIONERS = {"offline": "Offline, rule-based", "endpoint": "Language model"}
ABOUT = {
    "offline": "Rule-based: sentiment of English lyrics from a lexicon (VADER), theme from key phrases; "
    "genre, instruments and mood from MusiCNN tags. Lyrics in other languages get no sentiment. For tracks "
    "without lyrics the caption describes the audio alone and adds no information to it. No data leaves "
    "this computer.",
    "endpoint": "Any server with an OpenAI-compatible chat API, also a local one, writes three sentences "
    "about the lyrics of each track.",
}
N_SAMPLES = 3
"""Captions that are shown as samples."""


def show_captions(collection: Collection) -> None:
    """Show captioning jobs, and a section that is computed when it is opened."""
    show_jobs("caption", describe=describe_result)
    section = st.expander("Captions", icon=":material/notes:", key="library-captions", on_change="rerun")
    if section.open:
        with section:
            _show(collection)


@st.fragment
def _show(collection: Collection) -> None:
    """Show the state of the captions, samples, and the form that writes more."""
    with friendly():
        origins = Counter(origins_of(collection.tracks, "caption"))
        st.caption(
            "Three sentences per track: sentiment of the lyrics, their theme, and genre with audio features. "
            "Audio–text models can train on them, and they are the text of tracks without lyrics."
        )
        st.markdown(plain_markdown(describe_captions(origins)))
        _show_samples(collection)
        captioner = st.segmented_control(
            "Captioner",
            list(CAPTIONERS),
            format_func=CAPTIONERS.get,
            default="offline",
            key="library-captioner",
            required=True,
        )
        st.caption(plain_markdown(ABOUT[captioner]))
        try:
            writer = get_captioner(captioner)
        except ConfigError as reason:  # the environment names no model yet
            st.info(plain_markdown(str(reason)), icon=":material/info:")
            return
        has_generated = any(origin and not is_from_source(origin) for origin in origins)
        replace = has_generated and st.toggle(
            "Replace captions that Songscape wrote before",
            key=f"library-captions-replace-{collection.name}",
            help="Captions that came with the collection are never replaced.",
        )
        with st.spinner("Counting …"):
            estimate = estimate_captions(collection.name, captioner, replace)
        # what is sent is shown above the agreement
        lines = describe_estimate(estimate | {"sends_to": ""})
        st.markdown("\n".join(f"- {plain_markdown(line)}" for line in lines))
        _show_button(collection, writer, estimate, replace)


def _show_button(collection: Collection, writer, estimate: dict, replace: bool) -> None:
    """Show the button that starts the job; data that leaves the machine, or costs, need an agreement."""
    agreed = True
    if writer.sends_to and estimate["n_to_write"]:
        transfer = describe_transfer(writer.sends_to)
        st.warning(
            plain_markdown(f"{transfer} Its operator may store them, and it may charge for them."),
            icon=":material/outgoing_mail:",
        )
        agreed = st.checkbox("I agree", key=f"library-captions-agree-{collection.name}")
    busy = any(
        job.is_alive and job.args.get("collection") == collection.name for job in jobs.list_jobs("caption")
    )
    nothing = not estimate["n_to_write"] and not estimate["n_kept"]
    if st.button(
        "Write captions",
        type="primary",
        key="library-captions-write",
        icon=":material/edit_note:",
        disabled=busy or nothing or not agreed,
        help="A job is writing captions of this collection." if busy else None,
    ):
        jobs.start(
            "caption",
            f"Write captions for {collection.name}",
            collection=collection.name,
            captioner=writer.name,
            replace=bool(replace),
        )
        st.rerun()


def _show_samples(collection: Collection) -> None:
    """Show a few captions with their source, those written by Songscape if there are any."""
    tracks = collection.tracks
    origins = origins_of(tracks, "caption")
    generated = [row for row, origin in enumerate(origins) if origin and not is_from_source(origin)]
    rows = generated or [row for row, origin in enumerate(origins) if origin]
    step = max(1, len(rows) // N_SAMPLES)
    for row in rows[::step][:N_SAMPLES]:
        track = tracks.iloc[row]
        st.markdown(
            f"**{plain_markdown(track['title'] or 'Untitled')}** {plain_markdown(track['caption'])} "
            f":gray[({plain_markdown(origins[row])})]"
        )


def describe_captions(origins: Counter) -> str:
    """Describe how many tracks have a caption, and from which source; ``origins`` counts them by source."""
    n = sum(count for origin, count in origins.items() if origin)
    if not n:
        return "No track has a caption yet."
    counted: Counter[str] = Counter()
    for origin, count in origins.items():
        if origin:
            is_given = is_from_source(origin)
            counted["came with the collection" if is_given else f"by {describe_captioner(origin)}"] += count
    parts = ", ".join(f"{count:,} {source}" for source, count in counted.most_common())
    return f"{n:,} of {origins.total():,} tracks have a caption: {parts}."
