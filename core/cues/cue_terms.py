"""Raw measurements per track, with units, that :mod:`core.cues.track_cues` computes cues from."""

import re

import numpy as np
import pandas as pd

from core.collection import Collection
from core.collection.languages import languages_of
from core.cues.metadata_columns import (
    DESCRIPTOR_COLUMNS,
    is_tagged_instrumental,
    read_descriptor_column,
    read_unit_column,
)
from core.errors import ConfigError
from core.features import Features, extract_features, get_extractor, is_extractor
from core.features.pretrained.encoder_languages import ENCODER_LANGUAGES
from core.features.pretrained.musicnn import LAYERS, TAGS
from core.features.spectral.descriptors import DESCRIPTORS
from core.progress import Progress, silent
from core.text.words import split_words

VOICE_TAGS = (
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
NO_VOICE_TAGS = ("no vocals", "no vocal", "no voice")
"""Tags of MagnaTagATune for vocals and for their absence."""

DESCRIPTOR_TERMS = (
    "loudness_db",
    "onset_rate_hz",
    "brightness_hz",
    "clipping_share",
    "silence_share",
    "top_hz",
)
"""Terms that are audio descriptors."""

TERMS = {
    "has_audio": "audio could be read",
    "voice": "probability of vocals (MusiCNN tags)",
    "no_voice": "probability of “no vocals” (MusiCNN tags)",
    "is_tagged_instrumental": "tagged as instrumental (title, genre or tags)",
    "loudness_db": "loudness, dBFS",
    "onset_rate_hz": "onsets per second",
    "brightness_hz": "spectral centroid, Hz",
    "clipping_share": "share of clipped samples",
    "silence_share": "share of silence",
    "top_hz": "highest frequency, Hz",
    "duration_s": "duration, seconds",
    "text_source": "source of the text",
    "text_words": "number of words",
    "text_variety": "type–token ratio (moving average over 50 words)",
    "language": "language of the text",
    "language_read": "language is supported by the text encoder",
}
"""Title of each term with its unit, in the order in which they are listed."""
MATTR_WINDOW = 50
MAX_WINDOWS = 2000
"""About as many windows are averaged on long texts; more don't change the mean."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Scripts without spaces between words."""


def extractors_for_cues(collection: Collection) -> list[str]:
    """Return the audio extractors that the cues need; no network where a column gives instrumentalness."""
    has_audio = np.array([bool(path) for path in collection.audio_paths()], bool)
    if not has_audio.any():
        return []
    instrumentalness, _ = read_unit_column(collection, "instrumentalness")
    return ["descriptors"] + ([] if np.isfinite(instrumentalness[has_audio]).all() else ["musicnn-mtt"])


def extract_for_cues(collection: Collection, progress: Progress = silent) -> dict[str, Features | None]:
    """Return the features that the cues need, by extractor; None where not needed or no audio is readable."""
    found: dict[str, Features | None] = {"descriptors": None, "musicnn-mtt": None}
    for name in extractors_for_cues(collection):
        try:
            found[name] = extract_features(collection, get_extractor(name), progress=progress)
        except ConfigError:  # no audio file is readable; the collection's problems give the reasons
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
        As :func:`extract_for_cues` returns it.
    encoder : str, optional
        Name of the text representation, which determines the supported languages.

    Returns
    -------
    DataFrame
        The columns of :data:`TERMS`: ``has_audio`` and ``is_tagged_instrumental`` (bool);
        :data:`DESCRIPTOR_TERMS`; ``duration_s``; ``voice`` and ``no_voice``, the highest probability among
        the network's tags; ``text_source``; ``text_words`` (count); ``text_variety`` in [0, 1], see
        :func:`mattr`; ``language`` (ISO 639-1); ``language_read`` (1 or 0).
    """
    descriptors, tags = features["descriptors"], features["musicnn-mtt"]
    n = collection.n_tracks
    terms = pd.DataFrame({"has_audio": descriptors.present if descriptors else np.zeros(n, bool)})
    for name in DESCRIPTOR_TERMS:
        terms[name] = _per_track(descriptors, [DESCRIPTORS.index(name)], n)
        if name in DESCRIPTOR_COLUMNS:
            terms[name] = terms[name].fillna(pd.Series(read_descriptor_column(collection, name)))
    terms["duration_s"] = collection.tracks["duration_s"].to_numpy(float)
    for name, names in (("voice", VOICE_TAGS), ("no_voice", NO_VOICE_TAGS)):
        terms[name] = _per_track(tags, [LAYERS["tags"].start + TAGS["mtt"].index(tag) for tag in names], n)
    terms["is_tagged_instrumental"] = is_tagged_instrumental(collection)
    texts = [tokenize_any_script(text) for text in collection.texts(text_field)]
    terms["text_source"] = collection.text_origins(text_field)
    terms["text_words"] = [len(tokens) for tokens in texts]
    terms["text_variety"] = [mattr(tokens) for tokens in texts]
    model = _encoder_name(encoder)
    is_known = model in ENCODER_LANGUAGES
    # detection takes a millisecond per text, so it runs only where its result is used
    terms["language"] = languages_of(collection, text_field, detect_at_most=n if is_known else 0)
    terms["language_read"] = [
        float(code in ENCODER_LANGUAGES[model]) if is_known and code else np.nan for code in terms["language"]
    ]
    return terms


def _per_track(features: Features | None, columns: list[int], n_tracks: int) -> np.ndarray:
    """Return the maximum of some feature columns per track, nan where a track has no features."""
    values = np.full(n_tracks, np.nan)
    if features is not None:
        values[features.present] = features.X[:, columns].max(axis=1)[features.present]
    return values


def _encoder_name(encoder: str | None) -> str:
    """Return the pretrained text encoder of a text representation, "" where there is none."""
    name = (encoder or "").partition(":")[2] if encoder and not is_extractor(encoder) else encoder
    return get_extractor(name).encoder_name if name and is_extractor(name) else ""


def tokenize_any_script(text: str) -> list[str]:
    """Return the words of a text, or character pairs for scripts without spaces between words.

    >>> tokenize_any_script("Hey, hey! 月が綺麗")
    ['hey', 'hey', '月が', '綺麗']
    """
    tokens = []
    for word in split_words(text):
        tokens += [word[i : i + 2] for i in range(0, len(word), 2)] if _UNSPACED.match(word) else [word]
    return tokens


def mattr(tokens: list[str]) -> float:
    """Return the moving-average type–token ratio over windows of 50 tokens; nan without tokens.

    Unlike the plain type–token ratio it doesn't fall with the length of the text. 1: no token occurs twice in
    a window; 0.02: a single token repeated.

    References
    ----------
    Covington and McFall, "Cutting the Gordian knot: the moving-average type–token ratio (MATTR)", JQL 17(2),
    2010.
    """
    if not tokens:
        return np.nan
    size = min(MATTR_WINDOW, len(tokens))
    starts = range(0, len(tokens) - size + 1, 1 + len(tokens) // MAX_WINDOWS)
    return float(np.mean([len(set(tokens[i : i + size])) / size for i in starts]))
