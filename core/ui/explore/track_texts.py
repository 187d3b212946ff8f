"""The lyrics of the current track, and whether they came with it or were transcribed from its audio."""

from collections.abc import Mapping

import streamlit as st

from core.collection.written import is_made_here
from core.messages.transcription_messages import describe_language
from core.ui.shared.frame import plain_markdown


def show_lyrics(track: Mapping) -> None:
    """Show a track's lyrics in an expander whose title describes where they come from."""
    text = track.get("lyrics")
    if not isinstance(text, str) or not text.strip():
        return
    with st.expander(plain_markdown(title_of(track)), icon=":material/lyrics:"):
        st.text(text)


def title_of(track: Mapping) -> str:
    """Return the title of a track's lyrics: transcribed ones with model, language and confidence.

    >>> title_of({"lyrics_from": "transcribed by tiny", "lyrics_language": "de", "lyrics_confidence": 0.5})
    'Lyrics, transcribed by tiny: German, confidence 0.50'
    """
    origin = track.get("lyrics_from") or ""
    if not is_made_here(origin):
        return "Lyrics"
    return (
        f"Lyrics, {origin}: {describe_language(track['lyrics_language'])}, confidence "
        f"{track['lyrics_confidence']:.2f}"
    )
