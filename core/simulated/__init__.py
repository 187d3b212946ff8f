"""Made-up collections: small, seeded, with a structure that is known, for trying methods and for tests.

Each is one entry of :data:`SIMULATED`, and then a source like "demo" (``python -m core add simulated-lyrics
--name X``) and a choice on the Library page. Its factory returns tracks as
:class:`core.collection.Collection` has them (``track_id``, ``label`` and whatever else it makes) and the
table of numbers that belongs to them, or None.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd


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


def _lyrics(**options) -> tuple[pd.DataFrame, None]:
    from core.simulated.lyrics import make_lyrics

    return make_lyrics(**options), None


def _modalities() -> tuple[pd.DataFrame, pd.DataFrame]:
    from core.simulated.modalities import make_collection

    return make_collection()


def _genres() -> tuple[pd.DataFrame, pd.DataFrame]:
    from core.simulated.genre_clusters import make_collection

    return make_collection()


SIMULATED: dict[str, Simulated] = {
    "simulated-lyrics": Simulated(
        "Made-up lyrics in three languages",
        "75 songs each in English, Spanish and Bangla, put together from short phrases, for trying text "
        "models. There is no sound.",
        lambda: _lyrics(languages=("en", "es", "bn"), theme_share=0.5),
        "language",
    ),
    "simulated-lyrics-en-es": Simulated(
        "Made-up lyrics in English and Spanish",
        "75 songs in each language, drawn as in the published experiment (Siddique, Hybrid Audio–Text "
        "Clustering for Music, "
        "section 3.1.1), from phrases of our own. There is no sound.",
        _lyrics,
        "language",
    ),
    "simulated-modalities": Simulated(
        "Made-up tracks whose sound and words mislead in turn",
        "800 tracks of eight genres as numbers (audio_…, text_…) with three cues that say how far to trust "
        "the sound: what fusion "
        "is judged on. There is nothing to hear.",
        _modalities,
        "genre",
    ),
    "simulated-genres": Simulated(
        "Made-up tracks with several genres each",
        "280 tracks as numbers (audio_…), each with two to four of 28 genres such as “garage rock”, most of "
        "which name its main genre. "
        "There is nothing to hear.",
        _genres,
        "nothing",
    ),
}


def make_simulated(name: str) -> tuple[pd.DataFrame, pd.DataFrame | None, list, dict]:
    """Return a made-up collection as the other sources are read: tracks, table or None, problems (none), info."""
    made = SIMULATED[name]
    tracks, table = made.make()
    tracks = tracks.assign(path="", title_from="table")
    n_labels = int(tracks.loc[tracks["label"] != "", "label"].nunique())
    told = {
        "asked": None,
        "from": made.label,
        "n_labelled": int((tracks["label"] != "").sum()),
        "n_labels": n_labels,
    }
    return tracks, table, [], {"labels": told}
