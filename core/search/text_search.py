"""From a phrase to tracks over what is written about them: by sentence embedding, and by the words as they stand.

A track's score is the best of its fields. In each field it is the cosine between the phrase's vector and the
text's, or, where that is more, the squared share of the phrase's words that stand in it, rarer words counting
more. Names that match literally come first. What is in a script that the encoder doesn't know is compared by
the words alone.
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
"""Scripts of the languages that are not written in Latin letters, as Unicode names them."""
SHOWN = 70
"""Characters of a text that the reason quotes."""


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
    told = _tell(list(fields), encoder, extractor, reads, bool(names), late)
    order = total.mean(axis=0)
    order[list(names)] += [2 + (w.endswith("exactly")) for w in names.values()]
    return found(collection, best, why, told, encoder, limit, ties=order, named=names)


def read_phrase(extractor, query: str) -> np.ndarray:
    """Return the row that an extractor makes of a phrase; searching goes on at every click, and encoding takes half a second."""
    key = store.key_of("phrase", extractor, query, source_hash(type(extractor)))
    return store.cached("phrases", key, lambda: extractor.extract_texts([query])[0])


def _tell(fields: list[str], encoder: str, extractor, reads: bool, named: bool, late: list[str]) -> str:
    """Say in one sentence what was searched and how."""
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
    """Return a field's vectors, shape=(n_tracks, d), None where reading them would take long."""
    column = f"search {name}"
    if all(not text or text == own for text, own in zip(texts, collection.texts())):
        column, with_field = (
            None,
            collection,
        )  # what the map reads: often there already, and shipped with the demo
    else:
        with_field = replace(collection, tracks=collection.tracks.assign(**{column: texts}))
    if not thorough and estimate(with_field, encoder, modality="text", text_field=column)[1] > PATIENCE_S:
        return None
    return represent(with_field, encoder, modality="text", text_field=column, progress=progress).X


def _quote(field: str, fields: dict[str, list[str]], row: int) -> str:
    """Say which field matched, with its beginning; a track may lack the field that is best for it where none fits."""
    text = " ".join(fields[field][row].split())
    return (
        f"{TOLD[field]}: {text[:SHOWN].rstrip()}{' …' if len(text) > SHOWN else ''}"
        if text
        else "no field fits"
    )


# Words as they stand


def names_that_match(collection: Collection, query: str) -> dict[int, str]:
    """Return the tracks whose title or artist is the phrase, or has all its words, by place, with the reason.

    Words count without regard to case and accents; the beginning of a word will do where it has four letters
    or more.
    """
    wanted, tracks = _plain_words(query), collection.tracks
    if not wanted:
        return {}
    matches = {}
    for row, (title, artist) in enumerate(zip(tracks["title"], tracks["artist"])):
        words = {"title": _plain_words(title), "artist": _plain_words(artist)}
        exact = [name for name, own in words.items() if own == wanted]
        whole = [name for name, own in words.items() if all(_stands_in(word, own) for word in wanted)]
        if exact:
            matches[row] = f"the {exact[0]} is this exactly"
        elif whole:
            matches[row] = f"in the {whole[0]}"
        elif all(_stands_in(word, words["title"] + words["artist"]) for word in wanted):
            matches[row] = "in title and artist"
    return matches


def share_of_words(query: str, texts: list[str]) -> np.ndarray:
    """Return the share of the phrase's words that stand in each text, rarer words counting more; shape=(n,), in [0, 1].

    A word counts by ``1 + ln((1 + n) / (1 + df))``, n the texts and df those that hold it.
    """
    wanted = list(dict.fromkeys(_plain_words(query)))
    if not wanted:
        return np.zeros(len(texts))
    held = np.zeros((len(wanted), len(texts)), bool)
    places = _places(tuple(texts))
    for i, word in enumerate(wanted):
        for other, rows in places.items():
            if _stands_in(word, (other,)):
                held[i, list(rows)] = True
    weights = 1 + np.log((1 + len(texts)) / (1 + held.sum(axis=1)))
    return weights @ held / weights.sum()


@functools.lru_cache(maxsize=8)
def _places(texts: tuple[str, ...]) -> dict[str, set[int]]:
    """Return where each word stands."""
    places = defaultdict(set)
    for row, text in enumerate(texts):
        for word in _plain_words(text):
            places[word].add(row)
    return dict(places)


def _plain_words(text: str) -> list[str]:
    """Split a text into words without case and accents; marks of other scripts than Latin stay."""
    plain = []
    for word in split_words(text):
        bare = "".join(c for c in unicodedata.normalize("NFD", word) if not "\u0300" <= c <= "\u036f")
        plain.append(unicodedata.normalize("NFC", bare))
    return plain


def _stands_in(word: str, words) -> bool:
    """Say whether a word is among others, or begins one, or is a longer form of one."""
    for other in words:
        short, long = sorted((word, other), key=len)
        if word == other or (len(short) >= 4 and long.startswith(short) and len(short) >= 0.6 * len(long)):
            return True
    return False


def can_read(text: str, model: str) -> bool:
    """Say whether most letters of a text are of scripts that an encoder was trained on; unknown encoders read all.

    >>> can_read("gloria", "use-multilingual"), can_read("দুঃখের গান", "use-multilingual"), can_read("печаль", "use-multilingual")
    (True, False, True)
    """
    if model not in ENCODER_LANGUAGES:
        return True
    known = {script for code in ENCODER_LANGUAGES[model] for script in SCRIPTS.get(code, ("LATIN",))}
    letters = [c for c in text if c.isalpha()]
    read = sum(unicodedata.name(c, "").split(" ")[0] in known for c in letters)
    return 2 * read >= len(letters)
