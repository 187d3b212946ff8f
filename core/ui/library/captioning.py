"""Captions on the Library page: who writes them, what that takes and what leaves the machine, and a few to read."""

from collections import Counter

import streamlit as st

from core.captioning import estimate_captions, get_captioner
from core.collection import Collection
from core.collection.written import is_from_source, origins_of
from core.errors import ConfigError
from core.jobs import job as jobs
from core.messages.caption_messages import estimate_in_words, writer_in_words, written_in_words
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.job_panel import show_jobs

WAYS = {"offline": "Without a language model", "endpoint": "By a language model"}
ABOUT = {
    "offline": "Offline: counted, not understood. English lyrics are judged by a lexicon (VADER); key "
    "phrases tell the theme, and the "
    "pretrained ear (musicnn) names genre, instruments and mood. Lyrics in other languages get no "
    "sentiment. Of tracks without lyrics "
    "the caption comes from the sound alone, so it tells nothing that the sound doesn't. Nothing leaves "
    "this computer.",
    "endpoint": "Any server that speaks OpenAI's chat protocol, a local one too, is asked for three "
    "sentences about the lyrics of each track.",
}
SHOWN = 3
"""Captions that are shown to be read."""


def show_captions(collection: Collection) -> None:
    """Draw what is being written, and a fold that counts and estimates when it is opened."""
    show_jobs("caption", says=written_in_words)
    fold = st.expander("Captions", icon=":material/notes:", key="library-captions", on_change="rerun")
    if fold.open:
        with fold:
            _show(collection)


@st.fragment
def _show(collection: Collection) -> None:
    """Say which captions there are, let more be written, and show some."""
    with friendly():
        origins = Counter(origins_of(collection.tracks, "caption"))
        st.caption(
            "Three sentences per track: the sentiment of its words, their theme, and sentiment with genre "
            "and sound. Models that learn "
            "from sound and words together can learn from them; tracks without lyrics are read by their "
            "caption."
        )
        st.markdown(plain_markdown(in_words(origins)))
        _show_samples(collection)
        captioner = st.segmented_control(
            "Written",
            list(WAYS),
            format_func=WAYS.get,
            default="offline",
            key="library-captioner",
            required=True,
        )
        st.caption(plain_markdown(ABOUT[captioner]))
        try:
            writer = get_captioner(captioner)
        except (
            ConfigError
        ) as reason:  # the environment names no model: nothing is wrong, something is to be set
            st.info(plain_markdown(str(reason)), icon=":material/info:")
            return
        has_ours = any(origin and not is_from_source(origin) for origin in origins)
        replace = has_ours and st.toggle(
            "Write anew where Songscape wrote one before",
            key=f"library-captions-replace-{collection.name}",
            help="Captions that came with the collection always stay.",
        )
        with st.spinner("Counting …"):
            estimate = estimate_captions(collection.name, captioner, replace)
        lines = [
            line for line in estimate_in_words(estimate) if line != writer.sends
        ]  # that stands over the agreement
        st.markdown("\n".join(f"- {plain_markdown(line)}" for line in lines))
        _show_button(collection, writer, estimate, replace)


def _show_button(collection: Collection, writer, estimate: dict, replace: bool) -> None:
    """Start the job, after an agreement where something leaves the machine or may cost money."""
    agreed = True
    if writer.sends and estimate["n_to_write"]:
        st.warning(
            plain_markdown(f"{writer.sends} Its owner may keep them, and it may cost money."),
            icon=":material/outgoing_mail:",
        )
        agreed = st.checkbox("I agree to that", key=f"library-captions-agree-{collection.name}")
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
        help="Captions of this collection are being written just now." if busy else None,
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
    """Show a few captions, those that were written here first, with where they are from."""
    tracks = collection.tracks
    origins = origins_of(tracks, "caption")
    ours = [row for row, origin in enumerate(origins) if origin and not is_from_source(origin)]
    rows = ours or [row for row, origin in enumerate(origins) if origin]
    step = max(1, len(rows) // SHOWN)
    for row in rows[::step][:SHOWN]:
        track = tracks.iloc[row]
        st.markdown(
            f"**{plain_markdown(track['title'] or 'Untitled')}** {plain_markdown(track['caption'])} "
            f":gray[({plain_markdown(origins[row])})]"
        )


def in_words(origins: Counter) -> str:
    """Say how many captions there are, and where they are from."""
    n = sum(count for origin, count in origins.items() if origin)
    if not n:
        return "No track has a caption yet."
    said = {
        origin: "came with the collection" if is_from_source(origin) else f"by {writer_in_words(origin)}"
        for origin in origins
        if origin
    }
    counted: Counter[str] = Counter()
    for origin, words in said.items():
        counted[words] += origins[origin]
    parts = ", ".join(f"{count:,} {words}" for words, count in counted.most_common())
    return f"{n:,} of {origins.total():,} tracks have a caption: {parts}."
