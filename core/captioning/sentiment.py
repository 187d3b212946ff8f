"""Lexicon-based sentiment of English text."""

import functools
from dataclasses import dataclass

MAX_LINES = 300
"""Lines that are analysed."""


@dataclass(frozen=True)
class Sentiment:
    """Sentiment of a text.

    Attributes
    ----------
    score : float
        Mean over the lines with a word of the lexicon, -1 (negative) to 1 (positive); 0 without any.
    strongest : tuple of str
        Words that contribute most (frequency times strength).
    spread : float
        Share of those lines with the opposite sign, 0 to 0.5 and rarely more.
    """

    score: float
    strongest: tuple[str, ...] = ()
    spread: float = 0.0

    @property
    def label(self) -> str:
        """Sentiment in a word or two; ±0.05 is the published threshold of a neutral text."""
        if not self.strongest or (abs(self.score) < 0.05 and self.spread < 0.25):
            return "neutral"
        if abs(self.score) < 0.05 or self.spread >= 0.4:
            return "mixed"
        strength = "strongly " if abs(self.score) >= 0.5 else "" if abs(self.score) >= 0.2 else "slightly "
        return strength + ("positive" if self.score > 0 else "negative")


def english_sentiment(text: str) -> Sentiment:
    """Return the sentiment of an English text, averaged over lines.

    VADER's compound score is designed for sentences and saturates on whole lyrics.

    References
    ----------
    Hutto and Gilbert, "VADER: A parsimonious rule-based model for sentiment analysis of social media text",
    ICWSM 2014.
    """
    from core.text.words import split_words

    analyzer = _analyzer()
    lines = [line for line in text.splitlines() if line.strip()][:MAX_LINES]
    scores = [score for line in lines if (score := analyzer.polarity_scores(line)["compound"])]
    if not scores:
        return Sentiment(0.0)
    mean = sum(scores) / len(scores)
    weights: dict[str, float] = {}
    for word in split_words(text):
        weight = analyzer.lexicon.get(word, 0.0)
        if weight and (abs(mean) < 0.05 or weight * mean > 0):
            weights[word] = weights.get(word, 0.0) + abs(weight)
    strongest = tuple(sorted(weights, key=lambda word: -weights[word])[:3])
    against = sum(score * mean < 0 for score in scores) / len(scores)
    return Sentiment(mean, strongest, against)


@functools.cache
def _analyzer():
    """Load the lexicon, once."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
