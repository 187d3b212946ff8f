"""Cues: per-track scores of how informative audio is relative to text.

Three cues per track in [0, 1]: 1 favours audio, 0 favours text, nan is unknown. They never use the labels.
Per-track fusion uses them as weights; :func:`terms_of` returns what they were computed from.

References
----------
"Audio-Lyrics Multimodal Fusion for Music Genre Clustering with Dynamic Modality Weighting", ITM Web of
Conferences 84, 03025, 2026: instrument presence, energy and feature quality determine each track's weight.
Its abstract gives no formulas; those here are our own.
"""

import numpy as np
import pandas as pd

from core import store
from core.collection import Collection
from core.cues.cue_terms import extract_for_cues, measure_terms
from core.cues.metadata_columns import DESCRIPTOR_COLUMNS, METADATA_COLUMNS, read_unit_column
from core.progress import Progress, silent
from core.store.hashing.source import source_hash

CUES: dict[str, tuple[str, str, str]] = {
    "instrumentalness": (
        "Instrumentalness",
        "Without vocals there are no sung words, so audio is more informative.",
        "n / (n + v): the network's highest probability among tags for “no vocals” against that among "
        "“vocals”, “singing”, “choir” and similar tags; at least 0.95 where title, genre or tags mark the "
        "track as instrumental. A column “instrumentalness” takes precedence.",
    ),
    "energy": (
        "Energy",
        "Loud, busy and bright tracks differ more in their audio, quiet ones more in their text.",
        "The mean of three ranks within the collection, each from 0 to 1: loudness (dB), onsets per second "
        "and spectral centroid (Hz). A column “energy” takes precedence.",
    ),
    "quality": (
        "Relative audio quality",
        "A clean, long recording with only a title favours audio; a clipped one with full lyrics, text.",
        "a / (a + t). a = unclipped · audible · bandwidth · length of the audio; t = source · amount · "
        "variety · language of the text. A column “quality” takes precedence.",
    ),
}
"""Title, help and formula by cue."""

TAGGED_INSTRUMENTAL = 0.95
"""Least instrumentalness of tracks that metadata marks as instrumental, which is rarely wrong."""

CLIPPING_HALVING, FULL_BAND_HZ, FULL_LENGTH_S = 0.01, 8000.0, 10.0
"""Clipping that halves audio quality; bandwidth that extractors use; duration that their crops need."""

SOURCE_QUALITY = {"lyrics": 1.0, "caption": 0.8, "title – artist": 0.4, "file name": 0.2, "nothing": 0.0}
OTHER_SOURCE_QUALITY = 0.8
"""Quality of a text by its source; any other field counts like a caption."""

HALF_AMOUNT, FULL_VARIETY, UNSUPPORTED_LANGUAGE = 30, 0.5, 0.25
"""Words at which amount is 1/2; variety at which it saturates; factor for unsupported languages."""


PARTS = {
    "loudness_rank": "loudness, rank within the collection",
    "onset_rank": "onsets per second, rank within the collection",
    "brightness_rank": "spectral centroid, rank within the collection",
    "unclipped": "audio quality: no clipping",
    "audible": "audio quality: no silence",
    "bandwidth": "audio quality: bandwidth",
    "length": "audio quality: duration",
    "source": "text quality: source",
    "amount": "text quality: number of words",
    "variety": "text quality: lexical variety",
    "reading": "text quality: language supported by the encoder",
    "audio_quality": "audio quality",
    "text_quality": "text quality",
}
"""Title of each factor of the formulas; all lie in [0, 1]."""


def cues_of(
    collection: Collection,
    *,
    text_field: str | None = None,
    encoder: str | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Return the three cues of every track.

    Energy is relative to the collection, so its mean is 1/2. The other two are absolute: in a collection of
    instrumentals, or of tracks with only a title, they are high throughout. A fusion that compares tracks
    with each other should use their ranks.

    Parameters
    ----------
    text_field : str, optional
        As in :meth:`core.collection.Collection.texts`.
    encoder : str, optional
        Name of the text representation; texts in languages that it doesn't support get a lower quality.

    Returns
    -------
    DataFrame, shape=(n_tracks, 3)
        The columns of :data:`CUES`, float in [0, 1]: 1 favours audio, 0 text, nan is unknown.
        ``attrs["notes"]`` lists which values of the collection's own columns were rejected.
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
    """Return raw terms, the factors of each formula, and the cues of every track.

    Parameters are those of :func:`cues_of`.

    Returns
    -------
    DataFrame
        The columns of :func:`core.cues.cue_terms.measure_terms`; those that the functions below add;
        ``instrumentalness_column``, ``energy_column`` and ``quality_column``, the collection's own values;
        last the columns of :data:`CUES`.
    """
    features = extract_for_cues(collection, progress)
    own = {name: read_unit_column(collection, name) for name in CUES}
    tracks = collection.tracks
    names = {*METADATA_COLUMNS, "caption", "label", "lyrics"}
    names |= {name for columns in DESCRIPTOR_COLUMNS.values() for name in columns}
    cells = [column for column in tracks if str(column).strip().casefold() in names]
    key = store.key_of(
        [found.key if found else None for found in features.values()],
        *(values for values, _ in own.values()),
        collection.key_of_texts(text_field),
        collection.key_of_columns(*cells, "duration_s"),
        collection.key_of_table,
        encoder,
        source_hash(terms_of),
    )

    def make() -> pd.DataFrame:
        terms = measure_terms(collection, features, text_field=text_field, encoder=encoder)
        terms = add_quality(add_energy(add_instrumentalness(terms)), has_numbers=collection.table is not None)
        for name, (values, _) in own.items():
            terms[f"{name}_column"] = values
            terms[name] = pd.Series(values).fillna(terms.pop(name))
        return terms

    terms = store.cached("cues", key, make)
    terms.attrs["notes"] = [note for _, note in own.values() if note]
    return terms


def add_instrumentalness(terms: pd.DataFrame) -> pd.DataFrame:
    """Add ``instrumentalness = no_voice / (no_voice + voice)``, at least 0.95 where tagged as instrumental.

    A ratio, because the network gives both tags low probabilities. On the demo, whose tracks have no singer
    but 19 of which have a wordless choir, it separates those from the others with a ROC AUC of 0.97.
    """
    ratio = terms["no_voice"] / (terms["no_voice"] + terms["voice"])
    raised = ratio.clip(lower=TAGGED_INSTRUMENTAL).fillna(TAGGED_INSTRUMENTAL)
    return terms.assign(instrumentalness=ratio.where(~terms["is_tagged_instrumental"], raised))


def add_energy(terms: pd.DataFrame) -> pd.DataFrame:
    """Add ``energy``, the mean of the known ranks of loudness, onset rate and brightness.

    A rank is ``(r - 1/2) / n``, with r the ascending mid-rank among the n tracks for which the term is known.
    So energy is relative to the collection, and loudness mastering, which raises all tracks, doesn't change
    it.
    """
    ranks = {
        "loudness_rank": _rank(terms["loudness_db"]),
        "onset_rank": _rank(terms["onset_rate_hz"]),
        "brightness_rank": _rank(terms["brightness_hz"]),
    }
    return terms.assign(**ranks, energy=pd.DataFrame(ranks).mean(axis=1))


def add_quality(terms: pd.DataFrame, *, has_numbers: bool = False) -> pd.DataFrame:
    """Add ``quality = audio_quality / (audio_quality + text_quality)``, both qualities and their factors.

    ``audio_quality`` is the product of

    - ``unclipped = 1 / (1 + clipping_share / 0.01)``: 1 % clipped samples halve it;
    - ``audible = 1 - silence_share``;
    - ``bandwidth = min(1, top_hz / 8000)``: telephone audio with 4 kHz has half of what extractors use;
    - ``length = min(1, duration_s / 10)``: crops of shorter tracks overlap.

    ``text_quality`` is the product of

    - ``source``: lyrics 1, caption 0.8, "title – artist" 0.4, file name 0.2, another field 0.8;
    - ``amount = n / (n + 30)`` for n words;
    - ``variety = min(1, text_variety / 0.5)``: repeated lines carry little information;
    - ``reading``: 0.25 where the encoder was not trained on the language, else 1.

    Quality is 1 without text, 0 without audio, nan without both, and nan for a track without audio whose
    numbers came in a table (``has_numbers``), because their quality is unknown.
    """
    audio = {
        "unclipped": 1 / (1 + terms["clipping_share"] / CLIPPING_HALVING),
        "audible": 1 - terms["silence_share"],
        "bandwidth": (terms["top_hz"] / FULL_BAND_HZ).clip(upper=1),
        "length": (terms["duration_s"] / FULL_LENGTH_S).clip(upper=1).fillna(1.0).where(terms["has_audio"]),
    }
    n_words, sources = terms["text_words"], terms["text_source"]
    text = {
        "source": sources.map(lambda name: SOURCE_QUALITY.get(name, OTHER_SOURCE_QUALITY)).astype(float),
        "amount": n_words / (n_words + HALF_AMOUNT),
        "variety": (terms["text_variety"] / FULL_VARIETY).clip(upper=1).fillna(0.0),
        "reading": terms["language_read"].fillna(1.0).clip(lower=UNSUPPORTED_LANGUAGE),
    }
    a = pd.DataFrame(audio).prod(axis=1).where(terms["has_audio"], np.nan if has_numbers else 0.0)
    t = pd.DataFrame(text).prod(axis=1)
    return terms.assign(**audio, **text, audio_quality=a, text_quality=t, quality=a / (a + t))


def _rank(values: pd.Series) -> pd.Series:
    """Return mid-ranks in (0, 1) among the known values, nan for the others."""
    return (values.rank(method="average") - 0.5) / max(1, values.notna().sum())
