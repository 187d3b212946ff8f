"""The player: hear the track that was clicked, or walk through a list of them.

The sound comes from ``/audio/{track_id}`` (see :mod:`core.server.audio_routes`), so that seeking in a long file costs only
the bytes heard. The component keeps one ``<audio>`` element while the page runs again and again around it:
moving a slider does not interrupt the music.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import streamlit as st

from core.server.signed_links import audio_link
from core.ui.shared.access import base_path, server_access

ROWS = 50
"""Rows of a list that are drawn before "show more"."""

_ASSETS = Path(__file__).resolve().parents[3] / "assets"
_deck = st.components.v2.component(
    "songscape_player",
    js=(_ASSETS / "player.js").read_text(encoding="utf-8"),
    css=(_ASSETS / "player.css").read_text(encoding="utf-8"),
)


def play_track(
    track: Mapping, *, previous: bool = False, next: bool = False, key: str = "player"
) -> Literal["previous", "next"] | None:
    """Show one track with its sound, and say whether the user asked for its neighbour.

    The sound starts by itself where the track is another one than was shown last under this key, since a
    click brought it here; coming back to the page does not start it.

    Parameters
    ----------
    track : mapping
        ``track_id`` and what is known of ``title, artist, label, path``: a row of a collection's table.
    previous, next : bool
        Whether there is a neighbour on that side; the button is shown but can't be pressed where there is
        none.
    key : str
        Names this player on its page.

    Returns
    -------
    "previous", "next" or None
        What was pressed since the last run.
    """
    shown = describe(track)
    memory = f"{key}-last-played"
    fresh = st.session_state.get(memory) != shown["id"]
    st.session_state[memory] = shown["id"]
    result = _deck(
        key=key,
        data={
            "tracks": [shown],
            "list": False,
            "autoplay": fresh,
            "previous": bool(previous),
            "next": bool(next),
            "more": 0,
        },
        on_step_change=lambda: None,
    )
    return result.step if result.step in ("previous", "next") else None


def play_list(tracks: Sequence[Mapping], *, key: str = "playlist") -> str | None:
    """Show tracks as a compact list with a play button each, and one player for all of them.

    A track that ends is followed by the next one in the list.

    Parameters
    ----------
    tracks : sequence of mapping, or DataFrame
        Rows of a collection's table, in the order in which they are shown; ``why``, where a row has it, is
        shown below.
    key : str

    Returns
    -------
    str or None
        The id of the track that was started last.
    """
    rows = tracks.to_dict("records") if hasattr(tracks, "to_dict") else list(tracks)
    if not rows:
        st.caption("Nothing to play here.")
        return None
    state = st.session_state.get(key)
    limit = max(ROWS, int((state or {}).get("limit") or 0))
    shown = [describe(row) for row in rows[:limit]]
    result = _deck(
        key=key,
        data={
            "tracks": shown,
            "list": True,
            "autoplay": False,
            "previous": False,
            "next": False,
            "more": len(rows) - len(shown),
        },
        default={"playing": None, "limit": ROWS},
        on_playing_change=lambda: None,
        on_limit_change=lambda: None,
    )
    return result.playing if any(row["id"] == result.playing for row in shown) else None


def describe(track: Mapping) -> dict[str, str]:
    """Return what the player shows of a track, as plain text, and where its sound is."""

    def text(name: str) -> str:
        value = track.get(name)
        return value if isinstance(value, str) else ""

    track_id = text("track_id")
    return {
        "id": track_id,
        "title": text("title") or Path(text("path")).stem or "Untitled",
        "artist": text("artist"),
        "label": text("label"),
        "src": sound_of(track_id),
        **({"why": text("why")} if text("why") else {}),
    }


def sound_of(track_id: str) -> str:
    """Return the link to a track's sound that holds for this browser session."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx(suppress_warning=True)
    signed = server_access().signed and context is not None
    return audio_link(track_id, base=base_path(), session=context.session_id if signed else None)
