"""Captions in the Library: captioner, cost, data that leaves the machine, and samples."""

from collections import Counter

import streamlit as st

from core.captioning import estimate_captions, get_captioner
from core.collection import Collection
from core.collection.texts.written import is_made_here, origins_of
from core.errors import ConfigError
from core.messages.caption_messages import (
    describe_captioner,
    describe_estimate,
    describe_result,
    describe_transfer,
)
from core.ui.library.made_texts import choose_samples, describe_origins, offer_replacement, offer_start
from core.ui.shared.frame import friendly, lazy_section, plain_markdown
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


def show_captions(collection: Collection) -> None:
    """Show captioning jobs, and a section that is computed when it is opened."""
    show_jobs("caption", describe=describe_result)
    lazy_section("Captions", "notes", "library-captions", lambda: _show(collection))


@st.fragment
def _show(collection: Collection) -> None:
    """Show the state of the captions, samples, and the form that writes more."""
    with friendly():
        origins = origins_of(collection.tracks, "caption")
        st.caption(
            "Three sentences per track: sentiment of the lyrics, their theme, and genre with audio features. "
            "Audio–text models can train on them, and they are the text of tracks without lyrics."
        )
        st.markdown(plain_markdown(describe_captions(Counter(origins))))
        _show_samples(collection, origins)
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
        replace = offer_replacement(
            collection, origins, "Replace captions that Songscape wrote before", "captions"
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
    offer_start(
        collection,
        "caption",
        f"Write captions for {collection.name}",
        label="Write captions",
        doing="writing captions",
        icon="edit_note",
        ready=agreed and bool(estimate["n_to_write"] or estimate["n_kept"]),
        captioner=writer.name,
        replace=bool(replace),
    )


def _show_samples(collection: Collection, origins: list[str]) -> None:
    """Show a few captions with their source, those written by Songscape if there are any."""
    generated = [row for row, origin in enumerate(origins) if is_made_here(origin)]
    for row in choose_samples(generated or [row for row, origin in enumerate(origins) if origin]):
        track = collection.tracks.iloc[row]
        st.markdown(
            f"**{plain_markdown(track['title'] or 'Untitled')}** {plain_markdown(track['caption'])} "
            f":gray[({plain_markdown(origins[row])})]"
        )


def describe_captions(origins: Counter) -> str:
    """Describe how many tracks have a caption, and from which source; ``origins`` counts them by source."""
    return describe_origins(origins, "a caption", lambda origin: f"by {describe_captioner(origin)}")
