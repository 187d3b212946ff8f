"""Token counts and lexical variety of a text in any script."""

import re

import numpy as np

from core.text.words import split_words

MATTR_WINDOW = 50
MAX_WINDOWS = 2000
"""About as many windows are averaged on long texts; more don't change the mean."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Scripts without spaces between words."""


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
