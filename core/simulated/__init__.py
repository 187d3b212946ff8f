"""Made-up collections: small, seeded, with a structure that is known, for trying methods and for tests.

Each is one entry of :data:`SIMULATED`, and then a source like "demo" (``python -m core add simulated-lyrics --name X``) and a
choice on the Library page. Its factory returns tracks as :class:`core.collection.Collection` has them (``track_id``,
``label`` and whatever else it makes) and the table of numbers that belongs to them, or None.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from core.lazy import load_name


@dataclass(frozen=True)
class Simulated:
    """A made-up collection.

    Attributes
    ----------
    title, summary : str
        For people, in plain words.
    make : callable
        Returns (tracks, table or None).
    label : str
        What the labels are, for people.
    """

    title: str
    summary: str
    make: Callable[[], tuple[pd.DataFrame, pd.DataFrame | None]]
    label: str


def _lazy(path: str, **options) -> Callable:
    """Return a factory that imports ``module:function`` only when it is called; a bare DataFrame has no table beside it."""

    def make():
        made = load_name(path)(**options)
        return made if isinstance(made, tuple) else (made, None)

    return make


SIMULATED: dict[str, Simulated] = {
    "simulated-lyrics": Simulated(
        "Made-up lyrics in three languages",
        "75 songs each in English, Spanish and Bangla, put together from short phrases, for trying text models. There is no sound.",
        _lazy("core.simulated.lyrics:make_lyrics", languages=("en", "es", "bn"), theme_share=0.5),
        "language",
    ),
    "simulated-lyrics-en-es": Simulated(
        "Made-up lyrics in English and Spanish",
        "75 songs in each language, drawn as in the published experiment (Siddique, Hybrid Audio–Text Clustering for Music, "
        "section 3.1.1), from phrases of our own. There is no sound.",
        _lazy("core.simulated.lyrics:make_lyrics"),
        "language",
    ),
    "simulated-modalities": Simulated(
        "Made-up tracks whose sound and words mislead in turn",
        "800 tracks of eight genres as numbers (audio_…, text_…) with three cues that say how far to trust the sound: what fusion "
        "is judged on. There is nothing to hear.",
        _lazy("core.simulated.modalities:make_collection"),
        "genre",
    ),
    "simulated-genres": Simulated(
        "Made-up tracks with several genres each",
        "280 tracks as numbers (audio_…), each with two to four of 28 genres such as “garage rock”, most of which name its main genre. "
        "There is nothing to hear.",
        _lazy("core.simulated.genres:make_collection"),
        "nothing",
    ),
}


def make_simulated(name: str) -> tuple[pd.DataFrame, pd.DataFrame | None, list, dict]:
    """Return a made-up collection as the other sources are read: tracks, table or None, problems (none), info."""
    made = SIMULATED[name]
    tracks, table = made.make()
    tracks = tracks.assign(path="", title_from="table")
    n_labels = int(tracks.loc[tracks["label"] != "", "label"].nunique())
    told = {"asked": None, "from": made.label, "n_labelled": int((tracks["label"] != "").sum()), "n_labels": n_labels}
    return tracks, table, [], {"labels": told}
