"""Search of texts by a phrase: by sentence embedding and by matching words.

A track's score is the best of its fields. A field's score is the cosine between the embeddings of phrase and
text or, if higher, the squared IDF-weighted share of the phrase's words that occur in it. Matching names come
first. Scripts unknown to the encoder are compared by words alone.
"""

import functools
import unicodedata
from collections import defaultdict
from dataclasses import replace

import numpy as np

from core import store
from core.collection import Collection
from core.errors import ConfigError
from core.features.pretrained.encoder_languages import ENCODER_LANGUAGES
from core.progress import Progress
from core.representation.extraction_time import estimate
from core.representation.represent import represent
from core.representation.resolve import resolve
from core.search import Found, found
from core.search.text_fields import PATIENCE_S, TOLD, fields_of
from core.store.source import source_hash
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
SHOWN = 70
"""Maximum number of characters of a quoted text."""


def search_words(
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
        A text extractor that reads each text on its own; "" is the packaged multilingual one.
    thorough : bool
        Read what is not read yet, however long it takes.

    Raises
    ------
    ConfigError
        When the collection has no words and no sound, or the encoder can't read a phrase on its own.
    """
    encoder = encoder or ENCODER
    extractor, checkpoint = resolve(collection, encoder, "text")
    if checkpoint is not None or extractor.reads != "text":
        raise ConfigError(
            f"{encoder} can't read a phrase on its own; choose a sentence encoder, sentence or "
            "sentence:NAME_OR_FOLDER for one"
        )
    fields, late = fields_of(collection, thorough, progress)
    if not fields:
        raise ConfigError(f"{collection.name} has neither words nor sound to search in")
    reads = can_read(query, extractor.encoder_name)
    phrase = read_phrase(extractor, query) if reads else None
    scores = {name: share_of_words(query, texts) ** 2 for name, texts in fields.items()}
    for name, texts in fields.items() if reads else ():
        X = _vectors(collection, name, texts, encoder, thorough, progress)
        if X is None:
            late.append(f"{TOLD[name]} that are not read yet")
            continue
        cosines = X @ phrase / np.maximum(np.linalg.norm(X, axis=1) * np.linalg.norm(phrase), 1e-12)
        scores[name] = np.where([bool(text) for text in texts], np.maximum(scores[name], cosines), -np.inf)
    names = names_that_match(collection, query)
    total = np.stack(list(scores.values()))
    total[~np.isfinite(total)] = -1
    best, which = total.max(axis=0), total.argmax(axis=0)
    why = [names.get(row) or _quote(list(fields)[field], fields, row) for row, field in enumerate(which)]
    best[list(names)] = 1
    if not reads:
        best[best <= 0] = -np.inf  # without an embedding, a text that shares no word is no find
    told = _describe_search(list(fields), encoder, extractor, reads, bool(names), late)
    order = total.mean(axis=0)
    order[list(names)] += [2 + (w.endswith("exactly")) for w in names.values()]
    return found(collection, best, why, told, encoder, limit, ties=order, named=names)


def read_phrase(extractor, query: str) -> np.ndarray:
    """Return the embedding of a phrase, cached because encoding takes half a second and pages rerun often."""
    key = store.key_of("phrase", extractor, query, source_hash(type(extractor)))
    return store.cached("phrases", key, lambda: extractor.extract_texts([query])[0])


def _describe_search(
    fields: list[str], encoder: str, extractor, reads: bool, named: bool, late: list[str]
) -> str:
    """Describe in one sentence what was searched and by which model."""
    model = {"use-multilingual": "Universal Sentence Encoder, multilingual", "minilm": "MiniLM, English"}
    by = extractor.encoder_name or encoder
    *most, last = [TOLD[name] for name in fields]
    over = f"{', '.join(most)} and {last}" if most else last
    how = (
        f"by sentence embedding ({model.get(by, by)})"
        if reads
        else f"by the words as they are written: {model.get(by, by)} doesn't know this script"
    )
    told = f"Searched {over}, {how}" + ("; tracks with this name come first" if named else "")
    return told + (f". Left out: {'; '.join(late)}." if late else ".")


def _vectors(
    collection: Collection, name: str, texts: list[str], encoder: str, thorough: bool, progress: Progress
) -> np.ndarray | None:
    """Return a field's embeddings, shape=(n_tracks, d), None if computing them would take long."""
    column = f"search {name}"
    if all(not text or text == own for text, own in zip(texts, collection.texts())):
        column, with_field = None, collection  # the map's text field: often cached, and shipped for the demo
    else:
        with_field = replace(collection, tracks=collection.tracks.assign(**{column: texts}))
    if not thorough and estimate(with_field, encoder, modality="text", text_field=column)[1] > PATIENCE_S:
        return None
    return represent(with_field, encoder, modality="text", text_field=column, progress=progress).X


def _quote(field: str, fields: dict[str, list[str]], row: int) -> str:
    """Name the field that matched, and quote its beginning."""
    text = " ".join(fields[field][row].split())
    return (
        f"{TOLD[field]}: {text[:SHOWN].rstrip()}{' …' if len(text) > SHOWN else ''}"
        if text
        else "no field fits"
    )


# Matching words


def names_that_match(collection: Collection, query: str) -> dict[int, str]:
    """Return the reason by row for tracks whose title or artist is the phrase or has all its words.

    Case and accents are ignored; prefixes of four letters or more match.
    """
    wanted, tracks = _plain_words(query), collection.tracks
    if not wanted:
        return {}
    matches = {}
    for row, (title, artist) in enumerate(zip(tracks["title"], tracks["artist"])):
        words = {"title": _plain_words(title), "artist": _plain_words(artist)}
        exact = [name for name, own in words.items() if own == wanted]
        whole = [name for name, own in words.items() if all(_occurs_in(word, own) for word in wanted)]
        if exact:
            matches[row] = f"the {exact[0]} is this exactly"
        elif whole:
            matches[row] = f"in the {whole[0]}"
        elif all(_occurs_in(word, words["title"] + words["artist"]) for word in wanted):
            matches[row] = "in title and artist"
    return matches


def share_of_words(query: str, texts: list[str]) -> np.ndarray:
    """Return the IDF-weighted share of the phrase's words that occur in each text, shape=(n,), in [0, 1].

    The weight of a word is ``1 + ln((1 + n) / (1 + df))`` for n texts, df of which have it.
    """
    wanted = list(dict.fromkeys(_plain_words(query)))
    if not wanted:
        return np.zeros(len(texts))
    held = np.zeros((len(wanted), len(texts)), bool)
    places = _places(tuple(texts))
    for i, word in enumerate(wanted):
        for other, rows in places.items():
            if _occurs_in(word, (other,)):
                held[i, list(rows)] = True
    weights = 1 + np.log((1 + len(texts)) / (1 + held.sum(axis=1)))
    return weights @ held / weights.sum()


@functools.lru_cache(maxsize=8)
def _places(texts: tuple[str, ...]) -> dict[str, set[int]]:
    """Return the rows of the texts that have each word."""
    places = defaultdict(set)
    for row, text in enumerate(texts):
        for word in _plain_words(text):
            places[word].add(row)
    return dict(places)


def _plain_words(text: str) -> list[str]:
    """Split a text into words without case and Latin accents."""
    plain = []
    for word in split_words(text):
        bare = "".join(c for c in unicodedata.normalize("NFD", word) if not "\u0300" <= c <= "\u036f")
        plain.append(unicodedata.normalize("NFC", bare))
    return plain


def _occurs_in(word: str, words) -> bool:
    """Return whether a word equals one of others up to a suffix."""
    for other in words:
        short, long = sorted((word, other), key=len)
        if word == other or (len(short) >= 4 and long.startswith(short) and len(short) >= 0.6 * len(long)):
            return True
    return False


def can_read(text: str, model: str) -> bool:
    """Return whether most letters of a text are of scripts that an encoder was trained on; True if unknown.

    >>> can_read("gloria", "use-multilingual"), can_read("দুঃখের গান", "use-multilingual")
    (True, False)
    """
    if model not in ENCODER_LANGUAGES:
        return True
    known = {script for code in ENCODER_LANGUAGES[model] for script in SCRIPTS.get(code, ("LATIN",))}
    letters = [c for c in text if c.isalpha()]
    read = sum(unicodedata.name(c, "").split(" ")[0] in known for c in letters)
    return 2 * read >= len(letters)
