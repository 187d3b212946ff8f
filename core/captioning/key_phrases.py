"""Key phrases of one text by YAKE: words and word pairs, scored by statistics of the text itself.

Implemented from the paper, because the package of that name (0.7.3) declares GPLv3 in its classifier, which a
project under the MIT licence can't depend on.
"""

import functools
import math
from collections import Counter, defaultdict

import numpy as np

MAX_CHARACTERS = 20_000
MIN_BYTES = 3
"""UTF-8 bytes of a word: three Latin letters, or one Chinese character."""
FILLERS = frozenset(
    (
        *("oh", "ooh", "yeah", "yea", "hey", "na", "la", "da", "doo", "ah", "uh", "huh", "gonna", "wanna"),
        *("gotta", "cause", "cos", "em", "ya", "ay", "ayy", "whoa", "mmm", "hmm", "let", "say", "don", "ain"),
    )
)
"""Sung syllables and contractions without meaning."""
CONTENT_WORDS = frozenset(
    (
        *("cry", "fire", "bill", "system", "interest", "mill", "amount", "empty", "serious", "sincere"),
        *("bottom", "describe", "move"),
    )
)
"""Words in scikit-learn's English stop list that can be themes of songs."""


def find_key_phrases(text: str, language: str = "", n: int = 4) -> list[str]:
    """Return up to ``n`` phrases of one or two words, the most relevant first.

    A word's score is ``S = R·P / (C + F/R + D/R)``, low for relevant words: C, casing (how often it is
    capitalised); P, position (how late it occurs); F, frequency; R, relatedness (with how many different
    words it co-occurs, high for fillers); D, in how many lines it occurs. A phrase's score is ``Π S /
    (frequency · (1 + Σ S))``. Phrases contain no stop words. Phrases that share a word with a better one are
    left out.

    Parameters
    ----------
    language : str
        ISO 639-1 code; for others only words of one or two letters count as stop words.

    References
    ----------
    Campos et al., "YAKE! Keyword extraction from single documents using multiple local features", Information
    Sciences 509, 2020, section 3.
    """
    from core.text.words import split_words

    lines = [
        words
        for line in text[:MAX_CHARACTERS].splitlines()
        for part in _clauses(line)
        if (words := split_words(part))
    ]
    capitals = Counter(
        w.lower() for line in text[:MAX_CHARACTERS].splitlines() for w in line.split()[1:] if w[:1].isupper()
    )
    stop = stop_words(language)
    scores = _score_words(lines, capitals, stop)
    phrases: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        phrases.update((word,) for word in line if word in scores)
        phrases.update(
            pair
            for pair in zip(line, line[1:])
            if pair[0] in scores and pair[1] in scores and pair[0] != pair[1]
        )
    ranked = sorted(phrases, key=lambda p: (_score_phrase([scores[w] for w in p], phrases[p]), p))
    found: list[str] = []
    used: set[str] = set()
    for phrase in ranked:
        if len(phrase) == 2 and phrases[phrase] < 2 and len(lines) > 8:
            continue  # a pair that occurs once in a long text is no phrase
        if not used & set(phrase):
            found.append(" ".join(phrase))
            used |= set(phrase)
        if len(found) == n:
            break
    return found


def _clauses(line: str) -> list[str]:
    """Split a line at punctuation, which phrases don't cross."""
    for mark in ";:,.!?…।॥。、！？":
        line = line.replace(mark, "\n")
    return line.split("\n")


def _score_words(lines: list[list[str]], capitals: Counter, stop: frozenset[str]) -> dict[str, float]:
    """Return S by word, without stop words, numbers and short words."""
    frequency = Counter(word for line in lines for word in line)
    positions, left, right = defaultdict(list), defaultdict(list), defaultdict(list)
    for number, line in enumerate(lines):
        for i, word in enumerate(line):
            positions[word].append(number)
            if i:
                left[word].append(line[i - 1])
                right[line[i - 1]].append(word)
    words = [
        w
        for w in frequency
        if w not in stop and len(w.encode("utf-8", "ignore")) >= MIN_BYTES and not w.isdigit()
    ]
    if not words:
        return {}
    counts = np.array([frequency[w] for w in words], float)
    usual, most = counts.mean() + counts.std(), max(frequency.values())
    scores = {}
    for word in words:
        n = frequency[word]
        case = capitals[word] / (1 + math.log(n))
        place = math.log(math.log(3 + float(np.median(positions[word]))))
        beside = sum(len(set(near[word])) / len(near[word]) for near in (left, right) if near[word])
        related = 1 + beside * n / most
        spread = len(set(positions[word])) / len(lines)
        scores[word] = related * place / (case + n / usual / related + spread / related)
    return scores


def _score_phrase(scores: list[float], frequency: int) -> float:
    """Return the score of a phrase; lower is more relevant."""
    return math.prod(scores) / (frequency * (1 + sum(scores)))


@functools.cache
def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language; none where there is no list for it."""
    if language == "en":
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        return (
            ENGLISH_STOP_WORDS
            | FILLERS
            | {"just", "like", "got", "know", "ve", "ll", "re", "didn", "doesn", "isn", "won"}
        ) - CONTENT_WORDS
    import stopwordsiso

    return (
        frozenset(stopwordsiso.stopwords(language)) | FILLERS
        if stopwordsiso.has_lang(language)
        else frozenset()
    )
