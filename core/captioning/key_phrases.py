"""Key phrases of one text by its own statistics: which words and pairs of words it turns around.

The features are YAKE's, written from the paper and not from its code. The package of that name (0.7.3)
declares two licences, LGPLv3 in its licence field and GPLv3 in its classifier; of these the GPL can't stand
among the dependencies of a project under the MIT licence.
"""

import functools
import math
from collections import Counter, defaultdict

import numpy as np

LONGEST = 20_000
"""Characters that are read."""
SHORTEST = 3
"""Bytes (UTF-8) of a word: three Latin letters, one Chinese sign."""
FILLERS = frozenset(
    "oh ooh yeah yea hey na la da doo ah uh huh gonna wanna gotta cause cos em ya ay ayy whoa mmm hmm let "
    "say don ain".split()
)
"""What is sung and means nothing."""
MEANT = frozenset(
    "cry fire bill system interest mill amount empty serious sincere bottom describe move".split()
)
"""Words that scikit-learn's English stop list holds though they carry meaning in songs: taken off that list, so that they can be themes."""


def find_key_phrases(text: str, language: str = "", n: int = 4) -> list[str]:
    """Return up to ``n`` phrases of one or two words, the most telling first.

    A word's score is ``S = R·P / (C + F/R + D/R)``, low for words that tell much: C, how often it is
    capitalised or written in capitals; P, how late it stands; F, how frequent it is; R, with how many
    different words it stands together (filler stands with all); D, in how many lines it stands. A phrase's
    score is ``Π S / (frequency · (1 + Σ S))``. Stop words neither begin nor end a phrase. Phrases that share
    a word with a better one are left out.

    Parameters
    ----------
    language : str
        ISO 639-1 code; of an unknown one no stop words are known but words of one or two letters.

    References
    ----------
    Campos et al., "YAKE! Keyword extraction from single documents using multiple local features", Information
    Sciences 509, 2020, section 3.
    """
    from core.text.words import split_words

    lines = [
        words
        for line in text[:LONGEST].splitlines()
        for part in _clauses(line)
        if (words := split_words(part))
    ]
    capitals = Counter(
        w.lower() for line in text[:LONGEST].splitlines() for w in line.split()[1:] if w[:1].isupper()
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
    found, used = [], set()
    for phrase in ranked:
        if len(phrase) == 2 and phrases[phrase] < 2 and len(lines) > 8:
            continue  # two words that met once in a long text are no phrase
        if not used & set(phrase):
            found.append(" ".join(phrase))
            used |= set(phrase)
        if len(found) == n:
            break
    return found


def _clauses(line: str) -> list[str]:
    """Split a line at punctuation, over which no phrase reaches."""
    for mark in ";:,.!?…।॥。、！？":
        line = line.replace(mark, "\n")
    return line.split("\n")


def _score_words(lines: list[list[str]], capitals: Counter, stop: frozenset[str]) -> dict[str, float]:
    """Return S by word; stop words, numbers and single letters have none."""
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
        if w not in stop and len(w.encode("utf-8", "ignore")) >= SHORTEST and not w.isdigit()
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
    """Return how telling a phrase is, less being more."""
    return math.prod(scores) / (frequency * (1 + sum(scores)))


@functools.cache
def stop_words(language: str) -> frozenset[str]:
    """Return the words of a language that carry no theme; empty where there is no list of them."""
    if language == "en":
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        return (
            ENGLISH_STOP_WORDS
            | FILLERS
            | {"just", "like", "got", "know", "ve", "ll", "re", "didn", "doesn", "isn", "won"}
        ) - MEANT
    import stopwordsiso

    return (
        frozenset(stopwordsiso.stopwords(language)) | FILLERS
        if stopwordsiso.has_lang(language)
        else frozenset()
    )
