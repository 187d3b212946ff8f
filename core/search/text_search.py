"""Search of texts by a phrase: by sentence embedding and by matching words.

A track's score is the best of its fields. A field's score is the cosine between the embeddings of phrase and
text or, if higher, the squared IDF-weighted share of the phrase's words that occur in it. Matching titles and
artists come first. Phrases in scripts that the encoder was not trained on are compared by words only.
"""

import functools
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import cast

import numpy as np

from core import store
from core.collection import Collection
from core.errors import ConfigError
from core.features.extractor import ExtractorConfig, ReadsTexts
from core.features.pretrained.encoder_languages import ENCODER_LANGUAGES
from core.progress import Progress
from core.representation.represent import estimate, represent
from core.representation.resolve import resolve
from core.search.found import Found, Match, SearchReport, Skipped, rank_tracks
from core.search.text_fields import PATIENCE_S, read_fields
from core.store.hashing.source import source_hash
from core.text.words import split_words

ENCODER = "sentence"
SCRIPTS = {
    "ar": ("ARABIC",),
    "ja": ("HIRAGANA", "KATAKANA", "CJK"),
    "ko": ("HANGUL",),
    "ru": ("CYRILLIC",),
    "th": ("THAI",),
    "zh": ("CJK",),
    "bg": ("CYRILLIC",),
    "el": ("GREEK",),
    "fa": ("ARABIC",),
    "gu": ("GUJARATI",),
    "he": ("HEBREW",),
    "hi": ("DEVANAGARI",),
    "hy": ("ARMENIAN",),
    "ka": ("GEORGIAN",),
    "mk": ("CYRILLIC",),
    "mn": ("CYRILLIC",),
    "mr": ("DEVANAGARI",),
    "my": ("MYANMAR",),
    "sr": ("CYRILLIC", "LATIN"),
    "uk": ("CYRILLIC",),
    "ur": ("ARABIC",),
}
"""Unicode names of the scripts of languages that aren't written in Latin letters."""


def search_texts(
    collection: Collection,
    query: str,
    *,
    encoder: str = "",
    limit: int = 20,
    thorough: bool = False,
    progress: Progress,
) -> Found:
    """Compare a phrase with lyrics, captions, tags, titles and artists.

    Parameters
    ----------
    encoder : str
        A text extractor that embeds single texts; "" is the packaged multilingual one.
    thorough : bool
        Whether to compute missing embeddings and tags, however long that takes.

    Raises
    ------
    ConfigError
        When the collection has neither text nor audio, or the encoder can't embed a single phrase.
    """
    encoder = encoder or ENCODER
    extractor, checkpoint = resolve(collection, encoder, "text")
    if checkpoint is not None or extractor.reads != "text":
        raise ConfigError(
            f"{encoder} can't embed a single phrase; choose a sentence encoder, such as sentence or "
            "sentence:NAME_OR_FOLDER"
        )
    fields, skipped = read_fields(collection, thorough, progress)
    if not fields:
        raise ConfigError(f"{collection.name} has neither text nor audio to search")
    is_supported = supports_script(query, extractor.encoder_name)
    scores = {name: share_of_matching_words(query, texts) ** 2 for name, texts in fields.items()}
    if is_supported:
        phrase = embed_phrase(extractor, query)
        for name, texts in fields.items():
            X = _vectors(collection, name, texts, encoder, thorough, progress)
            if X is None:
                skipped.append(Skipped(name))
                continue
            cosines = X @ phrase / np.maximum(np.linalg.norm(X, axis=1) * np.linalg.norm(phrase), 1e-12)
            has_text = [bool(text) for text in texts]
            scores[name] = np.where(has_text, np.maximum(scores[name], cosines), -np.inf)
    names = match_names(collection, query)
    total = np.stack(list(scores.values()))
    total[~np.isfinite(total)] = -1
    best, which = total.max(axis=0), total.argmax(axis=0)
    matches = [
        names.get(row) or _match_field(list(fields)[field], fields, row) for row, field in enumerate(which)
    ]
    best[list(names)] = 1
    if not is_supported:
        best[best <= 0] = -np.inf  # without an embedding, a text that shares no word is no result
    report = SearchReport(
        "text",
        extractor.encoder_name or encoder,
        tuple(fields),
        is_script_supported=is_supported,
        has_name_matches=bool(names),
        skipped=tuple(skipped),
    )
    order = total.mean(axis=0)
    order[list(names)] += [2 + match.is_exact for match in names.values()]
    return rank_tracks(
        collection, best, matches, report, encoder, limit=limit, tie_scores=order, name_rows=names
    )


def embed_phrase(extractor: ExtractorConfig, query: str) -> np.ndarray:
    """Return the embedding of a phrase, cached because encoding takes half a second and pages rerun often."""
    key = store.key_of("phrase", extractor, query, source_hash(type(extractor)))
    return store.cached("phrases", key, lambda: cast(ReadsTexts, extractor).extract_texts([query])[0])


def _vectors(
    collection: Collection, name: str, texts: list[str], encoder: str, thorough: bool, progress: Progress
) -> np.ndarray | None:
    """Return a field's embeddings, shape=(n_tracks, d), None if computing them would take long."""
    column: str | None = None
    with_field = collection  # embeddings of the map's texts are often cached or shipped
    if any(text and text != own for text, own in zip(texts, collection.texts())):
        column = f"search {name}"
        with_field = replace(collection, tracks=collection.tracks.assign(**{column: texts}))
    if not thorough and estimate(with_field, encoder, modality="text", text_field=column)[1] > PATIENCE_S:
        return None
    return represent(with_field, encoder, modality="text", text_field=column, progress=progress).X


def _match_field(field: str, fields: dict[str, list[str]], row: int) -> Match:
    """Return the match of a field with its text, or none where the text is empty."""
    text = fields[field][row]
    return Match("field", field, quote=text) if text.strip() else Match("none")


# Matching words


def match_names(collection: Collection, query: str) -> dict[int, Match]:
    """Return by row the tracks whose title or artist is the phrase or has all its words.

    Case and accents are ignored; prefixes of four letters or more match.
    """
    wanted, tracks = _normalized_words(query), collection.tracks
    if not wanted:
        return {}
    matches = {}
    for row, (title, artist) in enumerate(zip(tracks["title"], tracks["artist"])):
        words = {"title": _normalized_words(title), "artist": _normalized_words(artist)}
        exact = [name for name, own in words.items() if own == wanted]
        partial = [name for name, own in words.items() if all(_occurs_in(word, own) for word in wanted)]
        if exact:
            matches[row] = Match("name", exact[0], is_exact=True)
        elif partial:
            matches[row] = Match("name", partial[0])
        elif all(_occurs_in(word, words["title"] + words["artist"]) for word in wanted):
            matches[row] = Match("name", "title and artist")
    return matches


def share_of_matching_words(query: str, texts: list[str]) -> np.ndarray:
    """Return the IDF-weighted share of the phrase's words that occur in each text, shape=(n,), in [0, 1].

    The weight of a word is ``1 + ln((1 + n) / (1 + df))`` for n texts, df of which have it.
    """
    wanted = list(dict.fromkeys(_normalized_words(query)))
    if not wanted:
        return np.zeros(len(texts))
    occurs = np.zeros((len(wanted), len(texts)), bool)
    rows_by_word = _rows_by_word(tuple(texts))
    for i, word in enumerate(wanted):
        for other, rows in rows_by_word.items():
            if _occurs_in(word, (other,)):
                occurs[i, list(rows)] = True
    weights = 1 + np.log((1 + len(texts)) / (1 + occurs.sum(axis=1)))
    return weights @ occurs / weights.sum()


@functools.lru_cache(maxsize=8)
def _rows_by_word(texts: tuple[str, ...]) -> dict[str, set[int]]:
    """Return the rows of the texts that have each word."""
    rows_by_word: dict[str, set[int]] = defaultdict(set)
    for row, text in enumerate(texts):
        for word in _normalized_words(text):
            rows_by_word[word].add(row)
    return dict(rows_by_word)


def _normalized_words(text: str) -> list[str]:
    """Split a text into words without case and Latin accents."""
    normalized = []
    for word in split_words(text):
        bare = "".join(c for c in unicodedata.normalize("NFD", word) if not "\u0300" <= c <= "\u036f")
        normalized.append(unicodedata.normalize("NFC", bare))
    return normalized


def _occurs_in(word: str, words: Iterable[str]) -> bool:
    """Return whether a word equals one of others up to a suffix."""
    for other in words:
        short, long = sorted((word, other), key=len)
        if word == other or (len(short) >= 4 and long.startswith(short) and len(short) >= 0.6 * len(long)):
            return True
    return False


def supports_script(text: str, model: str) -> bool:
    """Return whether most letters of a text are of scripts that an encoder was trained on; True if unknown.

    >>> supports_script("gloria", "use-multilingual"), supports_script("দুঃখের গান", "use-multilingual")
    (True, False)
    """
    if model not in ENCODER_LANGUAGES:
        return True
    known = {script for code in ENCODER_LANGUAGES[model] for script in SCRIPTS.get(code, ("LATIN",))}
    letters = [c for c in text if c.isalpha()]
    n_known = sum(unicodedata.name(c, "").split(" ")[0] in known for c in letters)
    return 2 * n_known >= len(letters)
