"""What is known of each track that tells how far to trust its sound and how far its words, as raw numbers with units.

:mod:`core.cues.track_cues` turns these terms into cues.
"""

import re

import numpy as np
import pandas as pd

from core.collection import Collection
from core.collection.languages import languages_of
from core.errors import ConfigError
from core.features import Features, extract_features, get_extractor, is_extractor
from core.features.pretrained.encoder_languages import ENCODER_LANGUAGES
from core.features.pretrained.musicnn import LAYERS, TAGS
from core.features.spectral.descriptors import DESCRIPTORS
from core.progress import Progress, silent
from core.text.words import split_words

VOICE = (
    "vocal",
    "vocals",
    "singing",
    "voice",
    "male vocal",
    "female vocal",
    "male voice",
    "female voice",
    "choir",
    "choral",
    "opera",
)
NO_VOICE = ("no vocals", "no vocal", "no voice")
"""MagnaTagATune's words for somebody who sings, and for nobody."""

FROM_SOUND = ("loudness_db", "onset_rate_hz", "brightness_hz", "clipping_share", "silence_share", "top_hz")
"""Terms that are descriptors."""

TERMS = {
    "has_sound": "sound could be read",
    "voice": "probability that somebody sings (network)",
    "no_voice": "probability of “no vocals” (network)",
    "says_instrumental": "title, genre or tags say instrumental",
    "loudness_db": "loudness, dB of full scale",
    "onset_rate_hz": "notes or beats per second",
    "brightness_hz": "brightness, Hz",
    "clipping_share": "share of clipped samples",
    "silence_share": "share of silence",
    "top_hz": "highest frequency, Hz",
    "duration_s": "length, seconds",
    "text_source": "where the text comes from",
    "text_words": "words of text",
    "text_variety": "different words among fifty",
    "language": "language of the text",
    "language_read": "the text encoder reads that language",
}
"""What each raw term is, with its unit, in the order in which pages show them."""

STAND_INS = {
    "loudness_db": {
        "loudness": lambda x: x,
        "rms": lambda x: 20 * np.log10(x),
        "rmse": lambda x: 20 * np.log10(x),
        "rms_mean": lambda x: 20 * np.log10(x),
    },
    "onset_rate_hz": {"onset_rate": lambda x: x, "tempo": lambda x: x / 60},
    "brightness_hz": {"spectral_centroid": lambda x: x, "spectral_centroid_mean": lambda x: x},
}
"""Columns of a table that stand in for a descriptor where there is no sound: beats for onsets, root mean squares for loudness."""

SAYING = ("title", "album", "genre", "tags", "keywords", "mood", "comment", "language")
"""Columns that may say that a track is instrumental. A label never has a say: weights must not know it."""
_INSTRUMENTAL = re.compile(r"(?<!non[- ])(?<!not )\binstrumentals?\b", re.IGNORECASE)
_NO_LANGUAGE = "zxx"  # ISO 639-2: no linguistic content

WINDOW = 50
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Scripts that put no space between words."""


def extractors_for_cues(collection: Collection) -> list[str]:
    """Name the extractors that read sound for the terms: none without sound, no network where a column makes it needless."""
    sounding = np.array([bool(path) for path in collection.audio_paths()], bool)
    if not sounding.any():
        return []
    told, _ = read_column(collection, "instrumentalness")
    return ["descriptors"] + ([] if np.isfinite(told[sounding]).all() else ["musicnn-mtt"])


def extract_for_cues(collection: Collection, progress: Progress = silent) -> dict[str, Features | None]:
    """Return the features that terms are read from, by extractor; None where there is no sound to read them from.

    The network is not asked where a column says of every track how instrumental it is.
    """
    found: dict[str, Features | None] = {"descriptors": None, "musicnn-mtt": None}
    for name in extractors_for_cues(collection):
        try:
            found[name] = extract_features(collection, get_extractor(name), progress=progress)
        except (
            ConfigError
        ):  # not one sound can be read: then nothing is known from sound, and the problems table says why
            continue
    return found


def measure_terms(
    collection: Collection,
    features: dict[str, Features | None],
    *,
    text_field: str | None = None,
    encoder: str | None = None,
) -> pd.DataFrame:
    """Return the raw terms, one row per track, nan (or "") where unknown.

    Parameters
    ----------
    features : dict
        As from :func:`extract_for_cues`.
    encoder : str, optional
        The text representation, as a choice names it; it tells whether a text's language is read.

    Returns
    -------
    DataFrame
        ``has_sound`` (bool); :data:`FROM_SOUND` with units in their names; ``duration_s``; ``voice`` and
        ``no_voice``, the greatest probability among the network's tags; ``says_instrumental`` (bool);
        ``text_source``, ``text_words`` (count), ``text_variety`` (0 to 1, see :func:`variety_of`);
        ``language`` (ISO 639-1) and ``language_read`` (1 or 0).
    """
    described, tagged = features["descriptors"], features["musicnn-mtt"]
    terms = pd.DataFrame(
        {"has_sound": described.present if described else np.zeros(collection.n_tracks, bool)}
    )
    for name in FROM_SOUND:
        terms[name] = _column_of(
            described, lambda X, name=name: X[:, DESCRIPTORS.index(name)], collection.n_tracks
        )
        if name in STAND_INS:
            terms[name] = terms[name].fillna(pd.Series(_stand_in(collection, name)))
    terms["duration_s"] = collection.tracks["duration_s"].to_numpy(float)
    for name, tags in (("voice", VOICE), ("no_voice", NO_VOICE)):
        columns = [LAYERS["tags"].start + TAGS["mtt"].index(tag) for tag in tags]
        terms[name] = _column_of(
            tagged, lambda X, columns=columns: X[:, columns].max(axis=1), collection.n_tracks
        )
    terms["says_instrumental"] = says_instrumental(collection)
    words = [units_of(text) for text in collection.texts(text_field)]
    terms["text_source"] = collection.text_origins(text_field)
    terms["text_words"] = [len(each) for each in words]
    terms["text_variety"] = [variety_of(each) for each in words]
    model = _model_of(encoder)
    known = model in ENCODER_LANGUAGES
    # a guess costs a millisecond a text, so it is made only where somebody asks for it
    terms["language"] = languages_of(
        collection, text_field, detect_at_most=collection.n_tracks if known else 0
    )
    terms["language_read"] = [
        float(code in ENCODER_LANGUAGES[model]) if known and code else np.nan for code in terms["language"]
    ]
    return terms


def read_column(collection: Collection, name: str) -> tuple[np.ndarray, str]:
    """Return the values in [0, 1] of a column of this name, whatever its capitals, and what was refused of it.

    The table's own numbers are asked first, then the columns of the tracks. A value outside [0, 1] is
    unknown; a column in which more than one in ten are outside has another scale and is refused whole.

    Returns
    -------
    values : ndarray, shape=(n_tracks,)
        nan where unknown.
    note : str
        "" where nothing was refused.
    """
    values, column = _find(collection, name)
    outside = np.isfinite(values) & ((values < 0) | (values > 1))
    if not outside.any():
        return values, ""
    n, known = int(outside.sum()), int(np.isfinite(values).sum())
    worst = values[outside][np.abs(values[outside] - 0.5).argmax()]
    note = f"{n} of {known} values in the column {column!r} lie outside [0, 1], {worst:g} for one"
    if 10 * n > known:
        return np.full(len(values), np.nan), f"{note}, so it is not used (another scale, percent perhaps?)"
    return np.where(outside, np.nan, values), f"{note}, and count as unknown"


def says_instrumental(collection: Collection) -> np.ndarray:
    """Say where title, album, genre or tags call a track instrumental, or its language is "zxx"; shape=(n_tracks,), bool.

    A column that is the label, too, is passed over.
    """
    tracks, said = collection.tracks, np.zeros(collection.n_tracks, bool)
    for column in tracks:
        name = str(column).strip().casefold()
        if name not in SAYING or not pd.api.types.is_string_dtype(tracks[column]):
            continue
        cells = tracks[column].fillna("").astype(str)
        if collection.labelled.any() and (cells == tracks["label"])[collection.labelled].all():
            continue
        said |= cells.str.contains(_INSTRUMENTAL).to_numpy(bool)
        said |= (name == "language") & (cells.str.strip().str.lower() == _NO_LANGUAGE).to_numpy(bool)
    return said


def units_of(text: str) -> list[str]:
    """Return a text's words; of scripts that don't part them, pairs of characters.

    >>> units_of("Hey, hey! 月が綺麗")
    ['hey', 'hey', '月が', '綺麗']
    """
    units = []
    for word in split_words(text):
        units += [word[i : i + 2] for i in range(0, len(word), 2)] if _UNSPACED.match(word) else [word]
    return units


def variety_of(words: list[str]) -> float:
    """Return the share of different words within a window of fifty, averaged over all windows; nan for no words.

    It doesn't fall as a text grows longer, as the plain share of different words does. 1: no word twice;
    0.02: one word only.

    References
    ----------
    Covington and McFall, "Cutting the Gordian knot: the moving-average type–token ratio (MATTR)", JQL 17(2),
    2010.
    """
    if not words:
        return np.nan
    size = min(WINDOW, len(words))
    starts = range(
        0, len(words) - size + 1, 1 + len(words) // 2000
    )  # some thousand windows tell as much as all
    return float(np.mean([len(set(words[i : i + size])) / size for i in starts]))


def _column_of(features: Features | None, take, n_tracks: int) -> np.ndarray:
    """Return one number per track from features, nan where a track has none."""
    values = np.full(n_tracks, np.nan)
    if features is not None:
        values[features.present] = take(features.X)[features.present]
    return values


def _find(collection: Collection, name: str) -> tuple[np.ndarray, str]:
    """Return the numbers of the first column of this name, nan where there is none, and its own spelling."""
    for frame in (collection.table, collection.tracks):
        for column in () if frame is None else frame:
            if str(column).strip().casefold() == name:
                values = pd.to_numeric(frame[column], errors="coerce").to_numpy(float)
                return np.where(np.isfinite(values), values, np.nan), str(column)
    return np.full(collection.n_tracks, np.nan), ""


def _stand_in(collection: Collection, term: str) -> np.ndarray:
    """Return a descriptor's values from the first column of the table that stands in for it."""
    for name, convert in STAND_INS[term].items():
        values, found = _find(collection, name)
        if found:
            with np.errstate(invalid="ignore", divide="ignore"):
                values = convert(values)
            return np.where(np.isfinite(values), values, np.nan)
    return np.full(collection.n_tracks, np.nan)


def _model_of(encoder: str | None) -> str:
    """Return the sentence encoder behind a text representation, "" where there is none or it isn't known."""
    name = (encoder or "").partition(":")[2] if encoder and not is_extractor(encoder) else encoder
    return get_extractor(name).encoder_name if name and is_extractor(name) else ""
