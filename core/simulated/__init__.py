"""Simulated collections: small, seeded, with a known structure, for trying methods and for tests.

Each is one entry of :data:`SIMULATED`, a source like "demo" (``python -m core add simulated-lyrics --name
X``) and a choice on the Library page. Its factory returns tracks as in :class:`core.collection.Collection`
(``track_id``, ``label`` and other columns) and their numeric columns, or None.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Simulated:
    """A simulated collection.

    Attributes
    ----------
    title, summary : str
        For pages.
    make : callable
        Returns (tracks, table or None).
    label : str
        Name of the labels, for pages.
    """

    title: str
    summary: str
    make: Callable[[], tuple[pd.DataFrame, pd.DataFrame | None]]
    label: str


def _lyrics(languages: tuple[str, ...] = ("en", "es"), theme_share: float = 0.0) -> tuple[pd.DataFrame, None]:
    from core.simulated.lyrics import make_lyrics

    return make_lyrics(languages=languages, theme_share=theme_share), None


def _modalities() -> tuple[pd.DataFrame, pd.DataFrame]:
    from core.simulated.modalities import make_collection

    return make_collection()


def _genres() -> tuple[pd.DataFrame, pd.DataFrame]:
    from core.simulated.genre_clusters import make_collection

    return make_collection()


SIMULATED: dict[str, Simulated] = {
    "simulated-lyrics": Simulated(
        "Simulated lyrics in three languages",
        "75 songs each in English, Spanish and Bangla, composed of short phrases, for trying text "
        "models. There is no audio.",
        lambda: _lyrics(languages=("en", "es", "bn"), theme_share=0.5),
        "language",
    ),
    "simulated-lyrics-en-es": Simulated(
        "Simulated lyrics in English and Spanish",
        "75 songs in each language, sampled as in the published experiment (Siddique, Hybrid Audio–Text "
        "Clustering for Music, section 3.1.1), from other phrases. There is no audio.",
        _lyrics,
        "language",
    ),
    "simulated-modalities": Simulated(
        "Simulated tracks whose audio and text mislead in turn",
        "800 tracks of eight genres as features (audio_…, text_…) with three cues to the reliability of the "
        "audio, for evaluating fusion. There is no audio to play.",
        _modalities,
        "genre",
    ),
    "simulated-genres": Simulated(
        "Simulated tracks with several genres each",
        "280 tracks as features (audio_…), each with two to four of 28 genres such as “garage rock”, most of "
        "which contain its main genre. There is no audio to play.",
        _genres,
        "nothing",
    ),
}


def make_simulated(name: str) -> tuple[pd.DataFrame, pd.DataFrame | None, list, dict]:
    """Return a simulated collection like other sources: tracks, table or None, problems (none), info."""
    made = SIMULATED[name]
    tracks, table = made.make()
    tracks = tracks.assign(path="", title_from="table")
    named = tracks["label"][tracks["label"] != ""]
    labels = {"asked": None, "from": made.label, "n_labelled": len(named), "n_labels": int(named.nunique())}
    return tracks, table, [], {"labels": labels}
