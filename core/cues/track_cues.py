"""Cues: how far to trust each track's sound, and how far its words, in numbers that can be read.

Three cues per track, all in [0, 1]: 1 trusts the sound, 0 trusts the words, nan is unknown. They look at a
track and never at its label. Fusion with a weight per track takes them in; :func:`terms_of` tells what made
them.

References
----------
"Audio-Lyrics Multimodal Fusion for Music Genre Clustering with Dynamic Modality Weighting", ITM Web of
Conferences 84, 03025, 2026: instrument presence, energy and feature quality decide on the weight of each
track. Its abstract gives no formulas; those here are ours.
"""

import numpy as np
import pandas as pd

from core import store
from core.collection import Collection
from core.cues.cue_terms import SAYING, STAND_INS, extract_for_cues, measure_terms, read_column
from core.progress import Progress, silent
from core.store.source import source_hash

CUES: dict[str, tuple[str, str, str]] = {
    "instrumentalness": (
        "Nobody sings",
        "Where nobody sings there are no words to hear, so the sound says more.",
        "n / (n + v): the network's greatest probability for “no vocals” and its like against that for "
        "“vocals”, “singing”, "
        "“choir” and their like; 0.95 or more where title, genre or tags say instrumental; a column "
        "“instrumentalness” comes first.",
    ),
    "energy": (
        "Energy",
        "Loud, busy and bright tracks are told apart by their sound, quiet ones rather by their words.",
        "The mean of three ranks among the collection's tracks, each from 0 to 1: loudness (dB), onsets per "
        "second and "
        "brightness (Hz); a column “energy” comes first.",
    ),
    "quality": (
        "Better known by its sound",
        "A clean, long recording with only a title leans on the sound; a clipped one with full lyrics on "
        "the words.",
        "a / (a + t). a = unclipped · audible · bandwidth · length of the sound; t = source · amount · "
        "variety · language of the "
        "text; a column “quality” comes first.",
    ),
}
"""Title, one plain sentence, and the formula in words, by cue."""

SAID_INSTRUMENTAL = 0.95
"""What a word in the metadata is worth: it is rarely wrong."""

HALF_CLIPPED, FULL_BAND_HZ, FULL_LENGTH_S = 0.01, 8000.0, 10.0
"""Clipping that halves the sound's quality; the band that all extractors here read; the length that their crops want."""

SOURCES = {"lyrics": 1.0, "caption": 0.8, "title – artist": 0.4, "file name": 0.2, "nothing": 0.0}
OTHER_SOURCE = 0.8
"""What a text is worth by where it comes from; any other field somebody chose counts like a caption."""

HALF_OF_WORDS, FULL_VARIETY, UNREAD = 30, 0.5, 0.25
"""Words that make half of the amount; variety that counts in full; what is left of a text whose language the encoder can't read."""


PARTS = {
    "loudness_rank": "loudness among the collection's tracks",
    "onset_rank": "onsets per second among the collection's tracks",
    "brightness_rank": "brightness among the collection's tracks",
    "unclipped": "quality of the sound: not clipped",
    "audible": "quality of the sound: not silent",
    "bandwidth": "quality of the sound: high frequencies are there",
    "length": "quality of the sound: long enough",
    "source": "quality of the text: where it comes from",
    "amount": "quality of the text: enough words",
    "variety": "quality of the text: not the same words over and over",
    "reading": "quality of the text: the encoder reads its language",
    "sound_quality": "quality of the sound",
    "text_quality": "quality of the text",
}
"""What each part of the formulas is; all lie in [0, 1]."""


def cues_of(
    collection: Collection,
    *,
    text_field: str | None = None,
    encoder: str | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Return the three cues of every track.

    Energy is relative to the collection, so its mean is 1/2; the other two are not: where most tracks have
    but a title, or nobody sings, both are high throughout. A fusion that is to weigh tracks against each
    other, rather than sound against words on the whole, takes each cue's rank among the tracks.

    Parameters
    ----------
    text_field : str, optional
        As in :meth:`core.collection.Collection.texts`.
    encoder : str, optional
        The text representation that is fused, as a choice names it: a text in a language that it can't read
        counts less.

    Returns
    -------
    DataFrame, shape=(n_tracks, 3)
        The columns of :data:`CUES`, float in [0, 1]; 1 trusts the sound, 0 the words, nan is unknown.
        ``attrs["notes"]`` lists what was refused of the collection's own columns.
    """
    terms = terms_of(collection, text_field=text_field, encoder=encoder, progress=progress)
    cues = terms[list(CUES)].copy()
    cues.attrs["notes"] = terms.attrs["notes"]
    return cues


def terms_of(
    collection: Collection,
    *,
    text_field: str | None = None,
    encoder: str | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Return what made the cues of every track: raw terms with units, the parts of each formula, the cues.

    Arguments as for :func:`cues_of`.

    Returns
    -------
    DataFrame
        The columns of :func:`core.cues.cue_terms.measure_terms`; those that the functions below add;
        ``instrumentalness_column``, ``energy_column`` and ``quality_column``, what the collection itself
        says; last the columns of :data:`CUES`.
    """
    features = extract_for_cues(collection, progress)
    told = {name: read_column(collection, name) for name in CUES}
    tracks = collection.tracks
    read = {*SAYING, "caption", "label", "lyrics", *(name for names in STAND_INS.values() for name in names)}
    cells = [column for column in tracks if str(column).strip().casefold() in read]
    key = store.key_of(
        [found.key if found else None for found in features.values()],
        *(values for values, _ in told.values()),
        collection.key_of_texts(text_field),
        collection.key_of_columns(*cells, "duration_s"),
        collection.key_of_table,
        encoder,
        source_hash(terms_of),
    )

    def make() -> pd.DataFrame:
        terms = measure_terms(collection, features, text_field=text_field, encoder=encoder)
        terms = add_quality(add_energy(add_instrumentalness(terms)), has_numbers=collection.table is not None)
        for name, (values, _) in told.items():
            terms[f"{name}_column"] = values
            terms[name] = pd.Series(values).fillna(terms.pop(name))
        return terms

    terms = store.cached("cues", key, make)
    terms.attrs["notes"] = [note for _, note in told.values() if note]
    return terms


def add_instrumentalness(terms: pd.DataFrame) -> pd.DataFrame:
    """Add ``instrumentalness = no_voice / (no_voice + voice)``, the greatest probabilities of the network's tags for either.

    A ratio, because the network is sparing with both. Where the metadata says instrumental it is 0.95 or
    more. On the demo, where nobody sings but 19 tracks are played by a wordless choir, it tells those from
    the others with an area under the ROC curve of 0.97.
    """
    heard = terms["no_voice"] / (terms["no_voice"] + terms["voice"])
    said = terms["says_instrumental"]
    return terms.assign(
        instrumentalness=heard.where(~said, heard.clip(lower=SAID_INSTRUMENTAL).fillna(SAID_INSTRUMENTAL))
    )


def add_energy(terms: pd.DataFrame) -> pd.DataFrame:
    """Add ``energy``, the mean of ``loudness_rank``, ``onset_rank`` and ``brightness_rank``; of those that are known.

    A rank is ``(r - 1/2) / n``, r the place among the n tracks for which the term is known, from the least
    up; equal values share a place. So it is relative: 0.7 is more than in 70 % of this collection, and
    mastering for loudness, which lifts everything, lifts nothing.
    """
    ranks = {
        "loudness_rank": _rank(terms["loudness_db"]),
        "onset_rank": _rank(terms["onset_rate_hz"]),
        "brightness_rank": _rank(terms["brightness_hz"]),
    }
    return terms.assign(**ranks, energy=pd.DataFrame(ranks).mean(axis=1))


def add_quality(terms: pd.DataFrame, *, has_numbers: bool = False) -> pd.DataFrame:
    """Add ``quality = sound_quality / (sound_quality + text_quality)``, the factors of both, and both.

    ``sound_quality`` is the product of

    - ``unclipped = 1 / (1 + clipping_share / 0.01)``: one clipped sample in a hundred halves it;
    - ``audible = 1 - silence_share``;
    - ``bandwidth = min(1, top_hz / 8000)``: a telephone's 4 kHz is half of what the extractors read;
    - ``length = min(1, duration_s / 10)``: crops of a shorter track overlap.

    ``text_quality`` is the product of

    - ``source``: lyrics 1, caption 0.8, "title – artist" 0.4, file name 0.2, another field 0.8;
    - ``amount = n / (n + 30)`` for n words;
    - ``variety = min(1, text_variety / 0.5)``: a text that says one line over and over tells little;
    - ``reading``: 0.25 where the encoder was not trained on the language, else 1.

    Without text the quality is 1, without sound 0, without both nan. A track without sound whose numbers came
    in a table (``has_numbers``) is nan: how good those are is not known.
    """
    sound = {
        "unclipped": 1 / (1 + terms["clipping_share"] / HALF_CLIPPED),
        "audible": 1 - terms["silence_share"],
        "bandwidth": (terms["top_hz"] / FULL_BAND_HZ).clip(upper=1),
        "length": (terms["duration_s"] / FULL_LENGTH_S).clip(upper=1).fillna(1.0).where(terms["has_sound"]),
    }
    words = terms["text_words"]
    text = {
        "source": terms["text_source"].map(lambda source: SOURCES.get(source, OTHER_SOURCE)).astype(float),
        "amount": words / (words + HALF_OF_WORDS),
        "variety": (terms["text_variety"] / FULL_VARIETY).clip(upper=1).fillna(0.0),
        "reading": terms["language_read"].fillna(1.0).clip(lower=UNREAD),
    }
    a = pd.DataFrame(sound).prod(axis=1).where(terms["has_sound"], np.nan if has_numbers else 0.0)
    t = pd.DataFrame(text).prod(axis=1)
    return terms.assign(**sound, **text, sound_quality=a, text_quality=t, quality=a / (a + t))


def _rank(values: pd.Series) -> pd.Series:
    """Return places from 0 to 1 among the known values, nan for the others."""
    return (values.rank(method="average") - 0.5) / max(1, values.notna().sum())
