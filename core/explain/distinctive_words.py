"""Words that set a group of tracks apart: class-based TF-IDF over lyrics, or captions, and titles."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.captioning.key_phrases import MIN_BYTES, stop_words
from core.collection import Collection
from core.progress import Progress, silent
from core.text.language import code_of, detect_languages
from core.text.words import split_words

LONGEST = 20_000
"""Characters of a text that are read."""
LEAST_TRACKS = 2
"""A word in fewer tracks of a group says nothing about the group."""
FALSE_DISCOVERIES = 0.05
"""Expected share of the words of a group that are there by chance, at most."""
DETECTED = 20_000
"""Texts whose language is detected, so that the stop words of that language are left out."""
_PLAIN_TITLES = ("row", "display", "file name")
"""Origins of titles that are no words of the music."""


@dataclass(frozen=True, eq=False)
class WordCounts:
    """Which words occur in which tracks.

    Attributes
    ----------
    has : csr_array of bool, shape=(n_tracks, n_words)
    words : list of str
        In alphabetical order.
    n_texts : int
        Tracks with at least one word.
    """

    has: Any
    words: list[str]
    n_texts: int


def read_words(collection: Collection, rows: np.ndarray, progress: Progress = silent) -> WordCounts:
    """Return the words of the tracks at some rows of a collection, stop words of their language left out.

    A track's words are those of its lyrics, without them of its caption, and of its title where that is not
    a file's name.
    """
    texts, given = texts_of(collection), collection.tracks["language"].tolist()
    languages = [code_of(given[row]) for row in rows]
    unknown = [at for at, row in enumerate(rows) if texts[row] and not languages[at]][:DETECTED]
    for at, code in zip(unknown, detect_languages([texts[rows[at]] for at in unknown])):
        languages[at] = code
    return count_words([texts[row] for row in rows], languages, progress)


def texts_of(collection: Collection) -> list[str]:
    """Return title and lyrics, without lyrics title and caption, of each track, "" where it has neither."""
    tracks = collection.tracks
    origins = tracks["title_from"] if "title_from" in tracks else ["table"] * len(tracks)
    return [
        "\n".join(filter(None, ("" if origin in _PLAIN_TITLES else title, lyrics.strip() or caption)))
        for title, origin, lyrics, caption in zip(
            tracks["title"], origins, tracks["lyrics"], tracks["caption"]
        )
    ]


def count_words(texts: list[str], languages: list[str], progress: Progress = silent) -> WordCounts:
    """Return the words of texts; those of one text only are left out.

    Parameters
    ----------
    texts : list of str
    languages : list of str
        ISO 639-1 code per text, "" where unknown.
    """
    from scipy.sparse import csr_array

    number: dict[str, int] = {}
    columns: list[int] = []
    ends = [0]
    for done, (text, language) in enumerate(zip(texts, languages)):
        if done % 500 == 0:
            progress(done, len(texts), "reading words")
        columns += sorted({number.setdefault(word, len(number)) for word in words_of(text, language)})
        ends.append(len(columns))
    has = csr_array(
        (np.ones(len(columns), np.int64), np.array(columns, np.int64), np.array(ends, np.int64)),
        shape=(len(texts), len(number)),
    )
    n_texts = int((np.diff(ends) > 0).sum())
    order = sorted(number)
    frequency = np.asarray(has.sum(axis=0)).reshape(-1)
    kept = [word for word in order if frequency[number[word]] >= LEAST_TRACKS]
    return WordCounts(has[:, [number[word] for word in kept]], kept, n_texts)


def words_of(text: str, language: str = "") -> set[str]:
    """Return the words of a text, without stop words, numbers and words of one or two letters."""
    stop = stop_words(language or "en")
    return {
        word
        for word in split_words(text[:LONGEST])
        if word not in stop and len(word.encode("utf-8", "ignore")) >= MIN_BYTES and not word.isdigit()
    }


def find_distinctive_words(counts: WordCounts, is_member: np.ndarray, n: int = 8) -> list[dict]:
    """Return the words that occur in more tracks of a group than elsewhere, by class-based TF-IDF.

    With the group and the other tracks as the two classes, ``f_c`` the number of tracks of a class with a
    word, ``f`` that of all tracks, and A the mean number of words of a class, each counted once per track,

        weight = f_c / Σ f_c · ln(1 + A / f) .

    A refrain thus counts once. Words qualify if their share of tracks is higher in the group than elsewhere
    by Fisher's exact test, with a false discovery rate of 5 % over all words (Benjamini & Hochberg 1995).

    Parameters
    ----------
    counts : WordCounts
    is_member : ndarray of bool, shape=(n_tracks,)
    n : int
        Words at most.

    Returns
    -------
    list of dict
        ``word``, ``n_tracks`` of the group with it, ``share`` and ``share_elsewhere`` (of the tracks with
        words, 0 to 1), ``weight`` and ``p_value`` (adjusted), the highest weight first. [] without words on
        either side.

    References
    ----------
    Grootendorst (2022), BERTopic, equation 2, with tracks in place of occurrences.
    """
    from scipy.stats import false_discovery_control, hypergeom

    has_words = np.asarray(counts.has.sum(axis=1)).reshape(-1) > 0
    n_in, n_all = int((has_words & is_member).sum()), int(has_words.sum())
    inside = np.asarray(counts.has[is_member].sum(axis=0)).reshape(-1)
    everywhere = np.asarray(counts.has.sum(axis=0)).reshape(-1)
    if n_in < LEAST_TRACKS or n_in == n_all or not len(counts.words):
        return []
    p_values = hypergeom.sf(inside - 1, n_all, everywhere, n_in)
    adjusted = false_discovery_control(np.clip(p_values, 0, 1))
    weights = inside / max(1, inside.sum()) * np.log1p(everywhere.sum() / 2 / everywhere)
    qualifies = (adjusted <= FALSE_DISCOVERIES) & (inside >= LEAST_TRACKS)
    ranked = sorted(np.flatnonzero(qualifies), key=lambda k: (-weights[k], counts.words[k]))
    return [
        {
            "word": counts.words[k],
            "n_tracks": int(inside[k]),
            "share": float(inside[k] / n_in),
            "share_elsewhere": float((everywhere[k] - inside[k]) / (n_all - n_in)),
            "weight": float(weights[k]),
            "p_value": float(adjusted[k]),
        }
        for k in ranked[:n]
    ]
