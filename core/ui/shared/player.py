"""The audio player: one track, or a list of tracks.

Audio comes from ``/audio/{track_id}`` (see :mod:`core.server.audio_routes`), so seeking in a long file loads
only the bytes played. The component keeps one ``<audio>`` element across reruns of the page: moving a slider
does not interrupt playback.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import streamlit as st

from core.server.signed_links import audio_link
from core.ui.shared.server_access import base_path, scripts_link, signing_session

ROWS = 50
"""Rows of a list before "show more"."""

_ASSETS = Path(__file__).resolve().parents[3] / "assets"
_deck = st.components.v2.component(
    "songscape_player",
    js=(_ASSETS / "player.js").read_text(encoding="utf-8"),
    css=(_ASSETS / "player.css").read_text(encoding="utf-8"),
)


def play_track(
    track: Mapping, *, previous: bool = False, next: bool = False, key: str = "player"
) -> Literal["previous", "next"] | None:
    """Show the player of one track, and return whether the user asked for its neighbour.

    Playback starts if the track differs from the last one under this key, because a click selected it; coming
    back to the page does not start it.

    Parameters
    ----------
    track : mapping
        ``track_id`` and, where known, ``title, artist, label, path``: a row of a collection's tracks.
    previous, next : bool
        Whether there is a neighbour on that side; otherwise the button is disabled.
    key : str
        Of the component.

    Returns
    -------
    "previous", "next" or None
        The button pressed since the last run.
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
            "loudness": _loudness_module(),
        },
        on_step_change=lambda: None,
    )
    return result.step if result.step in ("previous", "next") else None


def play_list(tracks: Sequence[Mapping], *, key: str = "playlist") -> str | None:
    """Show a list of tracks with a play button each, and one player for all.

    The next track of the list follows when one ends.

    Parameters
    ----------
    tracks : sequence of mapping, or DataFrame
        Rows of a collection's tracks in the order shown; a row's ``why``, if any, is shown below it.
    key : str

    Returns
    -------
    str or None
        Id of the track that was started last.
    """
    rows = tracks.to_dict("records") if hasattr(tracks, "to_dict") else list(tracks)
    if not rows:
        st.caption("No tracks to play.")
        return None
    limit = max(ROWS, int((st.session_state.get(key) or {}).get("limit") or 0))
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
            "loudness": _loudness_module(),
        },
        default={"playing": None, "limit": ROWS},
        on_playing_change=lambda: None,
        on_limit_change=lambda: None,
    )
    return result.playing if any(row["id"] == result.playing for row in shown) else None


def describe(track: Mapping) -> dict[str, str]:
    """Return what the player shows of a track, as plain text, and the URL of its audio."""

    def text(name: str) -> str:
        value = track.get(name)
        return value if isinstance(value, str) else ""

    track_id = text("track_id")
    return {
        "id": track_id,
        "title": text("title") or Path(text("path")).stem or "Untitled",
        "artist": text("artist"),
        "label": text("label"),
        "src": audio_url(track_id),
        **({"why": text("why")} if text("why") else {}),
    }


def _loudness_module() -> str:
    """Return the address of the module that plays all tracks equally loud."""
    return f"{scripts_link()}/loudness.js"


def audio_url(track_id: str) -> str:
    """Return the URL of a track's audio for this browser session."""
    return audio_link(track_id, base=base_path(), session=signing_session())
